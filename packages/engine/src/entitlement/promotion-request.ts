import {
  addMonths,
  assertId,
  type CatalogEntitlementValue,
  fromIso,
  type PromotionalEntitlementInput,
  type PromotionalPeriod,
  TollgateError,
} from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { readEntitlementValue } from '../catalog/entitlement-input.js';

/** A promotional grant that was asked for, checked against the catalog. */
export interface PromotionRequest {
  featureId: string;
  period: PromotionalPeriod;
  /** Null lasts for ever. */
  endDate: number | null;
  value: CatalogEntitlementValue;
  isVisible: boolean;
}

const promotionsMax = 100;
const weekMs = 7 * 86_400_000;

/** Rejects with the field that breaks a rule. `fewest` is 1 unless nothing may be asked for too. */
export function readPromotionRequests(
  catalog: Catalog,
  items: readonly PromotionalEntitlementInput[],
  now: number,
  fewest = 1,
): PromotionRequest[] {
  const field = 'promotionalEntitlements';
  if (items.length < fewest || items.length > promotionsMax) {
    throw broken(field, `must have ${fewest} to ${promotionsMax} entries, and has ${items.length}`);
  }
  return items.map((item, index): PromotionRequest => {
    const prefix = `${field}[${index}].`;
    assertId(item.featureId, `${prefix}featureId`);
    const isRepeated = items.slice(0, index).some(({ featureId }) => featureId === item.featureId);
    if (isRepeated) throw broken(`${prefix}featureId`, `names ${item.featureId} a second time`);
    return {
      featureId: item.featureId,
      value: readEntitlementValue(catalog, item.featureId, item, prefix),
      period: item.period,
      endDate: endDateOf(item, now, prefix),
      isVisible: item.isVisible ?? true,
    };
  });
}

/** Months and years keep the day of the month where there is one. */
function endDateOf({ period, customEndDate }: PromotionalEntitlementInput, now: number, prefix: string): number | null {
  const field = `${prefix}customEndDate`;
  if (period !== 'CUSTOM' && customEndDate) throw broken(field, 'must be left out unless period is CUSTOM');
  switch (period) {
    case 'ONE_WEEK':
      return now + weekMs;
    case 'ONE_MONTH':
      return addMonths(now, 1);
    case 'SIX_MONTHS':
      return addMonths(now, 6);
    case 'ONE_YEAR':
      return addMonths(now, 12);
    case 'LIFETIME':
      return null;
    case 'CUSTOM': {
      if (!customEndDate) throw broken(field, 'is required where period is CUSTOM');
      const end = fromIso(customEndDate);
      if (end <= now) throw broken(field, 'must lie in the future');
      return end;
    }
  }
}

function broken(field: string, rule: string): TollgateError {
  return new TollgateError('INVALID_ARGUMENT', `${field} ${rule}`, { field });
}
