import { amountToNumber, type SnapshotKey, toIso } from '@tollgate/contract';
import type { EngineClock } from './engine-clock.js';
import { stateOf } from './entitlement-reads.js';
import type { Events } from './events.js';
import type { FeedOptions } from './feed.js';
import type { View } from './gate-port.js';
import { keyText } from './key-text.js';
import type { SafeLogger } from './safe-logger.js';
import type { Snapshots } from './snapshots.js';

export interface FeedEffectsOptions {
  clock: EngineClock;
  events: Events;
  logger: SafeLogger;
  snapshots: Snapshots;
}

/** How many customers are fetched again at the same time after a change that met many of them. */
const refetchesMax = 4;

/** What a message of the change feed does to the clock, the cache and the listeners. */
export function feedEffects({ clock, events, logger, snapshots }: FeedEffectsOptions): FeedOptions['onBatch'] {
  const due = new Map<string, SnapshotKey>();
  let refetches = 0;
  let epoch: string | undefined;

  const tellUpdated = ({ customerId, resourceId }: SnapshotKey, view: View | undefined): void => {
    if (!view?.snapshots || !events.has('entitlementsUpdated')) return;
    const { entitlements } = stateOf(view.snapshots, view.now);
    events.emit('entitlementsUpdated', { customerId, resourceId, entitlements });
  };

  const refetch = async (key: SnapshotKey): Promise<void> => {
    refetches += 1;
    try {
      tellUpdated(key, await snapshots.reload(key));
    } catch (error) {
      // What is cached is marked stale: whoever reads it next asks again.
      logger.debug('changed entitlements could not be fetched', error);
    } finally {
      refetches -= 1;
      refetchNext();
    }
  };

  const refetchNext = (): void => {
    for (const [text, key] of due) {
      if (refetches >= refetchesMax) return;
      due.delete(text);
      void refetch(key);
    }
  };

  return (batch, startsAnew) => {
    if (epoch === undefined || epoch === batch.epoch) clock.observe(batch.clock);
    else clock.restart(batch.clock);
    epoch = batch.epoch;

    const isPublished = snapshots.takeKnown({ epoch: batch.epoch, catalog: batch.catalog });
    snapshots.takeNumbers(batch, false);
    for (const { key, part } of batch.usage) {
      events.emit('usageUpdated', {
        customerId: key.customerId,
        resourceId: key.resourceId,
        featureId: part.featureId,
        currentUsage: amountToNumber(part.currentUsage),
        usagePeriodStart: dateOrNull(part.usagePeriodStart),
        usagePeriodEnd: dateOrNull(part.usagePeriodEnd),
      });
    }
    for (const { key, version } of batch.grants) {
      const cached = snapshots.takeNotice(key, version);
      if (cached === 'outdated') due.set(keyText(key), key);
      // This client made the change itself, and has its outcome already.
      else if (cached === 'current') tellUpdated(key, snapshots.viewAgain(key));
    }
    snapshots.takePosition(batch.cursor, startsAnew);
    if (isPublished) {
      logger.log(`catalog ${batch.catalog} was published at ${toIso(batch.clock.now)}`);
      events.emit('packagePublished', { catalog: batch.catalog });
    }
    refetchNext();
  };
}

function dateOrNull(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}
