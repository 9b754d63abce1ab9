import {
  type Amount,
  type CreditRate,
  type Entitlement,
  effectiveEntitlement,
  entitlementAt,
  type Snapshot,
  type SnapshotPair,
  TollgateError,
  type UsageChange,
  type UsagePart,
  type WalletChange,
  walletScopeOf,
} from '@tollgate/contract';
import { endDebits } from './automatic-recharge.js';
import { type BookParts, hasWallet, partsOf } from './book-parts.js';
import { type Measurement, openCounterBook } from './counter-book.js';
import { burn, type Consumption } from './credit/burn.js';
import type { WalletKey } from './credit/credit-grant.js';
import { costOf } from './credit/credit-rate.js';
import { type CreditState, type WalletTotals, walletTotals } from './credit/credit-state.js';
import { type CustomerChange, changeVersion, recordChange } from './customer-change.js';
import type { CustomerScopes } from './customer-scopes.js';
import { type ScopeGrants, standingVersion } from './entitlement/grants.js';
import type { CounterWindow, RunningWindow } from './entitlement/scope-windows.js';
import type { Standing } from './entitlement/standing.js';
import { walletPartOf } from './entitlement/wallet-parts.js';
import { heldFromStored } from './standing.js';
import { readHeld } from './storage/hold-store.js';
import { type RememberedRow, takeKeys } from './storage/idempotency-store.js';
import { saveCredits } from './stored-credits.js';
import { storeReservations } from './stored-reservations.js';
import { type Counter, usagePartOf } from './usage/counter.js';
import { type Held, withHeld } from './usage/held.js';
import { aheadMaxMs } from './usage/item-input.js';
import { holdsAt, type Reservation } from './usage/reservation.js';

/** What a transaction under the customer's lock starts from. */
export interface BookStart {
  standing: Standing;
  scopes: CustomerScopes;
  /** What is remembered of the keys that came. */
  keys: readonly RememberedRow[];
  /** The reservations that are asked about. */
  reservations: readonly Reservation[];
  /** The running windows of all counters that will be asked for. */
  windows: readonly RunningWindow[];
  /** The earliest date among the measurements to come. */
  since: number;
}

/** What one charge did to a wallet. */
export interface Charge {
  wallet: WalletKey;
  /** By how much the wallet's consumption rose; below 0 where credits were given back. */
  consumed: Amount;
  /** Right after the charge. */
  totals: WalletTotals;
}

/** Usage of a feature that may have to be paid. */
export interface ChargedUsage {
  featureId: string;
  /** The resource that the usage came with. */
  resourceId: string | null;
  /** By how much the counter changed. */
  usage: Amount;
  dimensions: Readonly<Record<string, unknown>> | null;
  consumptionId: string;
  at: number;
}

/**
 * A customer's counters, wallets and holds during one transaction under the customer's lock: read once, changed in memory
 * job by job, written once.
 */
export interface CustomerBook {
  change: CustomerChange;
  standing: Standing;
  scopes: CustomerScopes;
  counter(window: CounterWindow): Counter;
  /** What a decision about a feature, or about a currency, looks at. */
  pair(asked: { featureId: string } | { currencyId: string }, resourceId: string | null): SnapshotPair;
  /** What the customer and the resource have of a feature together; undefined for nothing. */
  entitlement(featureId: string, resourceId: string | null): Entitlement | undefined;
  /** The wallet that pays for what came with a resource, or without one. */
  wallet(currencyId: string, resourceId: string | null): WalletKey;
  totals(wallet: WalletKey): WalletTotals;
  /** Counts a measurement and returns by how much the counter of its period changed. */
  count(window: RunningWindow, measurement: Measurement): Promise<Amount>;
  /** Uses credits; what is missing goes to the overdraft. */
  burn(consumption: Consumption): Charge;
  /** Burns what usage costs; null where the feature is not paid by credits. */
  charge(usage: ChargedUsage): Charge | null;
  /** What usage costs at a rate. Rejects with INVALID_ARGUMENT where a formula cannot be worked out. */
  cost(rate: CreditRate, usage: Pick<ChargedUsage, 'featureId' | 'usage' | 'dimensions'>): Amount;
  remembered(operation: string, key: string): RememberedRow | undefined;
  remember(row: RememberedRow): void;
  reservation(reservationId: string): Reservation | undefined;
  /** Puts a reservation in place of what it was before; `isQuiet` where the numbers are the same for all others. */
  put(reservation: Reservation, options?: { isQuiet?: boolean }): void;
  /** Takes back what `work` did to counters, wallets and holds when it rejects. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  /** Takes back in any case what `work` held. */
  trial<T>(work: (hold: (reservation: Reservation) => void) => T): T;
  /** Writes what changed, and tells how things stand. */
  save(): Promise<BookParts>;
}

/** What jobs change and a refused one must leave as it was. */
interface BookState {
  credits: CreditState;
  held: readonly Held[];
  /** Whether there is anything that others must hear of. */
  isNews: boolean;
}

export async function openCustomerBook(change: CustomerChange, start: BookStart): Promise<CustomerBook> {
  const { context, tx, key, now, revision } = change;
  const { standing, scopes } = start;
  const counters = await openCounterBook(tx, start.windows, { key, revision, now, since: start.since });
  let state: BookState = { credits: standing.credits, held: standing.held, isNews: false };
  const keys = new Map(start.keys.map((row) => [keyText(row), row]));
  const newKeys: RememberedRow[] = [];
  const reservations = new Map(start.reservations.map((reservation) => [reservation.reservationId, reservation]));
  const changedReservations = new Set<string>();
  const touchedWindows = new Map<string, RunningWindow>();
  const touchedWallets = new Map<string, WalletKey>();
  const warned = new Set<string>();
  const newId = (prefix: string): string => `${prefix}-${context.randomId()}`;

  const touchWindow = (window: RunningWindow) => touchedWindows.set(`${window.featureId} ${window.resourceId}`, window);
  const touchWallet = ({ currencyId, resourceId }: WalletKey) =>
    touchedWallets.set(`${currencyId} ${resourceId ?? ''}`, { currencyId, resourceId });

  const snapshot = (scope: ScopeGrants, usage: UsagePart[], currencyId: string | undefined): Snapshot => {
    const wallet = { currencyId: currencyId ?? '', resourceId: scope.resourceId };
    const wallets = hasWallet(state.credits, wallet) ? [walletPartOf(standing, state.credits, state.held, wallet)] : [];
    return {
      customerId: key.customerId,
      resourceId: scope.resourceId,
      grants: scope.grants,
      usage: new Map(usage.map((part) => [part.featureId, part])),
      wallets: new Map(wallets.map((part) => [part.currency.currencyId, part])),
    };
  };

  const pairOf = (
    featureId: string | null,
    currencyId: string | undefined,
    resourceId: string | null,
  ): SnapshotPair => {
    const counting = featureId === null ? null : scopes.counting(featureId, resourceId);
    const usageOf = (scope: ScopeGrants): UsagePart[] => {
      if (featureId === null || scope !== counting || !scope.grants.entitlements.has(featureId)) return [];
      const counter = counters.find(scopes.window(scope, featureId));
      return counter ? [usagePartOf(counter, standingVersion(standing), state.held)] : [];
    };
    const of = (scope: ScopeGrants) => snapshot(scope, usageOf(scope), currencyId);
    return { customer: of(scopes.of(null)), resource: resourceId === null ? null : of(scopes.of(resourceId)) };
  };

  const entitlement = (featureId: string, resourceId: string | null): Entitlement | undefined => {
    const given = effectiveEntitlement(pairOf(null, undefined, resourceId), featureId);
    return given && entitlementAt(given, now);
  };

  const wallet = (currencyId: string, resourceId: string | null): WalletKey => {
    const scope = walletScopeOf(pairOf(null, currencyId, resourceId), currencyId);
    return { currencyId, resourceId: scope === 'resource' ? resourceId : null };
  };

  const cost: CustomerBook['cost'] = (rate, { featureId, usage, dimensions }) => {
    const { cost: amount, missing } = costOf(rate, usage, dimensions ?? {});
    if (missing.length > 0 && !warned.has(featureId)) {
      warned.add(featureId);
      const message = `the cost formula of ${featureId} names what usage did not come with: ${missing.join(', ')}`;
      context.onError(new TollgateError('INVALID_ARGUMENT', message, { field: 'dimensions' }));
    }
    return amount;
  };

  const charged = (consumption: Consumption): Charge => {
    const before = walletTotals(state.credits, consumption.wallet).totalConsumed;
    if (consumption.amount !== 0n) {
      state = { ...state, credits: burn(state.credits, consumption, { now, newId }), isNews: true };
      touchWallet(consumption.wallet);
    }
    const totals = walletTotals(state.credits, consumption.wallet);
    const { currencyId, resourceId } = consumption.wallet;
    return { wallet: { currencyId, resourceId }, consumed: totals.totalConsumed - before, totals };
  };

  const changeHolds = (before: Reservation | undefined, after: Reservation): boolean => {
    const [freed, held] = [before ? holdsAt(before, now) : [], holdsAt(after, now)];
    for (const hold of [...freed, ...held]) {
      if (hold.kind === 'credits') touchWallet({ currencyId: hold.heldId, resourceId: hold.resourceId || null });
      else touchWindow(scopes.window(scopes.of(hold.resourceId || null), hold.heldId));
    }
    const withoutFreed = freed.reduce((all, hold) => withHeld(all, { ...hold, amount: -hold.amount }, now), state.held);
    state = { ...state, held: held.reduce((all, hold) => withHeld(all, hold, after.expiresAt), withoutFreed) };
    return freed.length + held.length > 0;
  };

  const book: CustomerBook = {
    change,
    standing,
    scopes,
    counter: (window) => counters.counter(window),
    pair: (asked, resourceId) => {
      if ('currencyId' in asked) return pairOf(null, asked.currencyId, resourceId);
      const rate = entitlement(asked.featureId, resourceId)?.creditRate;
      return pairOf(asked.featureId, rate?.currencyId, resourceId);
    },
    entitlement,
    wallet,
    totals: (asked) => walletTotals(state.credits, asked),
    count: async (window, measurement) => {
      const difference = await counters.count(window, measurement);
      touchWindow(window);
      state = { ...state, isNews: true };
      return difference;
    },
    burn: charged,
    cost,
    charge: ({ featureId, resourceId, usage, dimensions, ...rest }) => {
      const rate = entitlement(featureId, resourceId)?.creditRate;
      if (!rate) return null;
      const amount = cost(rate, { featureId, usage, dimensions });
      const pays = wallet(rate.currencyId, resourceId);
      return charged({ ...rest, featureId, wallet: pays, amount, dimensions: dimensions && { ...dimensions } });
    },
    remembered: (operation, keyOfItem) => keys.get(keyText({ operation, key: keyOfItem })),
    remember: (row) => {
      keys.set(keyText(row), row);
      newKeys.push(row);
    },
    reservation: (reservationId) => reservations.get(reservationId),
    put: (reservation, { isQuiet = false } = {}) => {
      const isHeldAnew = changeHolds(reservations.get(reservation.reservationId), reservation);
      if (isHeldAnew && !isQuiet) state = { ...state, isNews: true };
      reservations.set(reservation.reservationId, reservation);
      changedReservations.add(reservation.reservationId);
    },
    attempt: async (work) => {
      const before = state;
      try {
        return await counters.attempt(work);
      } catch (error) {
        state = before;
        throw error;
      }
    },
    trial: (work) => {
      const before = state;
      try {
        return work((reservation) => void changeHolds(undefined, reservation));
      } finally {
        state = before;
      }
    },
    save: async () => {
      // Counters that were folded on the way and not counted in can be folded again.
      if (state.isNews) await counters.save();
      const { credits, intents } = await endDebits(change, standing, state.credits);
      state = { ...state, credits };
      change.intents.push(...intents);
      const changedWallets = await saveCredits(change, standing.credits, credits);
      // An item may be dated a little ahead, so its key must outlive the window by as much.
      const expiresAt = now + context.idempotencyWindowMs + aheadMaxMs;
      await takeKeys(tx, key.environmentId, newKeys, { now, expiresAt });
      const changed = [...reservations.values()].filter((one) => changedReservations.has(one.reservationId));
      await storeReservations(change, changed);
      // What was freed may have been the first or the last to run out, which only the rows know.
      const held = changed.length > 0 ? (await readHeld(tx, key, now)).map(heldFromStored) : standing.held;
      for (const one of changedWallets) touchWallet(one);
      const version = state.isNews ? changeVersion(change, standing) : standingVersion(standing);
      const parts = partsOf({ standing, credits: state.credits, held, version, counters: counters.all() });
      if (state.isNews) await recordChange(change, news(parts));
      return parts;
    },
  };

  const news = (parts: BookParts) => ({
    usage: [...touchedWindows.values()].flatMap((window): UsageChange[] => {
      const part = parts.usage(window);
      return part ? [{ key: { customerId: key.customerId, resourceId: window.resourceId || null }, part }] : [];
    }),
    wallets: [...touchedWallets.values()].filter(parts.hasWallet).map((one): WalletChange => {
      return { key: { customerId: key.customerId, resourceId: one.resourceId }, part: parts.wallet(one) };
    }),
  });
  return book;
}

const keyText = ({ operation, key }: Pick<RememberedRow, 'operation' | 'key'>): string => `${operation} ${key}`;
