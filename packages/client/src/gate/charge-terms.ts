import type { SafeLogger } from '../safe-logger.js';
import type { Asked } from './asked.js';
import type { ChargeTerms } from './charge.js';
import type { ResolvedGateOptions } from './gate-options.js';

/** By what rules a requirement is charged: its own, else the gate's. */
export function termsOf(
  options: Pick<ResolvedGateOptions<never>, 'settleBy' | 'onAbort'>,
  { requirement, usage = 0n, isCharged }: Pick<Asked, 'requirement' | 'usage' | 'isCharged'>,
  logger: SafeLogger,
): ChargeTerms {
  const settleBy = requirement.settleBy ?? options.settleBy;
  return { name: requirement.name, usage, settleBy, onAbort: options.onAbort, isCharged, logger };
}
