import { PingDocument } from '@tollgate/contract';
import { within } from './deadline.js';
import type { EngineLink } from './engine-link.js';
import type { Events } from './events.js';
import type { Feed } from './feed.js';
import type { SafeLogger } from './safe-logger.js';
import { asTollgateError } from './thrown.js';

export interface InitializationOptions {
  link: EngineLink;
  feed: Feed;
  events: Events;
  logger: SafeLogger;
  isOffline: boolean;
  isRealtime: boolean;
  timeoutMs: number;
}

/**
 * Connects in the background. Resolves once the engine accepted the key and, with realtime updates, the feed was tried;
 * rejects when the engine refused or could not be reached: reads go on trying, and the feed too.
 */
export function initialization(options: InitializationOptions): Promise<void> {
  const { link, feed, events, logger, isOffline, isRealtime, timeoutMs } = options;
  const initialize = async (): Promise<void> => {
    try {
      if (!isOffline) {
        if (isRealtime) feed.start();
        await link.execute(PingDocument, {}, timeoutMs);
        if (isRealtime) await within(feed.attempted, timeoutMs);
      }
    } catch (thrown) {
      const error = asTollgateError(thrown);
      logger.error('the client could not be initialized', error);
      events.emit('initializeFailed', error);
      throw error;
    }
    events.emit('initializeSuccessfully');
  };
  // One turn later, so that whoever called `initialize` can add listeners first.
  const isReady = Promise.resolve().then(initialize);
  // Nobody has to wait for it: a failure that nobody hears of must not end the process.
  isReady.catch(() => undefined);
  return isReady;
}
