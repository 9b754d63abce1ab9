import { type PromotionalEntitlementInput, PromotionalEntitlementPeriod } from '@tollgate/contract';
import {
  anything,
  choice,
  customerId,
  date,
  flag,
  id,
  optional,
  type Rule,
  type Rules,
  readFields,
} from './field-rules.js';
import { listOf } from './input-rules.js';
import { periodToWire } from './promotion.js';
import { entitlementValueRules } from './subscription-rules.js';
import type { DateParam, EntitlementValueParams } from './subscription-terms.js';
import type { FeatureId } from './typed-catalog.js';

/** One grant beside any subscription. `isGranted: false` revokes the feature whatever the subscriptions say. */
export interface PromotionalEntitlementParams<Id extends string = FeatureId> extends EntitlementValueParams {
  featureId: Id;
  period: PromotionalEntitlementPeriod;
  /** Required by the period `custom`. */
  customEndDate?: DateParam | null;
  /** Display only. */
  isVisible?: boolean | null;
}

export interface GrantPromotionalEntitlements<Id extends string = FeatureId> {
  customerId: string;
  /** At least one; at most 100. */
  promotionalEntitlements: PromotionalEntitlementParams<Id>[];
}

export interface RevokePromotionalEntitlements<Id extends string = FeatureId> {
  customerId: string;
  featureId: Id;
}

export interface GrantPromotionalEntitlementsGroup<Id extends string = FeatureId> {
  customerId: string;
  featureGroupId: string;
  /** What the customer does not have yet; none where every feature of the group is granted already. */
  promotionalEntitlements: PromotionalEntitlementParams<Id>[];
}

export interface PromotionalEntitlementsGroup {
  customerId: string;
  featureGroupId: string;
}

const period: Rule<PromotionalEntitlementInput['period']> = (value, field) =>
  periodToWire[choice(PromotionalEntitlementPeriod)(value, field)];

const rules: Rules<PromotionalEntitlementInput> = {
  ...entitlementValueRules,
  period,
  customEndDate: optional(date),
  isVisible: optional(flag),
};

const grantsInput = (grants: readonly PromotionalEntitlementParams[]): PromotionalEntitlementInput[] =>
  grants.map((grant, index) => readFields(grant, rules, `promotionalEntitlements[${index}].`));

export function grantInput(params: GrantPromotionalEntitlements) {
  const read = readFields(params, { customerId, promotionalEntitlements: anything }, '');
  const grants = listOf(params.promotionalEntitlements, 'promotionalEntitlements', 100);
  return { ...read, promotionalEntitlements: grantsInput(grants) };
}

export const revokeInput = (params: RevokePromotionalEntitlements) =>
  readFields(params, { customerId, featureId: id }, '');

export function grantGroupInput(params: GrantPromotionalEntitlementsGroup) {
  const read = readFields(params, { customerId, featureGroupId: id, promotionalEntitlements: anything }, '');
  const { promotionalEntitlements: given } = params;
  const isEmpty = Array.isArray(given) && given.length === 0;
  const grants = isEmpty ? [] : listOf(given, 'promotionalEntitlements', 100);
  return { ...read, promotionalEntitlements: grantsInput(grants) };
}

export const groupInput = (params: PromotionalEntitlementsGroup) =>
  readFields(params, { customerId, featureGroupId: id }, '');
