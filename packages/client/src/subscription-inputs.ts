import {
  type ApplySubscriptionInput,
  BillingCycleAnchor,
  BillingPeriod,
  type CancelSubscriptionInput,
  type ImportSubscriptionInput,
  type ProvisionSubscriptionInput,
  ScheduleStrategy,
  SubscriptionCancellationAction,
  SubscriptionCancellationTime,
  SubscriptionMigrationTime,
  SubscriptionScheduleStatus,
  SubscriptionStatus,
  type UpdateSubscriptionInput,
} from '@tollgate/contract';
import {
  amount,
  anything,
  arrayOf,
  choice,
  customerId,
  date,
  flag,
  id,
  optional,
  type Rule,
  type Rules,
  readFields,
  record,
  text,
} from './field-rules.js';
import { importRows } from './imported-row.js';
import { refused } from './input-rules.js';
import type * as Params from './subscription-params.js';
import {
  type Asked,
  addons,
  billableFeatures,
  billingInformation,
  budget,
  checkoutOptions,
  entitlements,
  featureEntitlements,
  orderRules,
  termRules,
  withCreditsApart,
} from './subscription-rules.js';

const provisionRules: Rules<Asked<ProvisionSubscriptionInput>> = {
  ...orderRules,
  subscriptionId: optional(id),
  cancellationDate: optional(date),
  subscriptionEntitlements: featureEntitlements,
  salesforceId: optional(text),
  budget,
  minimumSpend: anything,
  awaitPaymentConfirmation: optional(flag),
  checkoutOptions,
};

const applyRules: Rules<Asked<ApplySubscriptionInput>> = {
  ...orderRules,
  skipTrial: optional(flag),
  promotionCode: optional(text),
  paymentMethodId: optional(text),
};

const updateRules: Rules<Asked<UpdateSubscriptionInput>> = {
  subscriptionId: id,
  addons,
  billableFeatures,
  unitQuantity: optional(amount()),
  billingPeriod: optional(choice(BillingPeriod)),
  billingInformation,
  billingCycleAnchor: optional(choice(BillingCycleAnchor)),
  budget,
  cancellationDate: optional(date),
  charges: anything,
  entitlements,
  subscriptionEntitlements: featureEntitlements,
  metadata: optional(record),
  minimumSpend: anything,
  priceOverrides: anything,
  appliedCoupon: anything,
  promotionCode: optional(text),
  salesforceId: optional(text),
  scheduleStrategy: optional(choice(ScheduleStrategy)),
  trialEndDate: optional(date),
  awaitPaymentConfirmation: optional(flag),
};

const cancelRules: Rules<CancelSubscriptionInput> = {
  subscriptionId: id,
  subscriptionCancellationTime: optional(choice(SubscriptionCancellationTime)),
  subscriptionCancellationAction: optional(choice(SubscriptionCancellationAction)),
  endDate: optional(date),
  prorate: optional(flag),
  awaitSubscriptionCancellation: optional(flag),
};

const importRules: Rules<ImportSubscriptionInput> = {
  ...termRules,
  customerId,
  subscriptionId: optional(id),
  startDate: optional(date),
  endDate: optional(date),
  billingId: optional(text),
  salesforceId: optional(text),
  updatedAt: optional(date),
};

export const subscriptionInput = (params: Params.ProvisionSubscription) =>
  withCreditsApart(readFields(params, provisionRules, ''));
export const applyInput = (params: Params.ApplySubscription) => withCreditsApart(readFields(params, applyRules, ''));
export const updateInput = (params: Params.UpdateSubscription) => withCreditsApart(readFields(params, updateRules, ''));
export const cancelInput = (params: Params.CancelSubscription) => readFields(params, cancelRules, '');

export const cancelUpdatesInput = (params: Params.CancelSubscriptionScheduledUpdates) =>
  readFields(params, { subscriptionId: id, status: optional(choice(SubscriptionScheduleStatus)) }, '');

export const migrateInput = (params: Params.MigrateSubscriptionToLatest) =>
  readFields(
    params,
    { subscriptionId: id, subscriptionMigrationTime: optional(choice(SubscriptionMigrationTime)) },
    '',
  );

export const transferInput = (params: Params.TransferSubscription) =>
  readFields(params, { customerId, sourceResourceId: id, destinationResourceId: id }, '');

export const transferToResourceInput = (params: Params.TransferSubscriptionToResource) =>
  readFields(params, { subscriptionId: id, destinationResourceId: id }, '');

export const delegateInput = (params: Params.DelegateSubscriptionToCustomer) =>
  readFields(params, { subscriptionId: id, destinationCustomerId: customerId }, '');

export const subscriptionIdInput = (params: { subscriptionId: string }) =>
  readFields(params, { subscriptionId: id }, '');

export function subscriptionImportInputs(params: Params.ImportSubscriptionBulk) {
  const { integrationId } = readFields(params, { subscriptions: anything, integrationId: optional(text) }, '');
  return { rows: importRows(params.subscriptions, importRules, 'subscriptions'), integrationId };
}

/** One, or a list of them. */
const oneOrMany =
  <Out>(rule: Rule<Out>): Rule<Out[]> =>
  (value, field) =>
    Array.isArray(value) ? arrayOf(rule)(value, field) : [rule(value, field)];

export function activeSubscriptionsInput(params: Params.GetActiveSubscriptions) {
  const rules = { customerId, resourceId: optional(oneOrMany(id)) };
  const { resourceId: resourceIds, ...rest } = readFields(params, rules, '');
  return { ...rest, resourceIds };
}

export function subscriptionsQuery(params: Params.GetSubscriptions) {
  const read = readFields(
    params,
    {
      customerId: optional(customerId),
      resourceId: optional(oneOrMany(id)),
      status: optional(oneOrMany(choice(SubscriptionStatus))),
      productId: optional(id),
      limit: optional(pageSize),
      startingAfter: optional(text),
      endingBefore: optional(text),
    },
    '',
  );
  const {
    resourceId: resourceIds,
    status: statuses,
    productId,
    limit,
    startingAfter: after,
    endingBefore: before,
  } = read;
  if (after && before) throw refused('endingBefore', 'does not go together with startingAfter');
  return { filter: { customerId: read.customerId, resourceIds, statuses, productId }, page: { limit, after, before } };
}

const pageSize: Rule<number> = (value, field) => {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > 100) {
    throw refused(field, 'must be a whole number from 1 to 100');
  }
  return value as number;
};
