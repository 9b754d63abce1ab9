import { type Amount, type CreditRate, TollgateError } from '@tollgate/contract';
import type { BookParts } from './book-parts.js';
import { saveBook } from './book-save.js';
import { type DistinctValue, type Measurement, openCounterBook } from './counter-book.js';
import { burn, type Consumption } from './credit/burn.js';
import type { WalletKey } from './credit/credit-grant.js';
import { costOf } from './credit/credit-rate.js';
import { type CreditState, type WalletTotals, walletTotals } from './credit/credit-state.js';
import type { CustomerChange } from './customer-change.js';
import type { CustomerScopes } from './customer-scopes.js';
import { type CustomerView, customerView } from './customer-view.js';
import type { CounterWindow, RunningWindow } from './entitlement/scope-windows.js';
import type { Standing } from './entitlement/standing.js';
import type { RememberedRow } from './storage/idempotency-store.js';
import type { Counter } from './usage/counter.js';
import { type Held, withHeld } from './usage/held.js';
import { chargedInstead, speakerOf } from './usage/repeated-request.js';
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
  /** What UNIQUE is going to tell apart. */
  distinct?: readonly DistinctValue[];
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
export interface CustomerBook extends CustomerView {
  change: CustomerChange;
  standing: Standing;
  scopes: CustomerScopes;
  counter(window: CounterWindow): Counter;
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
  /** Which reservation speaks for a request, by its key; undefined for one that is new. */
  requested(requestKey: string): Reservation | undefined;
  /** The reservation of the same request that was charged in place of this one. */
  chargedInstead(reservation: Reservation): Reservation | undefined;
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
  const counters = await openCounterBook(tx, start.windows, {
    key,
    revision,
    now,
    since: start.since,
    distinct: start.distinct,
  });
  let state: BookState = { credits: standing.credits, held: standing.held, isNews: false };
  const keys = new Map(start.keys.map((row) => [keyText(row), row]));
  const reservations = new Map(start.reservations.map((reservation) => [reservation.reservationId, reservation]));
  const newKeys: RememberedRow[] = [];
  const changed = new Map<string, Reservation>();
  const windows = new Map<string, RunningWindow>();
  const wallets = new Map<string, WalletKey>();
  const warned = new Set<string>();
  const newId = (prefix: string): string => `${prefix}-${context.randomId()}`;
  const view = customerView({ standing, scopes, now }, () => ({ ...state, counter: counters.find }));

  const touchWindow = (window: RunningWindow) => windows.set(`${window.featureId} ${window.resourceId}`, window);
  const touchWallet = ({ currencyId, resourceId }: WalletKey) =>
    wallets.set(`${currencyId} ${resourceId ?? ''}`, { currencyId, resourceId });

  const cost: CustomerBook['cost'] = (rate, { featureId, usage, dimensions }) => {
    const { cost: amount, missing } = costOf(rate, usage, dimensions ?? {});
    if (missing.length > 0 && !warned.has(featureId)) {
      warned.add(featureId);
      const message = `the cost formula of ${featureId} names what usage did not come with: ${missing.join(', ')}`;
      context.onError(new TollgateError('INVALID_ARGUMENT', message, { field: 'dimensions' }));
    }
    return amount;
  };

  const burnt: CustomerBook['burn'] = (consumption) => {
    const { currencyId, resourceId } = consumption.wallet;
    const wallet = { currencyId, resourceId };
    const before = walletTotals(state.credits, wallet).totalConsumed;
    if (consumption.amount !== 0n) {
      state = { ...state, credits: burn(state.credits, consumption, { now, newId }), isNews: true };
      touchWallet(wallet);
    }
    const totals = walletTotals(state.credits, wallet);
    return { wallet, consumed: totals.totalConsumed - before, totals };
  };

  /** Returns whether anything is held that was not, or the other way round. */
  const hold = (before: Reservation | undefined, after: Reservation): boolean => {
    const [freed, held] = [before ? holdsAt(before, now) : [], holdsAt(after, now)];
    for (const { kind, heldId, resourceId } of [...freed, ...held]) {
      if (kind === 'credits') touchWallet({ currencyId: heldId, resourceId: resourceId || null });
      else touchWindow(scopes.window(scopes.of(resourceId || null), heldId));
    }
    const rest = freed.reduce((all, one) => withHeld(all, { ...one, amount: -one.amount }, now), state.held);
    state = { ...state, held: held.reduce((all, one) => withHeld(all, one, after.expiresAt), rest) };
    return freed.length + held.length > 0;
  };

  return {
    change,
    standing,
    scopes,
    ...view,
    counter: counters.counter,
    totals: (wallet) => walletTotals(state.credits, wallet),
    count: async (window, measurement) => {
      const difference = await counters.count(window, measurement);
      touchWindow(window);
      state = { ...state, isNews: true };
      return difference;
    },
    burn: burnt,
    cost,
    charge: ({ featureId, resourceId, usage, dimensions, ...rest }) => {
      const rate = view.entitlement(featureId, resourceId)?.creditRate;
      if (!rate) return null;
      const amount = cost(rate, { featureId, usage, dimensions });
      const wallet = view.wallet(rate.currencyId, resourceId);
      return burnt({ ...rest, featureId, wallet, amount, dimensions: dimensions && { ...dimensions } });
    },
    remembered: (operation, keyOfItem) => keys.get(keyText({ operation, key: keyOfItem })),
    remember: (row) => {
      keys.set(keyText(row), row);
      newKeys.push(row);
    },
    reservation: (reservationId) => reservations.get(reservationId),
    requested: (requestKey) => speakerOf([...reservations.values()], requestKey, now),
    chargedInstead: (reservation) => chargedInstead([...reservations.values()], reservation),
    put: (reservation, { isQuiet = false } = {}) => {
      const { reservationId } = reservation;
      const isHeldAnew = hold(reservations.get(reservationId), reservation);
      if (isHeldAnew && !isQuiet) state = { ...state, isNews: true };
      reservations.set(reservationId, reservation);
      changed.set(reservationId, reservation);
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
        return work((reservation) => void hold(undefined, reservation));
      } finally {
        state = before;
      }
    },
    save: () =>
      saveBook(change, standing, {
        ...state,
        counters,
        keys: newKeys,
        reservations: [...changed.values()],
        windows,
        wallets,
      }),
  };
}

const keyText = ({ operation, key }: Pick<RememberedRow, 'operation' | 'key'>): string => `${operation} ${key}`;
