import type { UsageChange } from '@tollgate/contract';
import { expect, vi } from 'vitest';
import type { Queryable } from '../src/storage/database.js';
import type { FeedBatch } from '../src/storage/feed-follower.js';
import type { FeedReader } from '../src/storage/feed-reader.js';
import { appendFeed } from '../src/storage/feed-store.js';

export const hour = 3_600_000;
export const start = Date.UTC(2026, 0, 1);

export const usage = (customerId: string, revision = 1): UsageChange => ({
  key: { customerId, resourceId: null },
  part: {
    featureId: 'feature-reports',
    version: { epoch: 'e', catalog: 1, revision, validFrom: start },
    validUntil: null,
    currentUsage: BigInt(revision) * 1_000_000n,
    held: 0n,
    heldUntil: null,
    usagePeriodStart: start,
    usagePeriodEnd: null,
  },
});

export const append = (tx: Queryable, customerId: string, revision = 1, environmentId = 'main') =>
  appendFeed(tx, { environmentId, customerId, usage: [usage(customerId, revision)], wallets: [], grants: [] });

/** Collects what one follower hears. */
export function follow(reader: FeedReader, cursor: string | null = null, environmentId = 'main') {
  const batches: FeedBatch[] = [];
  const ends: unknown[] = [];
  const { close } = reader.follow(environmentId, cursor, {
    onBatch: (batch) => void batches.push(batch),
    onEnd: (error) => void ends.push(error),
  });
  return {
    batches,
    ends,
    close,
    customers: () => batches.flatMap((batch) => batch.usage.map(({ key }) => key.customerId)),
    cursor: () => batches.at(-1)?.cursor ?? null,
  };
}

export const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 5 });
export const firstBatch = (follower: { batches: FeedBatch[] }) =>
  until(() => expect(follower.batches.length).toBeGreaterThan(0));
