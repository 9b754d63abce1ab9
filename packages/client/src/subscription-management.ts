import {
  ActiveSubscriptionsDocument,
  ApplySubscriptionDocument,
  CancelSubscriptionDocument,
  CancelSubscriptionScheduledUpdatesDocument,
  DelegateSubscriptionToCustomerDocument,
  GetSubscriptionDocument,
  GetSubscriptionsDocument,
  ImportSubscriptionsDocument,
  MigrateSubscriptionToLatestDocument,
  ProvisionSubscriptionDocument,
  type ProvisionSubscriptionMutation,
  TollgateError,
  TransferSubscriptionDocument,
  TransferSubscriptionToResourceDocument,
  UpdateSubscriptionDocument,
} from '@tollgate/contract';
import { deprecated } from './deprecation.js';
import { importPatienceMs, type ManagementCall } from './management-call.js';
import { slimSubscriptionOf, subscriptionOf } from './subscription.js';
import * as inputs from './subscription-inputs.js';
import type { ProvisionedSubscription, SubscriptionManagement } from './subscription-methods.js';
import type { ImportSubscriptionRow, ProvisionSubscription } from './subscription-params.js';

export function subscriptionManagement(call: ManagementCall): SubscriptionManagement {
  const { execute, change } = call;

  const provisionedOf = (
    reply: ProvisionSubscriptionMutation['provisionSubscription'],
    { customerId, resourceId }: { customerId: string; resourceId?: string | null | undefined },
  ): ProvisionedSubscription => ({
    status: reply.status,
    id: reply.subscription?.subscriptionId ?? null,
    subscription: reply.subscription && subscriptionOf(reply.subscription),
    checkoutUrl: reply.checkoutUrl,
    checkoutBillingId: reply.checkoutBillingId,
    isScheduled: reply.isScheduled,
    entitlements: call.entitlementsOf(reply.snapshots, customerId, resourceId ?? null),
  });

  const provision = async (params: ProvisionSubscription): Promise<ProvisionedSubscription> => {
    const input = inputs.subscriptionInput(params);
    const { provisionSubscription: reply } = await change(
      ProvisionSubscriptionDocument,
      { input },
      (result) => result.provisionSubscription.snapshots,
    );
    return provisionedOf(reply, input);
  };

  return {
    provisionSubscription: provision,
    applySubscription: async (params) => {
      const input = inputs.applyInput(params);
      const { applySubscription: reply } = await change(
        ApplySubscriptionDocument,
        { input },
        (result) => result.applySubscription.snapshots,
      );
      return provisionedOf(reply, input);
    },
    createSubscription: async (params) => {
      deprecated(call.logger, 'createSubscription', 'provisionSubscription');
      const { subscription, checkoutUrl } = await provision(params);
      if (subscription) return subscription;
      const details = { checkoutUrl };
      throw new TollgateError('CONFLICT', 'the subscription needs a payment first: use provisionSubscription', {
        details,
      });
    },
    updateSubscription: async (params) => {
      const variables = { input: inputs.updateInput(params) };
      const reply = await change(
        UpdateSubscriptionDocument,
        variables,
        (result) => result.updateSubscription.snapshots,
      );
      return subscriptionOf(reply.updateSubscription.subscription);
    },
    cancelSubscription: async (params) => {
      const variables = { input: inputs.cancelInput(params) };
      const reply = await change(
        CancelSubscriptionDocument,
        variables,
        (result) => result.cancelSubscription.snapshots,
      );
      return subscriptionOf(reply.cancelSubscription.subscription);
    },
    cancelSubscriptionScheduledUpdates: async (params) => {
      const { cancelSubscriptionScheduledUpdates: reply } = await change(
        CancelSubscriptionScheduledUpdatesDocument,
        inputs.cancelUpdatesInput(params),
        (result) => result.cancelSubscriptionScheduledUpdates.snapshots,
      );
      return { subscriptionId: reply.subscription.subscriptionId };
    },
    migrateSubscriptionToLatest: async (params) => {
      const { migrateSubscriptionToLatest: reply } = await change(
        MigrateSubscriptionToLatestDocument,
        inputs.migrateInput(params),
        (result) => result.migrateSubscriptionToLatest.snapshots,
      );
      return { subscriptionId: reply.subscription.subscriptionId };
    },
    transferSubscription: async (params) => {
      deprecated(call.logger, 'transferSubscription', 'transferSubscriptionToResource');
      const variables = inputs.transferInput(params);
      const reply = await change(
        TransferSubscriptionDocument,
        variables,
        (result) => result.transferSubscription.snapshots,
      );
      return subscriptionOf(reply.transferSubscription.subscription);
    },
    transferSubscriptionToResource: async (params) => {
      const { transferSubscriptionToResource: reply } = await change(
        TransferSubscriptionToResourceDocument,
        inputs.transferToResourceInput(params),
        (result) => result.transferSubscriptionToResource.snapshots,
      );
      return subscriptionOf(reply.subscription);
    },
    delegateSubscriptionToCustomer: async (params) => {
      const { delegateSubscriptionToCustomer: reply } = await change(
        DelegateSubscriptionToCustomerDocument,
        inputs.delegateInput(params),
        (result) => result.delegateSubscriptionToCustomer.snapshots,
      );
      return subscriptionOf(reply.subscription);
    },
    importSubscriptionBulk: async (params) => {
      const { rows, integrationId } = inputs.subscriptionImportInputs(params);
      const variables = { subscriptions: rows.inputs, integrationId };
      const sent =
        rows.inputs.length > 0 ? await execute(ImportSubscriptionsDocument, variables, importPatienceMs) : undefined;
      return rows.merge(
        sent?.importSubscriptions ?? [],
        (row) => (row as Partial<ImportSubscriptionRow>).subscriptionId,
      );
    },
    getSubscription: async (params) =>
      subscriptionOf((await execute(GetSubscriptionDocument, inputs.subscriptionIdInput(params))).subscription),
    getSubscriptions: async (params = {}) => {
      const { subscriptions } = await execute(GetSubscriptionsDocument, inputs.subscriptionsQuery(params));
      return { data: subscriptions.data.map(subscriptionOf), pagination: { ...subscriptions.pagination } };
    },
    getActiveSubscriptions: async (params) => {
      const reply = await execute(ActiveSubscriptionsDocument, inputs.activeSubscriptionsInput(params));
      return reply.activeSubscriptions.map(subscriptionOf);
    },
    getActiveSubscriptionsList: async (params) => {
      const reply = await execute(ActiveSubscriptionsDocument, inputs.activeSubscriptionsInput(params));
      return reply.activeSubscriptions.map(slimSubscriptionOf);
    },
  };
}
