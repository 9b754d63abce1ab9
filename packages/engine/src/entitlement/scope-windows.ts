import { entitlementTypeOf, type Snapshot, scopeOf } from '@tollgate/contract';
import type { Counter, CounterKey } from '../usage/counter.js';
import { aggregationOf } from '../usage/meter.js';
import { type UsageWindow, usageWindowAt } from '../usage/usage-window.js';
import type { ScopeGrants } from './grants.js';

/** Which rows a counter counts, and how they come to one number. */
export type CounterWindow = CounterKey & UsageWindow & Pick<Counter, 'aggregation'>;

/** The window that runs, and how to find that of another instant. */
export interface RunningWindow extends CounterWindow {
  at(instant: number): CounterWindow;
}

/** The window of every counter that a scope's snapshot carries: one for each metered entitlement. */
export function scopeWindows(scope: ScopeGrants, now: number): RunningWindow[] {
  return [...scope.grants.entitlements.values()]
    .filter((entitlement) => entitlementTypeOf(entitlement.feature) === 'METERED')
    .map((entitlement) => counterWindow(scope, entitlement.feature.featureId, now));
}

/** The window in which a scope's usage of a feature is counted at `now`, entitled or not. */
export function counterWindow(scope: ScopeGrants, featureId: string, now: number): RunningWindow {
  const entitlement = scope.grants.entitlements.get(featureId);
  const cut = entitlement?.usageCountsFrom ?? null;
  const cutRevision = cut === null ? null : (scope.cutRevisions.get(cut) ?? null);
  const counted = {
    featureId,
    resourceId: scope.resourceId ?? '',
    aggregation: aggregationOf(scope.catalog, featureId),
  };
  const at = (instant: number) => ({ ...counted, ...usageWindowAt(entitlement, cutRevision, instant) });
  return { ...at(now), at };
}

/** Which scope counts usage of a feature that came with a resource: the same choice that a decision makes. */
export function countingScope(customer: ScopeGrants, resource: ScopeGrants | null, featureId: string): ScopeGrants {
  if (!resource) return customer;
  return scopeOf({ customer: withoutUsage(customer), resource: withoutUsage(resource) }, featureId) === 'resource'
    ? resource
    : customer;
}

function withoutUsage({ grants, resourceId }: ScopeGrants): Snapshot {
  return { customerId: '', resourceId, grants, usage: new Map(), wallets: new Map() };
}
