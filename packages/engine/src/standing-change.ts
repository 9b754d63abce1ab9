import {
  type GrantsChange,
  type Snapshot,
  TollgateError,
  type UsageChange,
  type WalletChange,
} from '@tollgate/contract';
import { billingChanges } from './billing-changes.js';
import type { Catalog } from './catalog/catalog.js';
import { type CreditTimeline, creditsAfterChange } from './credit/timeline.js';
import { type CustomerChange, changeVersion, customerChange, recordChange } from './customer-change.js';
import type { CustomerState } from './customer-state.js';
import { datedState } from './dated-state.js';
import type { EngineContext } from './engine-context.js';
import { givenCredits } from './entitlement/given-credits.js';
import { walletPartOf } from './entitlement/wallet-parts.js';
import { snapshotsOf } from './read-snapshots.js';
import { customerNotFound, loadState, nextDue } from './read-state.js';
import { saveState } from './save-state.js';
import { standingBefore } from './standing.js';
import { holdCatalog } from './storage/catalog-store.js';
import { lockCustomer, lockOrAddCustomer, saveNextDue } from './storage/customer-store.js';
import type { Queryable } from './storage/database.js';
import { appendEvents } from './storage/domain-event-store.js';
import { saveCredits } from './stored-credits.js';
import type { Happened } from './subscription/happened.js';

/** When and under what a command runs. */
export interface Moment {
  now: number;
  catalog: Catalog;
  /** The revision that the change makes, by customer id. */
  revisionOf(customerId: string): number;
  /** A new id for something that the caller did not name. */
  newId(prefix: string): string;
  /** For what a command must look up beyond the state it is given. */
  tx: Queryable;
  /** True where somebody collects payments: what is charged at its start waits for its payment. */
  isCollected: boolean;
}

export interface Commanded<T> {
  /** In the order of the customers; the very same object for one that did not change. */
  states: CustomerState[];
  events: readonly Happened[];
  value: T;
  /** Ids of subscriptions and payment methods whose change came from billing, which is not told of it again. */
  billed?: readonly string[];
}

export interface ChangeTarget {
  environmentId: string;
  /** The customers that the command is about; locked in the order of their ids, handed over in this order. */
  customerIds: readonly string[];
  /** True: a customer that nobody has yet is handed over as null. Default: CUSTOMER_NOT_FOUND. */
  mayBeNew?: boolean;
  /** True: the command knows what to do with an archived customer. Default: CONFLICT. */
  mayBeArchived?: boolean;
  /** The scopes of the first customer whose snapshots the caller wants: null is the customer's own; `all` is every one. */
  scopes?: readonly (string | null)[] | 'all';
}

// As many as a reader may ask for at once; of any further ones the change feed tells.
const scopesMax = 100;

/**
 * The one way in which standing changes: lock, bring up to `now`, do what is asked, store what differs, and leave word in
 * the feed, all in one transaction. A command is given plain data and returns plain data; when it throws, nothing happened.
 */
export async function changeStanding<T>(
  context: EngineContext,
  { environmentId, customerIds, mayBeNew = false, mayBeArchived = false, scopes = [null] }: ChangeTarget,
  now: number,
  command: (states: CustomerState[], moment: Moment) => Commanded<T> | Promise<Commanded<T>>,
): Promise<{ value: T; states: CustomerState[]; snapshots: Snapshot[]; now: number }> {
  const { intents, ...changed } = await context.database.transaction(async (tx) => {
    const changes = new Map<string, CustomerChange>();
    for (const customerId of [...new Set(customerIds)].sort()) {
      const lock = mayBeNew ? lockOrAddCustomer : lockCustomer;
      const locked = await lock(tx, environmentId, customerId);
      if (!locked) throw customerNotFound(customerId);
      changes.set(customerId, customerChange(context, tx, { environmentId, customerId }, locked, now));
    }
    const instant = Math.max(now, ...[...changes.values()].map((change) => change.now));
    const changeOf = (customerId: string): CustomerChange => {
      const change = changes.get(customerId);
      if (!change) throw new TollgateError('INTERNAL', `customer ${customerId} is not locked`);
      return { ...change, now: instant };
    };
    // Nothing may be published between looking at the catalog and storing what follows from it.
    await holdCatalog(tx, environmentId);
    const stored: CustomerState[] = [];
    const current: CustomerState[] = [];
    const due: (number | null)[] = [];
    const events: Happened[] = [];
    let catalog: Catalog | undefined;
    for (const customerId of customerIds) {
      const loaded = await loadState(context, tx, { environmentId, customerId }, instant);
      if (!loaded.current.customer && !mayBeNew) throw customerNotFound(customerId);
      if (loaded.current.customer?.archivedAt != null && !mayBeArchived) throw customerIsArchived(customerId);
      catalog = loaded.catalog;
      stored.push(loaded.stored);
      current.push(loaded.current);
      due.push(loaded.nextDue);
      events.push(...loaded.events);
    }
    const done = await command(current, {
      now: instant,
      catalog: catalog as Catalog,
      revisionOf: (customerId) => changeOf(customerId).revision,
      newId: (prefix) => `${prefix}-${context.randomId()}`,
      tx,
      isCollected: context.billing.provider.collect !== undefined,
    });
    const billing = await billingChanges(context, tx, {
      environmentId,
      before: stored,
      after: done.states,
      billed: done.billed ?? [],
      now: instant,
      revisionOf: (customerId) => changeOf(customerId).revision,
    });
    for (const [index, before] of billing.isDeferred ? [] : stored.entries()) {
      const brought = current[index] as CustomerState;
      const dated = datedState(brought, billing.states[index] as CustomerState, instant);
      const { credits, events: ofCredits } = creditsAfter(brought, dated, catalog as Catalog, instant);
      const after = { ...dated, credits };
      const own = [...events, ...done.events].filter((event) => isAbout(event, after.customerId, customerIds));
      const difference = { before, after, nextDue: due[index] ?? null };
      await storeChange(changeOf(after.customerId), difference, [...own, ...ofCredits]);
    }
    await billing.store();
    const first = changeOf(customerIds[0] as string);
    const { states, intents } = billing;
    const { resourceIds } = states[0] as CustomerState;
    const wanted = [...new Set(scopes === 'all' ? [null, ...resourceIds].slice(0, scopesMax) : scopes)];
    const standing = await standingBefore(first, wanted);
    const snapshots = await snapshotsOf(tx, first.key, standing, wanted, instant);
    return { value: done.value, states, snapshots, now: instant, intents };
  });
  if (intents.length > 0) context.billing.tell(intents, changed.now);
  return changed;
}

function customerIsArchived(customerId: string): TollgateError {
  const message = `customer ${customerId} is archived: unarchive it first`;
  return new TollgateError('CONFLICT', message, { field: 'customerId' });
}

/** An event belongs to the customer that it names, or to the first of those that a command is about. */
function isAbout({ entity }: Happened, customerId: string, customerIds: readonly string[]): boolean {
  const named = (entity as { customerId?: unknown }).customerId;
  const owner = typeof named === 'string' && customerIds.includes(named) ? named : customerIds[0];
  return owner === customerId;
}

/** The credits after a command, which recurring ones follow at once where it changed subscriptions. */
function creditsAfter(before: CustomerState, after: CustomerState, catalog: Catalog, at: number): CreditTimeline {
  const subscriptions = { before: before.subscriptions, after: after.subscriptions };
  const sources = { customerId: after.customerId, at, catalog, givenBy: givenCredits };
  return creditsAfterChange(after.credits, subscriptions, sources);
}

interface Difference {
  before: CustomerState;
  after: CustomerState;
  /** What was stored as the next instant at which something is due. */
  nextDue: number | null;
}

async function storeChange(
  change: CustomerChange,
  { before, after, nextDue: dueBefore }: Difference,
  events: readonly Happened[],
): Promise<void> {
  const { tx, key, now, revision } = change;
  const scopes = await saveState(change, before, after);
  const changedWallets = await saveCredits(change, before.credits, after.credits);
  const due = nextDue(after, now);
  if (due !== dueBefore) await saveNextDue(tx, key.environmentId, key.customerId, due);
  if (scopes === null && events.length === 0 && changedWallets.length === 0) return;
  await appendEvents(
    tx,
    key.environmentId,
    events.map(({ type, at, entity }, index) => {
      return { messageId: `${key.customerId}/${revision}/${index}`, type, at, customerId: key.customerId, entity };
    }),
  );
  const grantsOf = scopes ?? [];
  const walletsOf = changedWallets.map(({ resourceId }) => resourceId);
  const standing = { ...(await standingBefore(change, [...grantsOf, ...walletsOf])), revision, lastNow: now };
  const version = changeVersion(change, standing);
  const grants: GrantsChange[] = grantsOf.map((resourceId) => ({
    key: { customerId: key.customerId, resourceId },
    version,
  }));
  // A subscription that takes another's place may begin new usage periods, so its counters are news too.
  const snapshots = await snapshotsOf(tx, key, standing, grantsOf, now);
  const usage = snapshots.flatMap(({ customerId, resourceId, usage: parts }): UsageChange[] =>
    [...parts.values()].map((part) => ({ key: { customerId, resourceId }, part })),
  );
  const wallets = changedWallets.map((wallet): WalletChange => {
    const part = walletPartOf(standing, standing.credits, standing.held, wallet);
    return { key: { customerId: key.customerId, resourceId: wallet.resourceId }, part };
  });
  await recordChange(change, { usage, wallets, grants });
}
