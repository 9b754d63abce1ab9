import {
  AccessDeniedReason,
  type Amount,
  type Entitlement,
  type EntitlementResetPeriod,
  type EntitlementType,
  type FeatureDescription,
  type GrantsPart,
  parseAmount,
  type ResetRule,
  type Snapshot,
  type SnapshotKey,
  type UsagePart,
} from '@tollgate/contract';
import type { EntitlementFallback } from './fallback.js';
import type { View, Wanted } from './gate-port.js';

/** What the getters of the hosted product answer, as far as it is read here. */
export interface ReferenceEntitlement {
  hasAccess: boolean;
  isFallback: boolean;
  accessDeniedReason?: string | null;
  /** The discriminator of `getEntitlement`. */
  type?: string;
  feature?: { id?: string; displayName?: string; featureType?: string } | null;
  value?: number;
  currentUsage?: number;
  usageLimit?: number | null;
  isUnlimited?: boolean;
  hasSoftLimit?: boolean;
  enumValues?: string[];
  resetPeriod?: string | null;
  resetPeriodConfiguration?: { accordingTo?: string } | null;
  usagePeriodStart?: Date | string;
  usagePeriodEnd?: Date | string;
  usagePeriodAnchor?: Date | string;
}

/** A view made of single answers, and the fallbacks that some of them turned out to be. */
export interface ReferenceView extends View {
  fallbacks: ReadonlyMap<string, EntitlementFallback>;
}

type Answered = readonly [wanted: Wanted, answer: ReferenceEntitlement | undefined];

const version = Object.freeze({ epoch: '', catalog: 0, revision: 0, validFrom: 0 });
const reasons: ReadonlySet<string> = new Set(Object.values(AccessDeniedReason));
/** Denials that the gate works out from the numbers itself, with what is asked for and what is pending. */
const workedOut: readonly string[] = ['RequestedUsageExceedingLimit', 'RequestedValuesMismatch'];
const resetPeriods: readonly string[] = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] satisfies EntitlementResetPeriod[];

export function viewOf(key: SnapshotKey, answers: readonly Answered[], now: number): ReferenceView {
  const refusals = new Map<string, AccessDeniedReason>();
  const fallbacks = new Map<string, EntitlementFallback>();
  const entitlements = new Map<string, Entitlement>();
  const usage = new Map<string, UsagePart>();
  for (const [{ target, type }, answer] of answers) {
    const featureId = target.featureId ?? '';
    const refusal = answer ? refusalIn(answer) : 'Unknown';
    if (answer?.isFallback && answer.hasAccess) fallbacks.set(featureId, fallbackIn(answer));
    if (refusal || !answer) {
      refusals.set(featureId, refusal ?? 'Unknown');
      continue;
    }
    const entitlement = entitlementIn(featureId, answer, type ?? typeIn(answer));
    entitlements.set(featureId, entitlement);
    usage.set(featureId, counterIn(featureId, answer));
  }
  const isKnown = refusals.size < answers.length || [...refusals.values()].some((reason) => reason !== 'Unknown');
  const source = isKnown ? 'cache' : 'fallback';
  return { snapshots: snapshotsOf(key, entitlements, usage), now, source, refusals, fallbacks };
}

/** Why the answer is none to decide by; undefined when it is. */
function refusalIn({ isFallback, hasAccess, accessDeniedReason }: ReferenceEntitlement) {
  if (isFallback) return 'Unknown';
  if (hasAccess || workedOut.includes(accessDeniedReason ?? '')) return undefined;
  // A known no without a reason is one all the same; a reason of a newer version is not understood.
  if (!accessDeniedReason) return 'NoFeatureEntitlementInSubscription';
  return reasons.has(accessDeniedReason) ? (accessDeniedReason as AccessDeniedReason) : 'Unknown';
}

function fallbackIn({ usageLimit, value, isUnlimited, enumValues, hasSoftLimit }: ReferenceEntitlement) {
  return {
    hasAccess: true,
    ...(typeof usageLimit === 'number' && { usageLimit }),
    ...(value !== undefined && { value }),
    ...(isUnlimited !== undefined && { isUnlimited }),
    ...(enumValues && { enumValues }),
    ...(hasSoftLimit !== undefined && { hasSoftLimit }),
  };
}

function typeIn({ type, currentUsage, enumValues, value }: ReferenceEntitlement): EntitlementType {
  if (type === 'BOOLEAN' || type === 'NUMERIC' || type === 'METERED' || type === 'ENUM') return type;
  if (currentUsage !== undefined) return 'METERED';
  if (enumValues) return 'ENUM';
  return value === undefined ? 'BOOLEAN' : 'NUMERIC';
}

function entitlementIn(featureId: string, answer: ReferenceEntitlement, type: EntitlementType): Entitlement {
  const limit = type === 'NUMERIC' ? answer.value : answer.usageLimit;
  const hasUnlimitedUsage = answer.isUnlimited ?? false;
  return {
    feature: featureIn(featureId, answer, type),
    isGranted: true,
    usageLimit: hasUnlimitedUsage ? null : amountOf(limit ?? 0),
    hasUnlimitedUsage,
    hasSoftLimit: answer.hasSoftLimit ?? false,
    enumValues: [...(answer.enumValues ?? [])],
    reset: resetIn(answer),
    usageCountsFrom: null,
    creditRate: null,
    endsAt: null,
    afterwards: [],
  };
}

function featureIn(featureId: string, answer: ReferenceEntitlement, type: EntitlementType): FeatureDescription {
  return {
    featureId,
    displayName: answer.feature?.displayName ?? featureId,
    featureType: type === 'BOOLEAN' || type === 'ENUM' ? type : 'NUMBER',
    meterType: type === 'METERED' ? 'INCREMENTAL' : 'None',
    featureStatus: 'ACTIVE',
    unit: null,
    units: null,
    unitTransformation: null,
    hasEventMeter: false,
  };
}

function resetIn({ resetPeriod, resetPeriodConfiguration, ...answer }: ReferenceEntitlement): ResetRule | null {
  const anchor = instantOf(answer.usagePeriodAnchor ?? answer.usagePeriodStart);
  if (!resetPeriod || !resetPeriods.includes(resetPeriod) || anchor === null) return null;
  const accordingTo = resetPeriodConfiguration?.accordingTo ?? null;
  return { period: resetPeriod as EntitlementResetPeriod, accordingTo, anchor };
}

function counterIn(featureId: string, answer: ReferenceEntitlement): UsagePart {
  return {
    featureId,
    version,
    validUntil: null,
    currentUsage: amountOf(answer.currentUsage ?? 0),
    held: 0n,
    heldUntil: null,
    usagePeriodStart: instantOf(answer.usagePeriodStart),
    usagePeriodEnd: instantOf(answer.usagePeriodEnd),
  };
}

function snapshotsOf(
  { customerId, resourceId }: SnapshotKey,
  entitlements: ReadonlyMap<string, Entitlement>,
  usage: ReadonlyMap<string, UsagePart>,
) {
  const grants: GrantsPart = {
    version,
    validUntil: null,
    isCustomerKnown: true,
    isCustomerArchived: false,
    isResourceKnown: true,
    hasActiveSubscription: true,
    entitlements,
  };
  const asked: Snapshot = { customerId, resourceId, grants, usage, wallets: new Map() };
  if (resourceId === null) return { customer: asked, resource: null };
  // What was answered for a resource counts on a counter of its own.
  const bare = { ...asked, resourceId: null, grants: { ...grants, entitlements: new Map() }, usage: new Map() };
  return { customer: bare, resource: asked };
}

const amountOf = (value: number): Amount => parseAmount(value.toFixed(6), 'entitlement');

function instantOf(value: Date | string | undefined): number | null {
  const instant = value === undefined ? Number.NaN : new Date(value).getTime();
  return Number.isNaN(instant) ? null : instant;
}
