import {
  type FeedPosition,
  type Subscription as FeedSubscription,
  formatCursor,
  hasReached,
  hasSeen,
  parseCursor,
} from '@tollgate/contract';
import type { Database } from './database.js';
import { createFollower, type FeedFollower, type FeedListener } from './feed-follower.js';
import { type FeedReading, onFeedCommit, pruneFeed, readFeed } from './feed-store.js';

export interface FeedReaderOptions {
  /** Epoch milliseconds, 0 while it is not known yet. Says how old rows are when they are pruned, nothing else. */
  clock: () => number;
  /** Hears of failed reads, which are tried again, and of what listeners throw. */
  onError?: (error: unknown) => void;
  /** How long a follower may be away and still get what it missed. */
  retentionMs?: number;
  /** A follower that is more rows behind than this starts anew instead. */
  rowsMax?: number;
}

export interface FeedReader {
  /**
   * Follows one environment from a cursor, or from now when it is null. The first batch comes at once, empty or not;
   * then one whenever something changed, at most one in 50 ms, and an empty one at least every second. While the
   * database cannot be read there is silence.
   */
  follow(environmentId: string, cursor: string | null, listener: FeedListener): FeedSubscription;
  /** Ends every follower, with no error. */
  close(): Promise<void>;
}

const intervalMs = 50;
const quietMs = 800;
const backoffMaxMs = 2000;
const pruneIntervalMs = 60_000;

interface Place {
  environmentId: string;
  follower: FeedFollower;
  /** Rows that this position saw were delivered; undefined until the first read. */
  position: FeedPosition | undefined;
}

/** The one reader of a process. It polls while somebody follows, and is woken by commits of this process. */
export function createFeedReader(database: Database, options: FeedReaderOptions): FeedReader {
  const { clock, retentionMs = 3_600_000, rowsMax = 10_000 } = options;
  const onError = quietly(options.onError);
  const joining = new Set<Place>();
  const joined = new Set<Place>();
  const alarm = createAlarm();
  const stopListening = onFeedCommit(database, alarm.ring);
  /** How far the common read got. */
  let common: { epoch: string; position: FeedPosition } | undefined;
  let loop: Promise<void> | undefined;
  let isPruneDue = true;
  let isClosed = false;

  async function run(): Promise<void> {
    const pruneTimer = setInterval(() => {
      isPruneDue = true;
    }, pruneIntervalMs).unref();
    let failures = 0;
    while (joined.size > 0 && !isClosed) {
      try {
        const hasRows = await readCommon();
        failures = 0;
        if (isPruneDue) await prune();
        // Followers may not hear more often anyway, so rows that come meanwhile are read together.
        if (hasRows) await alarm.pause(intervalMs);
        else await alarm.sleep(intervalMs);
      } catch (error) {
        onError(error);
        await alarm.pause(backoffMs(failures++));
      }
    }
    clearInterval(pruneTimer);
    common = undefined;
    loop = undefined;
  }

  async function readCommon(): Promise<boolean> {
    alarm.reset();
    const since = common;
    // All environments, also those that nobody followed when the read began: a newcomer may count on this very read.
    const reading = await readFeed(database, { environmentId: null, since: since?.position, rowsMax });
    const isComplete = reading.isComplete && (since === undefined || since.epoch === reading.epoch);
    common = reading;
    for (const place of joined) deliver(place, reading, isComplete);
    return reading.rows.length > 0;
  }

  async function prune(): Promise<void> {
    const now = clock();
    if (now <= 0) return;
    const pruneRowsMax = 5000;
    const deleted = await pruneFeed(database, { now, retentionMs, rowsMax: pruneRowsMax });
    isPruneDue = deleted === pruneRowsMax;
  }

  /** Reads for one newcomer until it is where the others are, so that the common read can go on for it. */
  async function join(place: Place, cursor: string | null): Promise<void> {
    const start = cursor === null ? undefined : parseCursor(cursor);
    let isLost = cursor !== null && start === undefined;
    let since = start?.position;
    let epoch = start?.epoch;
    for (let failures = 0; joining.has(place); ) {
      try {
        const reading = await readFeed(database, { environmentId: place.environmentId, since, rowsMax });
        failures = 0;
        if (!joining.has(place)) return;
        const isComplete = !isLost && reading.isComplete && (epoch === undefined || epoch === reading.epoch);
        deliver(place, reading, isComplete);
        isLost = false;
        ({ position: since, epoch } = reading);
        if (!common || (common.epoch === epoch && hasReached(since, common.position))) return settle(place, reading);
        // Another database under the same name: the common read finds out by itself, and resyncs everybody.
        if (common.epoch !== epoch) return settle(place, reading);
      } catch (error) {
        onError(error);
        await alarm.pause(backoffMs(failures++));
      }
    }
  }

  function settle(place: Place, reading: FeedReading): void {
    common ??= reading;
    joining.delete(place);
    joined.add(place);
    loop ??= run();
  }

  function deliver(place: Place, reading: FeedReading, isComplete: boolean): void {
    const { environmentId, position, follower } = place;
    const isNew = (xid: bigint) => position === undefined || !hasSeen(position, xid);
    const rows = isComplete ? reading.rows.filter((row) => row.environmentId === environmentId && isNew(row.xid)) : [];
    if (position === undefined || hasReached(reading.position, position)) place.position = reading.position;
    follower.push({
      cursor: formatCursor(reading.epoch, place.position ?? reading.position),
      epoch: reading.epoch,
      catalog: reading.catalogs.get(environmentId) ?? 0,
      isResync: !isComplete,
      usage: rows.flatMap((row) => row.usage),
      wallets: rows.flatMap((row) => row.wallets),
      grants: rows.flatMap((row) => row.grants),
    });
  }

  function leave(place: Place): void {
    joining.delete(place);
    joined.delete(place);
    place.follower.stop();
  }

  return {
    follow: (environmentId, cursor, listener) => {
      const follower = createFollower(listener, { intervalMs, quietMs, onError });
      const place: Place = { environmentId, follower, position: undefined };
      if (isClosed) {
        follower.end(null);
        return { close: () => undefined };
      }
      joining.add(place);
      void join(place, cursor);
      return { close: () => leave(place) };
    },
    close: async () => {
      isClosed = true;
      stopListening();
      const everybody = [...joining, ...joined];
      joining.clear();
      joined.clear();
      for (const { follower } of everybody) follower.end(null);
      alarm.cancel();
      await loop;
    },
  };
}

const backoffMs = (failures: number): number => Math.min(backoffMaxMs, intervalMs * 2 ** Math.min(failures, 10));

function quietly(listener: ((error: unknown) => void) | undefined): (error: unknown) => void {
  return (error) => {
    try {
      listener?.(error);
    } catch {
      // A logger that throws must not stop the feed.
    }
  };
}

/** Waiting that a commit can cut short (`sleep`), or only the end (`pause`). */
function createAlarm() {
  const pauses = new Set<() => void>();
  let wakeSleeper: (() => void) | undefined;
  let hasRung = false;
  let isCancelled = false;

  const pause = (ms: number): Promise<void> => {
    if (isCancelled) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        pauses.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms).unref();
      pauses.add(done);
    });
  };

  return {
    pause,
    /** Returns at once when a commit came since the last reset. */
    sleep: async (ms: number): Promise<void> => {
      if (!hasRung) {
        const rung = new Promise<void>((resolve) => {
          wakeSleeper = resolve;
        });
        await Promise.race([pause(ms), rung]);
      }
      wakeSleeper = undefined;
    },
    reset: () => {
      hasRung = false;
    },
    ring: () => {
      hasRung = true;
      wakeSleeper?.();
    },
    cancel: () => {
      isCancelled = true;
      for (const done of [...pauses]) done();
    },
  };
}
