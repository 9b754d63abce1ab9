import type { SharedCache, SnapshotKey } from '@tollgate/contract';
import type { Connection } from './connection.js';
import { entryKey, numberParts, type StoredPart, sortable } from './entry.js';
import type { ResolvedRedisOptions } from './options.js';
import { writeParts } from './scripts.js';

/** Long enough for the fetch that was under way when a change was announced to land and be compared with it. */
const orphanMs = 60_000;

export interface EntryWriter extends Pick<SharedCache, 'writeNumbers' | 'invalidate'> {
  /** Stores each part that is newer than the stored one. False when Redis did not take them. */
  put(key: SnapshotKey, parts: readonly StoredPart[]): Promise<boolean>;
}

/** The one way parts get into Redis, for the cache and for the feed alike. */
export function entryWriter(connection: Connection, options: ResolvedRedisOptions): EntryWriter {
  const limits = [String(options.ttlSeconds), String(Math.max(orphanMs, 2 * options.leaseMs))];
  const put: EntryWriter['put'] = async (key, parts) => {
    const keys = [entryKey(options.environmentPrefix, key)];
    return (await connection.run(writeParts, keys, ...limits, ...parts.flat())) !== undefined;
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
