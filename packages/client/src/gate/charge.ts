import {
  type Amount,
  amountToNumber,
  isTollgateError,
  roundAmount,
  type SnapshotKey,
  TollgateError,
} from '@tollgate/contract';
import type { GatePort } from '../gate-port.js';
import { type Outcome, type SettleBy, usualSettlement } from './outcome.js';
import type { PendingAmount } from './pending.js';

/** Usage that one admitted requirement will report, unless the request fails. */
export interface Charge {
  readonly featureId: string;
  /** Says what was really used; takes the place of what was declared. */
  measure(amount: Amount): void;
  /** Reports or lets go. Only the first call counts; never throws. */
  settle(outcome: Outcome): void;
}

export interface ChargeInput {
  port: GatePort;
  featureId: string;
  key: SnapshotKey;
  usage: Amount;
  pending: PendingAmount;
  settleBy: SettleBy | undefined;
  onAbort: 'commit' | 'release';
  /** False for HEAD and OPTIONS: decided like the others, never reported. */
  isCharged: boolean;
}

export function openCharge(input: ChargeInput): Charge {
  const { port, featureId, usage, pending } = input;
  let measured: Amount | undefined;
  let isSettled = false;
  return {
    featureId,
    measure(amount) {
      if (isSettled) {
        port.logger.error(`${featureId}: ${amountToNumber(amount)} was measured after the request was settled`);
        return;
      }
      measured = amount;
      if (input.isCharged) pending.change(amount);
    },
    settle(outcome) {
      if (isSettled) return;
      isSettled = true;
      const amount = input.isCharged ? amountToReport(input, outcome, measured ?? usage, measured) : 0n;
      if (amount === 0n) pending.release();
      else report(input, amount);
    },
  };
}

/** Reads an amount that a request's function or `measure` gave: rounded half up to 6 places. Throws INVALID_ARGUMENT. */
export function computedAmount(value: unknown, field: string): Amount {
  return roundAmount(value as number | string, field);
}

function amountToReport(input: ChargeInput, outcome: Outcome, used: Amount, measured: Amount | undefined): Amount {
  const usual = usualSettlement(outcome, { hasMeasured: measured !== undefined, onAbort: input.onAbort });
  // Before the handler nothing was used, and there is nothing for the application to decide.
  const isBeforeHandler = outcome.kind === 'aborted' && outcome.phase === 'before-handler';
  const settlement = isBeforeHandler ? usual : (askedSettlement(input, outcome, measured) ?? usual);
  if (settlement === 'release') return 0n;
  return settlement === 'commit' ? used : settlement;
}

// A settleBy that throws or answers nonsense must not lose or invent usage: the usual rule holds, and the log says so.
function askedSettlement(
  { settleBy, featureId, usage, port }: ChargeInput,
  outcome: Outcome,
  measured: Amount | undefined,
): 'commit' | 'release' | Amount | undefined {
  if (!settleBy) return undefined;
  try {
    const answer: unknown = settleBy(outcome, {
      featureId,
      usage: amountToNumber(usage),
      measured: measured === undefined ? undefined : amountToNumber(measured),
    });
    if (answer === undefined || answer === 'commit' || answer === 'release') return answer;
    if (typeof answer === 'number') return roundAmount(answer, 'settleBy');
    throw new TollgateError('INVALID_ARGUMENT', "settleBy must answer 'commit', 'release', a number or nothing");
  } catch (error) {
    port.logger.error(`${featureId}: settleBy failed, the usual settlement is used`, error);
    return undefined;
  }
}

function report({ port, key, featureId, pending }: ChargeInput, amount: Amount): void {
  pending.change(amount);
  try {
    const { settled } = port.acceptUsage({
      customerId: key.customerId,
      resourceId: key.resourceId,
      featureId,
      value: amount,
      updateBehavior: 'DELTA',
      idempotencyKey: port.newId(),
    });
    // Released either way: what the engine refused for good is not used, and the dead-letter listener has it.
    settled.then(pending.release, pending.release);
  } catch (error) {
    pending.release();
    const why = isTollgateError(error) ? error.code : 'unexpected error';
    port.logger.error(`${featureId}: usage of ${amountToNumber(amount)} was not accepted and is lost (${why})`, error);
  }
}
