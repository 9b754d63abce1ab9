import type { ScopeGrants } from './entitlement/grants.js';
import { scopeGrants } from './entitlement/grants.js';
import { counterWindow, countingScope, type RunningWindow } from './entitlement/scope-windows.js';
import type { Standing } from './entitlement/standing.js';

/** What a standing gives, scope by scope; each is worked out once. */
export interface CustomerScopes {
  /** The customer's own scope where `resourceId` is null; a resource that the customer does not have gives nothing. */
  of(resourceId: string | null): ScopeGrants;
  /** The scope that counts usage of a feature that came with a resource, or without one. */
  counting(featureId: string, resourceId: string | null): ScopeGrants;
  /** The window that runs for a scope's usage of a feature. */
  window(scope: ScopeGrants, featureId: string): RunningWindow;
}

export function customerScopes(standing: Standing, now: number): CustomerScopes {
  const known = new Map<string | null, ScopeGrants>();
  const windows = new Map<string, RunningWindow>();
  const of = (resourceId: string | null): ScopeGrants => {
    const scope = known.get(resourceId) ?? scopeGrants(standing, resourceId);
    known.set(resourceId, scope);
    return scope;
  };
  return {
    of,
    counting: (featureId, resourceId) =>
      countingScope(of(null), resourceId === null ? null : of(resourceId), featureId),
    window: (scope, featureId) => {
      const place = `${featureId} ${scope.resourceId ?? ''}`;
      const window = windows.get(place) ?? counterWindow(scope, featureId, now);
      windows.set(place, window);
      return window;
    },
  };
}
