import type { UsageChange, WalletChange } from '@tollgate/contract';
import { endDebits } from './automatic-recharge.js';
import { type BookParts, partsOf } from './book-parts.js';
import type { CounterBook } from './counter-book.js';
import type { WalletKey } from './credit/credit-grant.js';
import type { CreditState } from './credit/credit-state.js';
import { type CustomerChange, changeVersion, recordChange } from './customer-change.js';
import { standingVersion } from './entitlement/grants.js';
import type { RunningWindow } from './entitlement/scope-windows.js';
import type { Standing } from './entitlement/standing.js';
import { keysTakenMeanwhile, type RememberedRow, takeKeys } from './storage/idempotency-store.js';
import { saveCredits } from './stored-credits.js';
import { storeReservations } from './stored-reservations.js';
import { aheadMaxMs } from './usage/item-input.js';
import type { Reservation } from './usage/reservation.js';

/** What the jobs of a transaction leave to be written. */
export interface WrittenBook {
  counters: CounterBook;
  credits: CreditState;
  /** Those that are new. */
  keys: readonly RememberedRow[];
  /** Those that changed, others hearing of it or not. */
  reservations: readonly Reservation[];
  /** Whose numbers changed, or what is held of them; by a text that tells them apart. */
  windows: ReadonlyMap<string, RunningWindow>;
  wallets: ReadonlyMap<string, WalletKey>;
  /** Whether there is anything that others must hear of. */
  isNews: boolean;
}

/** Writes everything once, and tells how things stand then. */
export async function saveBook(change: CustomerChange, standing: Standing, book: WrittenBook): Promise<BookParts> {
  const { context, tx, key, now } = change;
  const { counters, keys, reservations, isNews } = book;
  // Counters that were folded on the way and not counted in can be folded again.
  if (isNews) await counters.save();
  const { credits, intents } = await endDebits(change, standing, book.credits);
  change.intents.push(...intents);
  const changedWallets = await saveCredits(change, standing.credits, credits);
  // An item may be dated a little ahead, so its key must outlive the window by as much.
  const expiresAt = now + context.idempotencyWindowMs + aheadMaxMs;
  const taken = await takeKeys(tx, key.environmentId, keys, { now, expiresAt });
  // An item may be accepted without this lock, and its key be taken since the keys were read.
  if (taken.length < keys.length) throw keysTakenMeanwhile();
  // What was freed may have been the first or the last to run out, which only the rows know.
  const held = reservations.length > 0 ? await storeReservations(change, reservations) : standing.held;

  const version = isNews ? changeVersion(change, standing) : standingVersion(standing);
  const parts = partsOf({ standing, credits, held, version, counters: counters.all() });
  if (!isNews) return parts;
  const { customerId } = key;
  const usage = [...book.windows.values()].flatMap((window): UsageChange[] => {
    const part = parts.usage(window);
    return part ? [{ key: { customerId, resourceId: window.resourceId || null }, part }] : [];
  });
  const touched = new Map([...book.wallets, ...changedWallets.map((wallet) => [placeOf(wallet), wallet] as const)]);
  const wallets = [...touched.values()].filter(parts.hasWallet).map((wallet): WalletChange => {
    return { key: { customerId, resourceId: wallet.resourceId }, part: parts.wallet(wallet) };
  });
  await recordChange(change, { usage, wallets });
  return parts;
}

const placeOf = ({ currencyId, resourceId }: WalletKey): string => `${currencyId} ${resourceId ?? ''}`;
