import {
  amountToNumber,
  type CatalogCreditRate,
  type CatalogEntitlementValue,
  type CatalogFeature,
  parseAmount,
  TollgateError,
} from '@tollgate/contract';
import type { Catalog, Published } from './catalog.js';
import { planEntitlementShape } from './catalog-shape.js';
import { entitlementProblems } from './entitlement-rules.js';

/** The fields with which a call, rather than a catalog file, says what it gives of one feature. */
export interface EntitlementValueInput {
  isGranted?: boolean | null;
  /** A decimal string. */
  usageLimit?: string | null;
  hasUnlimitedUsage?: boolean | null;
  hasSoftLimit?: boolean | null;
  enumValues?: readonly string[] | null;
  resetPeriod?: string | null;
  yearlyResetPeriodConfiguration?: { accordingTo: string } | null;
  monthlyResetPeriodConfiguration?: { accordingTo: string } | null;
  weeklyResetPeriodConfiguration?: { accordingTo: string } | null;
  /** No call says it: it comes from the plan whose value is filled in. */
  creditRate?: CatalogCreditRate;
}

const valueFields = [
  'isGranted',
  'hasUnlimitedUsage',
  'hasSoftLimit',
  'enumValues',
  'resetPeriod',
  'yearlyResetPeriodConfiguration',
  'monthlyResetPeriodConfiguration',
  'weeklyResetPeriodConfiguration',
  'creditRate',
] as const satisfies readonly (keyof EntitlementValueInput)[];

/**
 * Checks a value against the type of the feature that it is for, by the rules of a catalog file. A field that is null
 * was left out. Rejects with the field that breaks a rule; `prefix` stands before its name.
 */
export function readEntitlementValue(
  catalog: Catalog,
  featureId: string,
  input: EntitlementValueInput,
  prefix: string,
): CatalogEntitlementValue {
  const feature = publishedFeature(catalog, featureId, `${prefix}featureId`);
  const given: Record<string, unknown> = {};
  for (const field of valueFields) {
    const value = input[field] ?? undefined;
    // `false` is what these fields mean when they are left out, for whatever kind of feature.
    const isUsual = value === false && (field === 'hasUnlimitedUsage' || field === 'hasSoftLimit');
    if (value !== undefined && !isUsual) given[field] = value;
  }
  if (input.usageLimit !== undefined && input.usageLimit !== null) {
    given.usageLimit = amountToNumber(parseAmount(input.usageLimit, `${prefix}usageLimit`));
  }
  const shape = planEntitlementShape.safeParse(given);
  if (!shape.success) {
    const [issue] = shape.error.issues;
    throw broken(`${prefix}${issue?.path.join('.')}`, issue?.message ?? 'is not right');
  }
  const value = shape.data as CatalogEntitlementValue;
  const [problem] = entitlementProblems(value, feature.content);
  if (problem)
    throw broken(problem.field === '' ? prefix.replace(/\.$/, '') : `${prefix}${problem.field}`, problem.rule);
  return value;
}

/** Rejects with FEATURE_NOT_FOUND for a feature that nobody published, or that is archived. */
export function publishedFeature(catalog: Catalog, featureId: string, field: string): Published<CatalogFeature> {
  const feature = catalog.features.get(featureId);
  if (!feature || feature.isArchived) {
    throw new TollgateError('FEATURE_NOT_FOUND', `there is no feature ${featureId}`, { field });
  }
  return feature;
}

function broken(field: string, rule: string): TollgateError {
  return new TollgateError('INVALID_ARGUMENT', `${field} ${rule}`, { field });
}
