import { assertCustomerId, assertId, type EntitlementSourceWire, formatAmount, toIsoOrNull } from '@tollgate/contract';
import type { EngineContext } from './engine-context.js';
import { type EntitlementSource, entitlementSources } from './entitlement/entitlement-sources.js';
import { loadStanding } from './standing.js';
import type { CustomerKey } from './storage/usage-store.js';

/** What gives a customer, and one of its resources, a feature: each source by itself, as of one instant. */
export async function readEntitlementSources(
  context: EngineContext,
  key: CustomerKey,
  { featureId, resourceId }: { featureId: string; resourceId: string | null },
  now: number,
): Promise<EntitlementSourceWire[]> {
  assertCustomerId(key.customerId);
  assertId(featureId, 'featureId');
  if (resourceId !== null) assertId(resourceId, 'resourceId');
  const scopes = resourceId === null ? [null] : [null, resourceId];
  return context.database.transaction(
    async (tx) => {
      const standing = await loadStanding(context, tx, key, scopes, now);
      return scopes.flatMap((scope) => entitlementSources(standing, scope, featureId)).map(toWire);
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

function toWire({ entitlement, ...source }: EntitlementSource): EntitlementSourceWire {
  const { isGranted, usageLimit, hasUnlimitedUsage, hasSoftLimit, enumValues, endsAt } = entitlement;
  return {
    ...source,
    isGranted,
    usageLimit: usageLimit === null ? null : formatAmount(usageLimit),
    hasUnlimitedUsage,
    hasSoftLimit,
    enumValues: [...enumValues],
    endsAt: toIsoOrNull(endsAt),
  };
}
