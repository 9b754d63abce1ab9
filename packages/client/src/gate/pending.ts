import { type Amount, type SnapshotKey, scopeOf, walletScopeOf } from '@tollgate/contract';
import type { Target, View } from '../gate-port.js';

/** Whose counter or wallet: a customer's own (`resourceId: null`), or that of one of the customer's resources. */
export type CounterKey = SnapshotKey & Target;

/** The counter or wallet that a feature or a currency is used from. */
export function counterOf({ customerId, resourceId }: SnapshotKey, target: Target, { snapshots }: View): CounterKey {
  const isCredits = target.currencyId !== undefined;
  const scope =
    snapshots && (isCredits ? walletScopeOf(snapshots, target.currencyId) : scopeOf(snapshots, target.featureId));
  return { customerId, resourceId: scope === 'customer' ? null : resourceId, ...target };
}

/** One admitted amount that the engine has not acknowledged yet. */
export interface PendingAmount {
  /** The request measured something else than was admitted. */
  change(amount: Amount): void;
  /** Stored, refused for good, or let go. Only the first call counts. */
  release(): void;
}

export interface PendingUsage {
  /** What is pending on a counter or wallet. */
  of(key: CounterKey): Amount;
  /** Whether something that was given back is on its way to the engine. */
  isGivenBack(key: CounterKey): boolean;
  add(key: CounterKey, amount: Amount): PendingAmount;
}

/**
 * What this process has admitted and the engine has not acknowledged. Only room that is taken counts: a negative amount
 * makes none before the engine has it.
 */
export function pendingUsage(): PendingUsage {
  const totals = new Map<string, Amount>();
  const givenBack = new Map<string, Set<object>>();
  const shift = (name: string, by: Amount): void => {
    const total = (totals.get(name) ?? 0n) + by;
    // Counters with nothing pending leave the map, or it would grow with every customer ever seen.
    if (total === 0n) totals.delete(name);
    else totals.set(name, total);
  };
  const mark = (name: string, item: object, isGivenBack: boolean): void => {
    const known = givenBack.get(name);
    if (!known && !isGivenBack) return;
    const items = known ?? new Set();
    if (isGivenBack) items.add(item);
    else items.delete(item);
    if (items.size === 0) givenBack.delete(name);
    else givenBack.set(name, items);
  };
  return {
    of: (key) => totals.get(nameOf(key)) ?? 0n,
    isGivenBack: (key) => givenBack.has(nameOf(key)),
    add(key, amount) {
      const name = nameOf(key);
      const item = {};
      let held = 0n;
      let isReleased = false;
      const change = (next: Amount): void => {
        if (isReleased) return;
        const taken = next > 0n ? next : 0n;
        shift(name, taken - held);
        mark(name, item, next < 0n);
        held = taken;
      };
      change(amount);
      return {
        change,
        release() {
          change(0n);
          isReleased = true;
        },
      };
    },
  };
}

/** Ids hold no blanks, so a blank parts them without doubt. */
function nameOf({ customerId, resourceId, featureId, currencyId }: CounterKey): string {
  return `${customerId} ${resourceId ?? ''} ${featureId ?? ''} ${currencyId ?? ''}`;
}

const perClient = new WeakMap<object, PendingUsage>();

/** The pending amounts of one client: gates that share the client share them. */
export function pendingUsageOf(client: object): PendingUsage {
  const known = perClient.get(client) ?? pendingUsage();
  perClient.set(client, known);
  return known;
}
