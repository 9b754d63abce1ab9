import {
  type Amount,
  assertCustomerId,
  assertId,
  entitlementTypeOf,
  formatAmount,
  parseAmount,
  type ReportUsageInput,
  TollgateError,
  type UsageUpdateBehavior,
} from '@tollgate/contract';
import { type Catalog, describeFeature } from '../catalog/catalog.js';
import { contentHash, type Dimensions, invalid, readDimensions, readInstant, readKey } from './item-input.js';

/** One report of calculated usage, checked as far as that goes without knowing the customer. */
export interface UsageItem {
  customerId: string;
  featureId: string;
  resourceId: string | null;
  behavior: UsageUpdateBehavior;
  value: Amount;
  /** Null when neither the caller nor its outbox dated it. */
  createdAt: number | null;
  dimensions: Dimensions | null;
  idempotencyKey: string | null;
  contentHash: string;
}

export function readUsageItem(input: ReportUsageInput): UsageItem {
  assertCustomerId(input.customerId);
  assertId(input.featureId, 'featureId');
  const resourceId = input.resourceId ?? null;
  if (resourceId !== null) assertId(resourceId, 'resourceId');
  const behavior = input.updateBehavior ?? 'DELTA';
  if (behavior !== 'DELTA' && behavior !== 'SET') throw invalid('updateBehavior', 'must be DELTA or SET');
  const value = parseAmount(input.value, 'value');
  const createdAt = readInstant(input.createdAt, 'createdAt');
  const dimensions = readDimensions(input.dimensions);
  const { customerId, featureId } = input;
  // A date that an outbox filled in says when the item was sent first, not what it is.
  const dated = input.isCreatedAtFilledIn ? null : createdAt;
  const content = { featureId, resourceId, behavior, value: formatAmount(value), createdAt: dated, dimensions };
  return {
    customerId,
    featureId,
    resourceId,
    behavior,
    value,
    createdAt,
    dimensions,
    idempotencyKey: readKey(input.idempotencyKey),
    contentHash: contentHash(content),
  };
}

/** Calculated usage is for metered features that no raw events drive. */
export function assertReportable(catalog: Catalog, featureId: string): void {
  const feature = catalog.features.get(featureId);
  if (!feature || feature.isArchived) {
    throw new TollgateError('FEATURE_NOT_FOUND', `there is no feature ${featureId}`, { field: 'featureId' });
  }
  const description = describeFeature(feature);
  const type = entitlementTypeOf(description);
  if (type !== 'METERED') {
    const message = `${featureId} is ${type.toLowerCase()}: usage is reported for metered features only`;
    throw new TollgateError('FEATURE_TYPE_MISMATCH', message, { field: 'featureId' });
  }
  if (description.hasEventMeter) {
    const message = `${featureId} is metered by raw events: report events instead of usage`;
    throw new TollgateError('WRONG_USAGE_KIND', message, { field: 'featureId' });
  }
}

/** Whether a feature takes calculated usage. */
export function isReportable(catalog: Catalog, featureId: string): boolean {
  try {
    assertReportable(catalog, featureId);
    return true;
  } catch {
    return false;
  }
}
