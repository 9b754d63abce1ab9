import { randomUUID } from 'node:crypto';
import { TollgateError } from '@tollgate/contract';
import { type ClientStatus, stateOfClient } from './client-status.js';
import { monotonicClock } from './clock.js';
import { creditConsumption } from './credit-consumption.js';
import { within } from './deadline.js';
import { engineClock } from './engine-clock.js';
import { engineLink } from './engine-link.js';
import { entitlementReads } from './entitlement-reads.js';
import { events as createEvents } from './events.js';
import { explainer } from './explain.js';
import { feed as createFeed } from './feed.js';
import { feedEffects } from './feed-effects.js';
import { gateAccess } from './gate-access.js';
import { ackNumbers, answerNumbers } from './hot-answer.js';
import { hotLane } from './hot-lane.js';
import { initialization } from './initialization.js';
import { management } from './management.js';
import { offersReader } from './offers.js';
import { offlineTransport } from './offline-transport.js';
import type { ResolvedOptions } from './options.js';
import { outbox as createOutbox } from './outbox.js';
import { outboxEntry } from './outbox-entry.js';
import { random } from './random.js';
import { remoteTransport } from './remote-transport.js';
import { reservations } from './reservations.js';
import { settlements as createSettlements } from './settlements.js';
import { snapshots as createSnapshots } from './snapshots.js';
import { usageEventsOf } from './usage-events.js';
import { usageReports } from './usage-reports.js';

export type ClientCore = ReturnType<typeof clientCore>;

const closeDeadlineMs = 5_000;
const newId = (): string => randomUUID();

/** Puts the parts of one client together and starts its background work. */
export function clientCore(options: ResolvedOptions) {
  const { logger, hooks, isOffline, timeoutMs, entitlementsTimeoutMs } = options;
  const transport = isOffline
    ? offlineTransport
    : (options.transport ?? remoteTransport({ ...options, instanceId: newId() }));
  const shared = isOffline ? undefined : options.cache;
  const events = createEvents(logger);
  const clock = engineClock(monotonicClock);
  const link = engineLink(transport, { clock, events, logger, hooks });

  const snapshots = createSnapshots({
    link,
    clock,
    events,
    hooks,
    shared,
    monotonic: monotonicClock,
    feedState: (monotonicMs) => (options.isRealtime ? feed.state(monotonicMs) : null),
    memoryCacheMaxSizeBytes: options.memoryCacheMaxSizeBytes,
    timeoutMs: entitlementsTimeoutMs,
  });
  const lane = hotLane({
    link,
    monotonic: monotonicClock,
    onAnswer: (answer, operation) => {
      snapshots.takeNumbers(answerNumbers(answer), true);
      if (hooks.onUsage) for (const event of usageEventsOf(operation, answer)) hooks.onUsage(event);
    },
  });
  const settlements = createSettlements({
    lane,
    random,
    timeoutMs,
    onRefused: (input, error) => entry.tellRefused({ kind: 'settlement', input, error }),
  });
  const outbox = createOutbox({
    link,
    clock,
    random,
    newId,
    timeoutMs,
    monotonic: monotonicClock,
    hooks,
    onUsageStored: (ack) => snapshots.takeNumbers(ackNumbers(ack), true),
    onRefused: (letter) => entry.tellRefused(letter),
  });
  const entry = outboxEntry({ outbox, events, logger, hooks, isOffline });
  const takeBatch = feedEffects({ clock, events, logger, snapshots });
  const feed = createFeed({
    transport,
    random,
    monotonic: monotonicClock,
    onBatch: (batch, startsAnew) => {
      takeBatch(batch, startsAnew);
      if (link.isUnreachable()) {
        outbox.wake();
        settlements.wake();
      }
      link.heard();
    },
    onLost: (error) => {
      if (error) link.failed(error);
    },
  });
  if (shared) {
    shared.onError = (error) => {
      logger.error('the shared cache failed', error);
      events.emit('redisClientError', { error, clientName: options.clientName });
    };
  }

  const isReady = initialization({ link, feed, events, logger, isOffline, isRealtime: options.isRealtime, timeoutMs });
  let closing: Promise<void> | undefined;

  const close = async (deadlineMs: number): Promise<void> => {
    const patienceMs = isOffline ? 0 : deadlineMs;
    await Promise.all([outbox.close(patienceMs), settlements.close(patienceMs)]);
    link.close();
    feed.close();
    await within(snapshots.idle(), deadlineMs);
    await settleAll([() => options.cache?.close(), () => transport.close?.()]);
    if (isOffline) await settleAll([() => options.transport?.close?.()]);
    await within(outbox.settled(), deadlineMs);
  };

  const settleAll = async (closes: (() => Promise<void> | undefined)[]): Promise<void> => {
    const results = await Promise.allSettled(closes.map(async (closeOne) => closeOne()));
    for (const result of results) {
      if (result.status === 'rejected') logger.error('closing failed', result.reason);
    }
  };

  const whileOpen = async <T>(call: () => Promise<T>): Promise<T> => {
    if (closing) throw new TollgateError('CLOSED', 'the client was closed');
    return call();
  };

  const outboxCounts = () => {
    const { waiting, deadLetters } = outbox.counts();
    return { waiting: waiting + settlements.waiting(), deadLetters: deadLetters + settlements.refused() };
  };

  const gatePort = gateAccess({
    options,
    snapshots,
    outbox,
    entry,
    lane,
    settlements,
    offers: offersReader({ link, logger, timeoutMs, monotonic: monotonicClock }),
    link,
    clock,
    newId,
    isClosed: () => closing !== undefined,
  });
  return {
    events,
    isReady,
    whileOpen,
    outbox: entry,
    outboxCounts,
    status: (): ClientStatus => {
      const isConnecting = !isOffline && closing === undefined;
      const isHeardOf = clock.at(monotonicClock()) !== undefined;
      const isThere = options.isRealtime ? feed.state().isLive : !link.isUnreachable();
      return { state: stateOfClient({ isConnecting, isHeardOf, isThere }), ...outboxCounts() };
    },
    snapshots,
    gatePort,
    reads: entitlementReads({
      view: (key) => gatePort.view(key, { deadlineMs: entitlementsTimeoutMs, wanted: [] }),
      hooks,
      monotonic: monotonicClock,
      logger,
      fallbacks: options.entitlementsFallback,
      creditFallbacks: options.creditEntitlementsFallback,
      fallbackOnMissingEntitlement: options.fallbackOnMissingEntitlement,
    }),
    explain: explainer({ port: gatePort, link, deadlineMs: entitlementsTimeoutMs, ages: snapshots.ages }),
    reports: usageReports({ lane, timeoutMs, isOffline, newId, now: clock.now }),
    consumeCredits: creditConsumption({ lane, timeoutMs, isOffline, now: clock.now }),
    reservations: reservations({ lane, link, timeoutMs, isOffline, newId }),
    management: management({
      execute: (operation, variables, patienceMs = 0) =>
        whileOpen(() => link.execute(operation, variables, Math.max(timeoutMs, patienceMs))),
      now: clock.now,
      begin: snapshots.begin,
      newId,
      logger,
    }),
    logger,
    close: (deadlineMs = closeDeadlineMs): Promise<void> => {
      closing ??= close(deadlineMs);
      return closing;
    },
  };
}
