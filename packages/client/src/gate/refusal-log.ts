import type { SafeLogger } from '../safe-logger.js';
import type { Refusal } from './denial.js';
import type { TakenHolds } from './take-holds.js';

/** Says in the log why a request was not let in, as loud as somebody has to do something about it. */
export function logRefusal(
  logger: SafeLogger,
  refusal: Refusal,
  { decisionId, route, isShadow = false }: { decisionId: string; route: string | undefined; isShadow?: boolean },
): void {
  const { code, log, cause, assessment, key = assessment?.asked.key } = refusal;
  const why = log ?? `${assessment?.asked.requirement.name}: ${assessment?.decision.reason}`;
  const line = `${isShadow ? 'shadow: ' : ''}${route === undefined ? '' : `${route}: `}${code} (decision ${decisionId}): ${why}`;
  if (code === 'customer-unknown') {
    logger.log(`${line}. Call provisionCustomer for ${key?.customerId} first`);
  } else if (code === 'customer-missing' || code === 'requirement-misconfigured') {
    logger.error(line, ...(cause === undefined ? [] : [cause]));
  } else {
    logger.debug(line);
  }
}

/** Why an amount could not be held, when that is no answer about the amount. */
export function unheldRefusal({ kind, error, assessment }: Extract<TakenHolds, { error: unknown }>): Refusal {
  const log = `${assessment.asked.requirement.name}: ${error.message}`;
  if (kind === 'misconfigured') return { code: 'requirement-misconfigured', log, cause: error };
  const detail = 'The amount cannot be held right now. This is not a denial.';
  return { code: 'state-unavailable', detail, log, cause: error };
}

/** What a client is told of a request that it sent before. */
export function repetitionRefusal({ code, assessment }: Extract<TakenHolds, { kind: 'repeated' }>): Refusal {
  const { requirement, key } = assessment.asked;
  const detail =
    code === 'idempotency-key-in-use'
      ? 'A request with this Idempotency-Key is still running.'
      : 'This Idempotency-Key came before with another request.';
  return { code, detail, key, log: `${requirement.name}: ${detail}` };
}
