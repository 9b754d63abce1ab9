import type { CacheFeed } from '@tollgate/contract';
import { connect } from './connection.js';
import { epochOrder, feedKey, freshnessMs } from './entry.js';
import { currentCodec } from './entry-format.js';
import { entryWriter } from './entry-writer.js';
import { type RedisCacheOptions, resolveOptions } from './options.js';
import { renewFreshness } from './scripts.js';

/** What the process that reads the change feed uses to keep the shared cache up to date. */
export interface RedisCacheFeed extends CacheFeed {
  /** Commands that failed since the start; `onError` hears only of the first of an outage. */
  readonly errorCount: number;
  onError?: (error: unknown) => void;
}

/**
 * Opens the feeding side of a shared cache. A change that did not reach Redis, or a connection that was lost in between,
 * may have left entries behind the engine: the next renewal then says that only what is fetched from now on is trusted.
 */
export function redisCacheFeed(options: RedisCacheOptions): RedisCacheFeed {
  const resolved = resolveOptions(options);
  let since = '';
  let losses = 0;
  const onError = (error: unknown): void => {
    try {
      feed.onError?.(error);
    } catch {
      // Whoever listens must not stop the feed.
    }
  };
  const forget = (): void => {
    since = '';
    losses += 1;
  };
  const connection = connect(resolved, onError, forget);
  const writer = entryWriter(connection, resolved);

  const feed: RedisCacheFeed = {
    get errorCount() {
      return connection.errorCount();
    },
    writeNumbers: writer.writeNumbers,
    invalidate: writer.invalidate,
    renewFreshness: async ({ isResync = false, ...state }) => {
      if (isResync) forget();
      const before = losses;
      const renewed = await connection.run(
        renewFreshness,
        [feedKey(resolved.environmentPrefix)],
        currentCodec.write(state),
        epochOrder(state),
        String(freshnessMs),
        since,
      );
      // What was lost while the renewal was under way is for the next one to say.
      if (renewed && losses === before) since = String(renewed.reply);
    },
    close: () => connection.close(),
  };
  return feed;
}
