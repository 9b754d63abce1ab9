import type { CatalogEntitlementValue, CatalogFeature, EntitlementBehavior } from '@tollgate/contract';
import { entitlementTypeOf } from '@tollgate/contract';
import { creditRateProblems } from './credit-rules.js';

type Value = CatalogEntitlementValue & { behavior?: EntitlementBehavior };

const resetConfigurations = {
  yearlyResetPeriodConfiguration: 'YEAR',
  monthlyResetPeriodConfiguration: 'MONTH',
  weeklyResetPeriodConfiguration: 'WEEK',
} as const;
const resetFields = ['resetPeriod', ...Object.keys(resetConfigurations)];
const amountFields = ['usageLimit', 'hasUnlimitedUsage', 'hasSoftLimit'];

/** Which fields besides `isGranted` and `behavior` say something about a feature of each kind. */
const fieldsOf: Record<string, readonly string[]> = {
  BOOLEAN: [],
  ENUM: ['enumValues', 'isCustom'],
  NUMERIC: ['usageLimit', 'hasUnlimitedUsage', 'isCustom'],
  METERED: [...amountFields, 'isCustom', ...resetFields, 'creditRate'],
};

/** The rules that an entitlement breaks, given the feature it is for; each with the field it is about. */
export function entitlementProblems(given: true | Value, feature: CatalogFeature): { field: string; rule: string }[] {
  const type = entitlementTypeOf({ featureType: feature.featureType, meterType: feature.meterType ?? 'None' });
  if (given === true) {
    if (type === 'BOOLEAN') return [];
    return [{ field: '', rule: `must be an object: true grants a boolean feature, and this one is ${nameOf(type)}` }];
  }
  const allowed = fieldsOf[type] ?? [];
  const foreign = Object.keys(given)
    .filter((field) => field !== 'isGranted' && field !== 'behavior' && !allowed.includes(field))
    .map((field) => ({ field, rule: `does not apply to ${nameOf(type)} feature` }));
  if (foreign.length > 0) return foreign;
  if (given.isGranted === false) return revocationProblems(given);
  const counted = [...resetProblems(given), ...(given.creditRate ? creditRateProblems(given.creditRate, feature) : [])];
  if (given.isCustom) return [...variableProblems(given), ...counted];
  if (type === 'ENUM') return enumProblems(given, feature);
  return type === 'BOOLEAN' ? [] : [...amountProblems(given), ...counted];
}

/** A revocation replaces what would be inherited, so it carries no value and cannot be an increment. */
function revocationProblems(given: Value): { field: string; rule: string }[] {
  const values = Object.keys(given).filter((field) => field !== 'isGranted' && field !== 'behavior');
  const problems = values.map((field) => ({ field, rule: 'says nothing where isGranted is false: leave it out' }));
  if (given.behavior === 'Increment') {
    problems.push({ field: 'behavior', rule: 'must be Override or left out where isGranted is false' });
  }
  return problems;
}

/** How much there is of a variable value is said when a subscription is provisioned; how it is counted is said here. */
function variableProblems(given: Value): { field: string; rule: string }[] {
  return (['usageLimit', 'hasUnlimitedUsage', 'enumValues'] as const)
    .filter((field) => given[field] !== undefined && given[field] !== false)
    .map((field) => ({ field, rule: 'must be left out where isCustom is true: provisioning gives the value' }));
}

function enumProblems(given: Value, feature: CatalogFeature): { field: string; rule: string }[] {
  if (!given.enumValues) return [{ field: 'enumValues', rule: 'is required for an enum feature' }];
  const known = new Set(feature.enumConfiguration?.map(({ value }) => value));
  const unknown = given.enumValues.filter((value) => !known.has(value));
  if (unknown.length === 0) return [];
  return [{ field: 'enumValues', rule: `names ${unknown.join(', ')}, which the feature's enumConfiguration does not` }];
}

function amountProblems(given: Value): { field: string; rule: string }[] {
  if (given.usageLimit !== undefined && given.hasUnlimitedUsage) {
    return [{ field: 'usageLimit', rule: 'must be left out where hasUnlimitedUsage is true' }];
  }
  // What is paid by credits needs no limit beside them.
  if (given.usageLimit === undefined && !given.hasUnlimitedUsage && !given.creditRate) {
    return [{ field: 'usageLimit', rule: 'is required unless hasUnlimitedUsage is true' }];
  }
  return [];
}

function resetProblems(given: Value): { field: string; rule: string }[] {
  return Object.entries(resetConfigurations)
    .filter(([field, period]) => field in given && given.resetPeriod !== period)
    .map(([field, period]) => ({ field, rule: `needs resetPeriod ${period}` }));
}

function nameOf(type: string): string {
  const name = type.toLowerCase();
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
