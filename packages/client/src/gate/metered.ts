import { type Amount, amountToNumber, isTollgateError, type SnapshotKey } from '@tollgate/contract';
import type { AcceptedUsage, GatePort, Target } from '../gate-port.js';
import type { ChargeSink } from './charge.js';
import type { PendingAmount } from './pending.js';

/** What is used, and how the outbox is told of it. */
export interface Use {
  port: GatePort;
  target: Target;
  key: SnapshotKey;
  /** A request that comes again has the same one. Default: a new one. */
  idempotencyKey?: string | undefined;
  /** True where it makes no difference whether the amount is reported by itself or in a sum with others. */
  isSummable?: boolean;
}

/** Mode `meter`: the amount is pending in this process until the outbox has delivered it. */
export class MeteredSink implements ChargeSink {
  constructor(
    private readonly use: Use,
    private readonly pending: PendingAmount,
  ) {}

  change(amount: Amount): void {
    this.pending.change(amount);
  }

  deliver(amount: Amount): void {
    const { pending } = this;
    pending.change(amount);
    const accepted = amount === 0n ? undefined : accept(this.use, amount);
    // Released either way: what the engine refused for good is not used, and the dead-letter listener has it.
    if (accepted) pending.releaseAfter(accepted.settled);
    else pending.release();
  }

  letGo(): void {
    this.pending.release();
  }
}

/** Hands an amount to the outbox; undefined when it was not accepted, which the log says. */
export function accept(use: Use, amount: Amount): AcceptedUsage | undefined {
  try {
    return handOver(use, amount);
  } catch (error) {
    const why = isTollgateError(error) ? error.code : 'unexpected error';
    const name = use.target.featureId ?? use.target.currencyId;
    use.port.logger.error(`${name}: usage of ${amountToNumber(amount)} was not accepted and is lost (${why})`, error);
    return undefined;
  }
}

function handOver({ port, target, key, idempotencyKey, isSummable = false }: Use, amount: Amount): AcceptedUsage {
  const { customerId, resourceId } = key;
  const { featureId, currencyId } = target;
  if (featureId === undefined) {
    const item = { customerId, resourceId, currencyId, amount };
    return port.acceptCredits({ ...item, idempotencyKey: idempotencyKey ?? port.newId() });
  }
  const feature = { customerId, resourceId, featureId };
  if (isSummable && idempotencyKey === undefined) return port.acceptAmount(feature, amount);
  return port.acceptUsage({ ...feature, value: amount, idempotencyKey });
}
