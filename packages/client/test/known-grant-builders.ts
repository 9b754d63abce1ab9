import type { Entitlement, EntitlementStage, SnapshotPair, UsagePart } from '@tollgate/contract';
import { admittedOf, type Entry } from '../src/gate/admitted.js';
import type { Asked } from '../src/gate/asked.js';
import { type Assessment, assess, assessedAgain } from '../src/gate/assessment.js';
import { knownGrants } from '../src/gate/known-grants.js';
import { pendingUsage } from '../src/gate/pending.js';
import type { QuotaHeaders } from '../src/gate/quota-headers.js';
import type { View } from '../src/gate-port.js';
import { counter, entitlement, feature, grants, million, snapshot } from './snapshot-builders.js';

export const minute = 60_000;
export const hour = 60 * minute;
export const noon = Date.UTC(2026, 0, 15, 12);
export const feb1 = Date.UTC(2026, 1, 1);
export const nextYear = Date.UTC(2027, 0, 1);

export const monthly = { period: 'MONTH', accordingTo: 'StartOfTheMonth', anchor: 0 } as const;
export const logger = { log: () => {}, debug: () => {}, error: () => {} };

export const sso = feature({ featureId: 'sso', featureType: 'BOOLEAN', meterType: 'None' });
export const formats = feature({ featureId: 'formats', featureType: 'ENUM', meterType: 'None' });
export const upload = feature({ featureId: 'upload', meterType: 'None' });
export const calls = feature({ featureId: 'calls' });

/** Ten calls a month, and more are let in. */
export const softCalls = (over: Partial<Entitlement> = {}): Entitlement =>
  entitlement({ feature: calls, usageLimit: 10n * million, hasSoftLimit: true, reset: monthly, ...over });
export const callsCounter = (used: bigint, over: Partial<UsagePart> = {}): UsagePart =>
  counter(used, { featureId: 'calls', usagePeriodEnd: feb1, ...over });

export const stage = ({ feature: _, afterwards: __, ...first }: Entitlement): EntitlementStage => first;

/** What acme has, of itself; nothing is due in these snapshots before the year is over. */
export const acme = (entitlements: Entitlement[], usage: UsagePart[] = []): SnapshotPair => ({
  customer: snapshot({ grants: grants(entitlements, { validUntil: nextYear }) }, usage),
  resource: null,
});
export const at = (snapshots: SnapshotPair | undefined, now: number, source: View['source'] = 'cache'): View => ({
  snapshots,
  now,
  source,
});

/** What a gate knows, and what it has pending. */
export function gateMemory(quotaHeaders: QuotaHeaders = 'draft-11') {
  const options = { settleBy: undefined, onAbort: 'release', quotaHeaders } as const;
  const known = knownGrants(quotaHeaders);
  const pending = pendingUsage();
  const admit = (...entries: Entry[]) =>
    admittedOf(options, { entries, unasked: [], headers: {}, origin: undefined, logger });
  const decide = (asked: Asked, view: View, fallback?: { hasAccess: boolean }): Assessment => {
    const assessment = assess(asked, view, { pending, fallback });
    known.add(assessment, admit({ assessment }), undefined);
    return assessment;
  };
  /** Undefined where it has to be decided. */
  const again = ({ requirement }: Asked, view: View): Assessment | undefined => {
    const found = known.of(requirement, view);
    return found && assessedAgain(found.assessment, view, pending.of(found.assessment.counter));
  };
  /** What the headers of such a request say; undefined where it has to be decided. */
  const toldAgain = ({ requirement }: Asked, view: View) => {
    const found = known.of(requirement, view);
    return found?.quotaHeaders(pending.of(found.assessment.counter), view.now);
  };
  /** As a request is answered: from what is known, else decided, and then remembered if it may be. */
  const answer = (asked: Asked, view: View): Assessment => again(asked, view) ?? decide(asked, view);
  return { known, pending, admit, decide, again, toldAgain, answer };
}

/** Whether the same question is answered without deciding after it was decided once. */
export function isRemembered(asked: Asked, view: View, fallback?: { hasAccess: boolean }): boolean {
  const { decide, again } = gateMemory();
  decide(asked, view, fallback);
  return again(asked, view) !== undefined;
}
