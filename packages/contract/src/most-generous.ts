import type { Entitlement, EntitlementStage, FeatureDescription, SnapshotPair } from './snapshot.js';

/**
 * The generous rule: of several sources for one feature the customer gets the best. Unlimited beats any number, a grant
 * beats a revocation at package level, enum values are united; at an equal number what costs nothing beats what is paid by
 * credits, then a soft limit beats a hard one. The reset rule, and with it the period, comes from the source that won, and
 * so does the cost in credits. Where one source ends, the other goes on.
 */
export function mostGenerous(a: Entitlement, b: Entitlement): Entitlement {
  let [left, right] = [stagesOf(a), stagesOf(b)];
  const stages: EntitlementStage[] = [];
  while (left[0] && right[0]) {
    const stage = better(left[0], right[0]);
    stages.push(stage);
    left = from(left, stage.endsAt);
    right = from(right, stage.endsAt);
  }
  return entitlementOfStages(a.feature, [...stages, ...left, ...right]);
}

/** `first`, up to its end; then what `second` still gives. For a source that beats every other as long as it lasts. */
export function firstThen(first: Entitlement, second: Entitlement): Entitlement {
  const stages = stagesOf(first);
  return entitlementOfStages(first.feature, [...stages, ...from(stagesOf(second), stages.at(-1)?.endsAt ?? null)]);
}

/** What holds at an instant, with what follows on it; undefined when that is not known without asking the engine. */
export function entitlementAt(entitlement: Entitlement, now: number): Entitlement | undefined {
  if (isBefore(now, entitlement.endsAt)) return entitlement;
  const stages = entitlement.afterwards.filter(({ endsAt }) => isBefore(now, endsAt));
  return stages.length === 0 ? undefined : entitlementOfStages(entitlement.feature, stages);
}

function stagesOf({ feature: _feature, afterwards, ...first }: Entitlement): EntitlementStage[] {
  return [first, ...afterwards];
}

function entitlementOfStages(feature: FeatureDescription, stages: readonly EntitlementStage[]): Entitlement {
  const [first, ...afterwards] = stages as [EntitlementStage, ...EntitlementStage[]];
  return { feature, ...first, afterwards };
}

/** The stages that go on at an instant; none where there is no such instant. */
function from(stages: EntitlementStage[], instant: number | null): EntitlementStage[] {
  return instant === null ? [] : stages.filter(({ endsAt }) => isBefore(instant, endsAt));
}

const isBefore = (instant: number, end: number | null): boolean => end === null || instant < end;

function better(a: EntitlementStage, b: EntitlementStage): EntitlementStage {
  const endsAt = earliest(a.endsAt, b.endsAt);
  if (a.isGranted !== b.isGranted) return { ...(a.isGranted ? a : b), endsAt };
  const winner = isAtLeastAsGenerous(a, b) ? a : b;
  return { ...winner, enumValues: [...new Set([...a.enumValues, ...b.enumValues])], endsAt };
}

/**
 * Which counter a question or a report about this feature means: the resource's if a subscription of that resource
 * entitles the feature, else the customer's. What the resource's subscription revokes and the customer's grants is the
 * customer's; where both are revoked, the resource goes on counting what it has of it.
 */
export function scopeOf(pair: SnapshotPair, featureId: string): 'resource' | 'customer' {
  const own = pair.resource?.grants.entitlements.get(featureId);
  if (!own) return 'customer';
  return own.isGranted || !pair.customer.grants.entitlements.get(featureId)?.isGranted ? 'resource' : 'customer';
}

/** Which wallet a question, a debit or a hold about this currency means: the resource's if it has one, else the customer's. */
export function walletScopeOf(pair: SnapshotPair, currencyId: string): 'resource' | 'customer' {
  return pair.resource?.wallets.has(currencyId) ? 'resource' : 'customer';
}

/** The entitlement of a resource and that of its customer, put together; undefined when neither has one. */
export function effectiveEntitlement(pair: SnapshotPair, featureId: string): Entitlement | undefined {
  const own = pair.resource?.grants.entitlements.get(featureId);
  const global = pair.customer.grants.entitlements.get(featureId);
  return own && global ? mostGenerous(own, global) : (own ?? global);
}

function isAtLeastAsGenerous(a: EntitlementStage, b: EntitlementStage): boolean {
  if (a.hasUnlimitedUsage !== b.hasUnlimitedUsage) return a.hasUnlimitedUsage;
  const [left, right] = [a.usageLimit ?? 0n, b.usageLimit ?? 0n];
  if (left !== right) return left > right;
  if ((a.creditRate === null) !== (b.creditRate === null)) return a.creditRate === null;
  return a.hasSoftLimit || !b.hasSoftLimit;
}

// What is put together can change as soon as either source ends.
function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
