import { type FeatureDescription, FeatureTypesDocument, featureFromWire, formatAmount } from '@tollgate/contract';
import { within } from './deadline.js';
import type { EngineClock } from './engine-clock.js';
import type { EngineLink } from './engine-link.js';
import type { GatePort, View } from './gate-port.js';
import { holdAccess } from './hold-access.js';
import type { HotLane } from './hot-lane.js';
import type { OffersReader } from './offers.js';
import type { ResolvedOptions } from './options.js';
import type { Outbox } from './outbox.js';
import type { OutboxEntry } from './outbox-entry.js';
import type { Settlements } from './settlements.js';
import type { Snapshots } from './snapshots.js';

export interface GateAccessOptions {
  options: ResolvedOptions;
  snapshots: Snapshots;
  outbox: Outbox;
  entry: OutboxEntry;
  lane: HotLane;
  settlements: Settlements;
  offers: OffersReader;
  link: EngineLink;
  clock: EngineClock;
  newId(): string;
  isClosed(): boolean;
}

const featureTypesMax = 1_000;
const settlementsMax = 50_000;

/** The port through which the gate, and the getters, see a client. */
export function gateAccess(access: GateAccessOptions): GatePort {
  const { options, snapshots, outbox, entry, lane, settlements, offers, link, clock, newId, isClosed } = access;
  const isBlind = (): boolean => options.isOffline || isClosed();
  const nothing = (): View => ({ snapshots: undefined, now: clock.now(), source: 'fallback' });
  const hasRoom = (): boolean => outbox.hasRoom() && settlements.waiting() < settlementsMax;

  return {
    isReference: false,
    view: async (key, { deadlineMs }) => (isBlind() ? nothing() : snapshots.view(key, deadlineMs)),
    viewNow: (key) => (isBlind() ? undefined : snapshots.viewNow(key)),
    viewAgain: (key) => (isBlind() ? undefined : snapshots.viewAgain(key)),
    configuredFallback: ({ featureId, currencyId }) =>
      featureId === undefined
        ? options.creditEntitlementsFallback.get(currencyId)
        : options.entitlementsFallback.get(featureId),
    acceptUsage: ({ value, ...item }) => ({
      settled: entry.addUsage({ ...item, value: formatAmount(value), updateBehavior: 'DELTA' }),
    }),
    acceptAmount: (feature, amount) => ({ settled: entry.addAmount(feature, amount) }),
    acceptCredits: ({ amount, ...item }) => ({
      settled: entry.addConsumption({ ...item, amount: formatAmount(amount) }),
    }),
    isAcceptingUsage: () => !isClosed() && (options.isOffline || hasRoom()),
    sendUnderWay: (deadlineMs) => outbox.sendUnderWay(deadlineMs),
    flush: async (deadlineMs) => {
      outbox.wake();
      settlements.wake();
      await within(Promise.all([outbox.settled(), settlements.settled()]), deadlineMs);
    },
    holds: holdAccess(lane, settlements),
    offers: async (asked, patienceMs) => (isBlind() ? undefined : offers.read(asked, patienceMs)),
    featureTypes: async (featureIds) => {
      const types: (FeatureDescription | null)[] = [];
      for (let from = 0; from < featureIds.length; from += featureTypesMax) {
        const slice = featureIds.slice(from, from + featureTypesMax);
        const reply = await link.execute(FeatureTypesDocument, { featureIds: slice }, options.timeoutMs);
        types.push(...reply.featureTypes.map((feature) => feature && featureFromWire(feature)));
      }
      return types;
    },
    newId,
    logger: options.logger,
    hooks: options.hooks,
  };
}
