import { type Amount, amountToNumber, isTollgateError, type SnapshotKey } from '@tollgate/contract';
import type { AcceptedUsage, GatePort, MeteredFeature, Target } from '../gate-port.js';
import { type ChargeTerms, RequestCharge } from './charge.js';
import type { PendingAmount } from './pending.js';

/** What is used, and how the outbox is told of it. */
export interface Use {
  port: GatePort;
  key: SnapshotKey;
  target: Target;
  /** A request that comes again has the same one. Default: a new one. */
  idempotencyKey?: string | undefined;
  /** Where it makes no difference whether the amount is reported by itself or in a sum with others: in which. */
  sum?: MeteredFeature | undefined;
}

/** How a requirement is metered: the same for every request that asks the same. */
export interface Metering {
  terms: ChargeTerms;
  use: Use;
}

/** Mode `meter`: the amount is pending in this process until the outbox has delivered it. */
export class MeteredCharge extends RequestCharge {
  constructor(
    terms: ChargeTerms,
    private readonly use: Use,
    private readonly pending: PendingAmount,
  ) {
    super(terms);
  }

  protected change(amount: Amount): void {
    this.pending.change(amount);
  }

  protected deliver(amount: Amount): void {
    const { pending } = this;
    pending.change(amount);
    const accepted = amount === 0n ? undefined : accept(this.use, amount);
    // Released either way: what the engine refused for good is not used, and the dead-letter listener has it.
    if (accepted) pending.releaseAfter(accepted.settled);
    else pending.release();
  }

  protected letGo(): void {
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

function handOver(use: Use, amount: Amount): AcceptedUsage {
  const { port, key, target, sum } = use;
  if (sum) return port.acceptAmount(sum, amount);
  const { customerId, resourceId } = key;
  const { featureId, currencyId } = target;
  const { idempotencyKey } = use;
  if (featureId !== undefined)
    return port.acceptUsage({ customerId, resourceId, featureId, value: amount, idempotencyKey });
  const item = { customerId, resourceId, currencyId, amount };
  return port.acceptCredits({ ...item, idempotencyKey: idempotencyKey ?? port.newId() });
}
