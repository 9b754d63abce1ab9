import type { SharedCache, SnapshotKey } from '@tollgate/contract';
import type { Connection } from './connection.js';
import { entryKey, numberParts, type StoredPart, sortable } from './entry.js';
import type { ResolvedRedisOptions } from './options.js';
import { writeParts } from './scripts.js';

/** Long enough for the fetch that was under way when a change was announced to land and be compared with it. */
const orphanMs = 60_000;

export interface EntryWriter extends Pick<SharedCache, 'writeNumbers' | 'invalidate'> {
  /**
   * Stores each part that is newer than the stored one, as fetched after an instant of Redis's time, or now. Gives that
   * time back; undefined when Redis did not take them.
   */
  put(key: SnapshotKey, parts: readonly StoredPart[], fetchedAfter?: string): Promise<string | undefined>;
}

/** The one way parts get into Redis, for the cache and for the feed alike. */
export function entryWriter(connection: Connection, options: ResolvedRedisOptions): EntryWriter {
  const limits = [String(options.ttlSeconds), String(Math.max(orphanMs, 2 * options.leaseMs))];
  const put: EntryWriter['put'] = async (key, parts, fetchedAfter) => {
    const keys = [entryKey(options.environmentPrefix, key)];
    const fetched = fetchedAfter === undefined ? ['0', ''] : ['1', fetchedAfter];
    const taken = await connection.run(writeParts, keys, ...limits, ...fetched, ...parts.flat());
    return taken && String(taken.reply);
  };
  return {
    put,
    writeNumbers: async (key, parts) => {
      const stored = numberParts(parts);
      if (stored.length > 0) await put(key, stored);
    },
    invalidate: async (key, version) => {
      await put(key, [['invalidated', sortable(version), '']]);
    },
  };
}
