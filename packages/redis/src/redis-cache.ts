import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CachedSnapshot, Lease, SharedCache, Snapshot, SnapshotKey } from '@tollgate/contract';
import { type Connection, connect } from './connection.js';
import { entryKey, feedKey, isEntryFresh, leaseKey, liveFeed, partsOf, snapshotOf } from './entry.js';
import { entryWriter } from './entry-writer.js';
import { type RedisCacheOptions, type ResolvedRedisOptions, resolveOptions } from './options.js';
import { isLeased, readHash, readTimedHash, releaseLease, takeLease } from './scripts.js';

/** A shared cache in Redis, for `Tollgate.initialize({ cache })`. */
export interface RedisCache extends SharedCache {
  /** Commands that failed since the start; `onError` hears only of the first of an outage. */
  readonly errorCount: number;
}

/** Opens a shared cache. Throws CONFIGURATION naming the option; everything that Redis does later goes to `onError`. */
export function redisCache(options: RedisCacheOptions): RedisCache {
  const resolved = resolveOptions(options);
  const { environmentPrefix } = resolved;
  const connection = connect(resolved, (error) => {
    try {
      cache.onError?.(error);
    } catch {
      // A listener of the user's must not break the request that Redis failed.
    }
  });
  const writer = entryWriter(connection, resolved);
  let heardAt = '';
  const hear = (time: string | undefined): void => {
    if (time !== undefined && time > heardAt) heardAt = time;
  };

  const cache: RedisCache = {
    get errorCount() {
      return connection.errorCount();
    },
    read: async (keys) => {
      // First of all: read later than an entry, it would vouch for changes that this copy of the entry lacks.
      const word = await connection.run(readTimedHash, [feedKey(environmentPrefix)]);
      const [time, feedFields] = (word?.reply as [string, string[]] | undefined) ?? [];
      hear(time);
      const feed = liveFeed(feedFields && fieldsOf(feedFields));
      const entries = await Promise.all(keys.map((key) => hashAt(connection, entryKey(environmentPrefix, key))));
      return keys.map((key, index): CachedSnapshot | undefined => {
        const fields = entries[index];
        const snapshot = fields && snapshotOf(key, fields);
        return (
          snapshot && { snapshot, isFresh: isEntryFresh(fields, snapshot, feed), cursor: feed?.state.cursor ?? null }
        );
      });
    },
    mark: () => heardAt,
    write: async (snapshots, fetchedAfter) => {
      const put = async (snapshot: Snapshot) => hear(await writer.put(snapshot, partsOf(snapshot), fetchedAfter));
      await Promise.all(snapshots.map(put));
    },
    writeNumbers: writer.writeNumbers,
    invalidate: writer.invalidate,
    lease: (key) => lease(connection, resolved, key),
    close: () => connection.close(),
  };
  return cache;
}

async function hashAt(connection: Connection, name: string): Promise<ReadonlyMap<string, string> | undefined> {
  const result = await connection.run(readHash, [name]);
  return result && fieldsOf(result.reply as string[]);
}

function fieldsOf(flat: readonly string[]): ReadonlyMap<string, string> {
  return new Map(flat.flatMap((field, index) => (index % 2 === 0 ? [[field, flat[index + 1] ?? '']] : [])));
}

const pollMs = 40;
/** What a process holds that fetches without asking the others. */
const unshared: Lease = { release: async () => undefined };

async function lease(
  connection: Connection,
  { environmentPrefix, sharesFetches, leaseMs }: ResolvedRedisOptions,
  key: SnapshotKey,
): Promise<Lease | undefined> {
  if (!sharesFetches) return unshared;
  const name = leaseKey(environmentPrefix, key);
  const token = randomUUID();
  const end = performance.now() + leaseMs;
  const taken = await connection.run(takeLease, [name, entryKey(environmentPrefix, key)], token, String(leaseMs));
  if (!taken) return unshared;
  if (Number(taken.reply) === 1)
    return { release: async () => void (await connection.run(releaseLease, [name], token)) };
  if (Number(taken.reply) === -1) return undefined;
  while (performance.now() < end) {
    // Spread, so that a crowd that waits for one fetch does not ask in step.
    await delay(pollMs / 2 + randomInt(pollMs), undefined, { ref: false });
    const held = await connection.run(isLeased, [name]);
    if (!held || Number(held.reply) !== 1) return undefined;
  }
  return undefined;
}
