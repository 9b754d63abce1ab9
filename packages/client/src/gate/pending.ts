import { type Amount, type SnapshotKey, scopeOf, type UsagePart, walletScopeOf } from '@tollgate/contract';
import type { Target, View } from '../gate-port.js';

/** Whose counter or wallet: a customer's own (`resourceId: null`), or that of one of the customer's resources. */
export type CounterKey = SnapshotKey & Target & { /** All of it as one text. */ name: string };

/** The counter or wallet that a feature or a currency is used from. */
export function counterOf({ customerId, resourceId }: SnapshotKey, target: Target, { snapshots }: View): CounterKey {
  const { featureId, currencyId } = target;
  const scope =
    snapshots && (currencyId !== undefined ? walletScopeOf(snapshots, currencyId) : scopeOf(snapshots, featureId));
  const owner = scope === 'customer' ? null : resourceId;
  // Ids hold no blanks, so a blank parts them without doubt.
  const name = `${customerId} ${owner ?? ''} ${featureId ?? ''} ${currencyId ?? ''}`;
  return { customerId, resourceId: owner, ...target, name };
}

/** What is known of a counter; undefined for a wallet, and where there is none. */
export function partOf({ snapshots }: View, { resourceId, featureId }: CounterKey): UsagePart | undefined {
  const scope = resourceId === null ? snapshots?.customer : snapshots?.resource;
  return featureId === undefined ? undefined : scope?.usage.get(featureId);
}

/** One admitted amount that the engine has not acknowledged yet. */
export interface PendingAmount {
  /** The request measured something else than was admitted. */
  change(amount: Amount): void;
  /** Refused, or let go. Only the first call counts. */
  release(): void;
  /** It is on its way: released once `settled` has come, which never rejects. */
  releaseAfter(settled: Promise<void>): void;
}

export interface PendingUsage {
  /** What is pending on a counter or wallet. */
  of(key: CounterKey): Amount;
  /** Whether something that was given back is on its way to the engine. */
  isGivenBack(key: CounterKey): boolean;
  add(key: CounterKey, amount: Amount): PendingAmount;
}

/** What one counter has pending. */
interface Totals {
  taken: Amount;
  /** How many amounts are negative. */
  givenBack: number;
}

/** What of one counter travels together. */
interface Departed extends Totals {
  settled: Promise<void>;
}

/**
 * What this process has admitted and the engine has not acknowledged. Only room that is taken counts: a negative amount
 * makes none before the engine has it.
 */
export function pendingUsage(): PendingUsage {
  return new PendingTotals();
}

class PendingTotals implements PendingUsage {
  private readonly totals = new Map<string, Totals>();
  private readonly departed = new Map<string, Departed>();

  of({ name }: CounterKey): Amount {
    return this.totals.get(name)?.taken ?? 0n;
  }

  isGivenBack({ name }: CounterKey): boolean {
    return (this.totals.get(name)?.givenBack ?? 0) > 0;
  }

  add({ name }: CounterKey, amount: Amount): PendingAmount {
    return new Pending(this, name, amount);
  }

  shift(name: string, taken: Amount, givenBack: number): void {
    const total = this.totals.get(name);
    if (!total) {
      if (taken !== 0n || givenBack !== 0) this.totals.set(name, { taken, givenBack });
      return;
    }
    total.taken += taken;
    total.givenBack += givenBack;
    // Counters with nothing pending leave the map, or it would grow with every customer ever seen.
    if (total.taken === 0n && total.givenBack === 0) this.totals.delete(name);
  }

  /** Amounts that travel as one are let go as one: a request under load leaves nothing behind that waits for its own. */
  depart(name: string, taken: Amount, givenBack: number, settled: Promise<void>): void {
    const last = this.departed.get(name);
    if (last?.settled === settled) {
      last.taken += taken;
      last.givenBack += givenBack;
    } else this.leave(name, { settled, taken, givenBack });
  }

  private leave(name: string, leaving: Departed): void {
    this.departed.set(name, leaving);
    const arrived = (): void => {
      this.shift(name, -leaving.taken, -leaving.givenBack);
      if (this.departed.get(name) === leaving) this.departed.delete(name);
    };
    leaving.settled.then(arrived, arrived);
  }
}

/** A class, since one is made for every request: quicker to make than functions of its own, and less to throw away. */
class Pending implements PendingAmount {
  private taken: Amount;
  private givenBack: 0 | 1;
  private isOver = false;

  constructor(
    private readonly totals: PendingTotals,
    private readonly name: string,
    amount: Amount,
  ) {
    this.taken = takenIn(amount);
    this.givenBack = givenBackIn(amount);
    totals.shift(name, this.taken, this.givenBack);
  }

  change(amount: Amount): void {
    if (this.isOver) return;
    const taken = takenIn(amount);
    const givenBack = givenBackIn(amount);
    if (taken === this.taken && givenBack === this.givenBack) return;
    this.totals.shift(this.name, taken - this.taken, givenBack - this.givenBack);
    this.taken = taken;
    this.givenBack = givenBack;
  }

  release(): void {
    this.change(0n);
    this.isOver = true;
  }

  releaseAfter(settled: Promise<void>): void {
    if (this.isOver) return;
    this.isOver = true;
    this.totals.depart(this.name, this.taken, this.givenBack, settled);
  }
}

const takenIn = (amount: Amount): Amount => (amount > 0n ? amount : 0n);
const givenBackIn = (amount: Amount): 0 | 1 => (amount < 0n ? 1 : 0);

const perClient = new WeakMap<object, PendingUsage>();

/** The pending amounts of one client: gates that share the client share them. */
export function pendingUsageOf(client: object): PendingUsage {
  const known = perClient.get(client) ?? pendingUsage();
  perClient.set(client, known);
  return known;
}
