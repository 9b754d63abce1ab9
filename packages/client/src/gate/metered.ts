import { type Amount, amountToNumber, isTollgateError, type SnapshotKey } from '@tollgate/contract';
import type { AcceptedUsage, GatePort, Target } from '../gate-port.js';
import type { ChargeSink } from './charge.js';
import type { PendingAmount } from './pending.js';

export interface MeteredInput {
  port: GatePort;
  target: Target;
  key: SnapshotKey;
  pending: PendingAmount;
  /** A request that comes again has the same one. Default: a new one. */
  idempotencyKey?: string | undefined;
  /** True where it makes no difference whether the amount is reported by itself or in a sum with others. */
  isSummable?: boolean;
}

/** Mode `meter`: the amount is pending in this process until the outbox has delivered it. */
export function metered(input: MeteredInput): ChargeSink {
  const { pending } = input;
  return {
    change: pending.change,
    deliver(amount) {
      if (amount === 0n) return pending.release();
      pending.change(amount);
      const accepted = accept(input, amount);
      // Released either way: what the engine refused for good is not used, and the dead-letter listener has it.
      if (accepted) accepted.settled.then(pending.release, pending.release);
      else pending.release();
    },
    letGo: pending.release,
  };
}

/** Hands an amount to the outbox; undefined when it was not accepted, which the log says. */
export function accept(
  { port, target, key, idempotencyKey, isSummable = false }: Omit<MeteredInput, 'pending'>,
  amount: Amount,
): AcceptedUsage | undefined {
  try {
    if (target.featureId !== undefined) {
      return port.acceptUsage({ ...key, featureId: target.featureId, value: amount, idempotencyKey, isSummable });
    }
    const item = { ...key, currencyId: target.currencyId, amount };
    return port.acceptCredits({ ...item, idempotencyKey: idempotencyKey ?? port.newId() });
  } catch (error) {
    const why = isTollgateError(error) ? error.code : 'unexpected error';
    const name = target.featureId ?? target.currencyId;
    port.logger.error(`${name}: usage of ${amountToNumber(amount)} was not accepted and is lost (${why})`, error);
    return undefined;
  }
}
