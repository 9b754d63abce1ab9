import type { GrantsChange, UsageChange, Version, WalletChange } from '@tollgate/contract';
import type { BillingIntent } from './billing/billing-intent.js';
import type { EngineContext } from './engine-context.js';
import type { Standing } from './entitlement/standing.js';
import type { RevisionRow } from './storage/customer-store.js';
import type { Queryable } from './storage/database.js';
import { appendFeed } from './storage/feed-store.js';
import type { CustomerKey } from './storage/usage-store.js';

/** A transaction that holds a customer's lock. */
export interface CustomerChange {
  context: EngineContext;
  tx: Queryable;
  key: CustomerKey;
  /** The instant of the change: for one customer it never goes back. */
  now: number;
  /** The revision that the change makes. */
  revision: number;
  /** What billing is to be told once this is committed. */
  intents: BillingIntent[];
}

/** `locked` is what `lockCustomer` found. */
export function customerChange(
  context: EngineContext,
  tx: Queryable,
  key: CustomerKey,
  locked: RevisionRow,
  now: number,
): CustomerChange {
  return { context, tx, key, now: Math.max(now, locked.lastNow), revision: locked.revision + 1, intents: [] };
}

/** The version of what this change makes. */
export function changeVersion(change: CustomerChange, { epoch, catalog }: Standing): Version {
  return { epoch, catalog: catalog.number, revision: change.revision, validFrom: change.now };
}

/** Ends a change: raises the revision, and puts into the feed what others must hear of. */
export async function recordChange(
  { tx, key, now, revision }: CustomerChange,
  parts: { usage?: UsageChange[]; wallets?: WalletChange[]; grants?: GrantsChange[] },
): Promise<void> {
  await appendFeed(tx, { ...key, usage: [], wallets: [], grants: [], ...parts }, { revision, lastNow: now });
}
