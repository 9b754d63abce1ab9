import type { PromotionalEntitlementWire, Snapshot, SubscriptionWire } from '@tollgate/contract';
import { limitOf, type PlanId } from './history-catalog.js';

/** One publish of one plan, as the history itself remembers it. */
export interface Publish {
  planId: PlanId;
  version: number;
  at: number;
  isForAll: boolean;
}

/** What is seen of one customer at an instant. */
export interface Sight {
  now: number;
  subscriptions: readonly SubscriptionWire[];
  promotions: readonly PromotionalEntitlementWire[];
  snapshots: readonly Snapshot[];
  isArchived: boolean;
}

/** What the history remembers and the engine is not asked for. */
export interface Memory {
  publishes: readonly Publish[];
  /** By subscription: when it was moved to the newest version. */
  migrations: ReadonlyMap<string, readonly number[]>;
  /** Subscriptions whose entitlements were to go at once. */
  revoked: ReadonlySet<string>;
}

const isRunning = ({ status }: SubscriptionWire): boolean => status === 'ACTIVE' || status === 'IN_TRIAL';

/** The first rule of those below that does not hold, in words; null when all do. */
export function brokenRule(sight: Sight, memory: Memory): string | null {
  return (
    onePerPlace(sight) ?? nothingPastItsEnd(sight) ?? soldAsPublished(sight, memory) ?? grantedByWhat(sight, memory)
  );
}

/** At most one trial and one active subscription per customer, product and resource. */
function onePerPlace({ subscriptions }: Sight): string | null {
  const places = subscriptions
    .filter(isRunning)
    .map(({ customerId, productId, resourceId, status }) => [customerId, productId, resourceId, status].join(' '));
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  return twice === undefined ? null : `two subscriptions at once: ${twice}`;
}

/** What runs has begun and not ended, and what is shown as active has not ended. */
function nothingPastItsEnd({ now, subscriptions, promotions }: Sight): string | null {
  const isPast = (date: string | null | undefined) => typeof date === 'string' && Date.parse(date) <= now;
  for (const subscription of subscriptions.filter(isRunning)) {
    const { subscriptionId, status, startDate, endDate, cancellationDate, trialEndDate } = subscription;
    const isOver = isPast(endDate) || isPast(cancellationDate) || (status === 'IN_TRIAL' && isPast(trialEndDate));
    if (isOver || !isPast(startDate))
      return `${subscriptionId} runs outside its dates: ${JSON.stringify(subscription)}`;
  }
  const over = promotions.find(({ status, endDate }) => status === 'Active' && isPast(endDate));
  return over ? `promotion of ${over.featureId} is active past its end` : null;
}

/** The version that a subscription was sold is the one that was newest when it was sold. */
function soldAsPublished({ subscriptions }: Sight, { publishes, migrations }: Memory): string | null {
  for (const { subscriptionId, planId, planVersion, createdAt, futureUpdates } of subscriptions) {
    const executed = futureUpdates.filter(({ scheduleStatus }) => scheduleStatus === 'DONE');
    const sold = [
      Date.parse(createdAt),
      ...executed.map(({ scheduledExecutionTime }) => Date.parse(scheduledExecutionTime)),
      ...(migrations.get(subscriptionId) ?? []),
    ];
    const versions = sold.map((at) => newest(publishes.filter((each) => each.planId === planId && each.at <= at)));
    if (!versions.includes(planVersion)) {
      return `${subscriptionId} has version ${planVersion} of ${planId}, and could have been sold ${versions.join(', ')}`;
    }
  }
  return null;
}

/** The limit in each scope is the best of what runs there, at the versions that count, and of what was promoted. */
function grantedByWhat(sight: Sight, memory: Memory): string | null {
  const held = sight.promotions.find(({ status, featureId }) => status === 'Active' && featureId === 'calls');
  for (const { resourceId, grants } of sight.snapshots) {
    const running = sight.subscriptions.filter((each) => isRunning(each) && each.resourceId === resourceId);
    const limits = (from: readonly SubscriptionWire[]): bigint[] => [
      ...from.map((each) => limitUnder(each, memory.publishes)),
      ...(held?.isGranted && resourceId === null ? [BigInt(held.usageLimit as string) * 1_000_000n] : []),
    ];
    const found = grants.entitlements.get('calls');
    const isRevokedByPromotion = held !== undefined && !held.isGranted;
    // Whether a cancellation that revoked was taken back is the engine's to say: both answers are right here.
    const expected = [running, running.filter(({ subscriptionId }) => !memory.revoked.has(subscriptionId))].map(
      (from) => (isRevokedByPromotion ? revokedIn(resourceId, from) : best(limits(from))),
    );
    const actual = found === undefined ? 'nothing' : found.isGranted ? String(found.usageLimit) : 'revoked';
    if (!expected.includes(actual)) {
      return `calls of ${resourceId ?? 'the customer'}: ${actual} instead of ${expected.join(' or ')}`;
    }
  }
  return null;
}

const revokedIn = (resourceId: string | null, running: readonly SubscriptionWire[]): string =>
  resourceId === null || running.length > 0 ? 'revoked' : 'nothing';

const best = (limits: readonly bigint[]): string =>
  limits.length === 0 ? 'nothing' : String([...limits].sort((a, b) => (a < b ? 1 : -1))[0]);

function limitUnder({ planId, planVersion }: SubscriptionWire, publishes: readonly Publish[]): bigint {
  const forAll = newest(publishes.filter((each) => each.planId === planId && each.isForAll));
  return BigInt(limitOf(planId as PlanId, Math.max(planVersion, forAll))) * 1_000_000n;
}

const newest = (publishes: readonly Publish[]): number => Math.max(0, ...publishes.map(({ version }) => version));
