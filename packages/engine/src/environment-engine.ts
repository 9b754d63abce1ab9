import type { FeatureDescription } from '@tollgate/contract';
import { type Accepted, acceptConsumptions, acceptEvents } from './accept-items.js';
import { applyCatalog, readPublishedCatalog } from './apply-catalog.js';
import { applyCustomerEvents } from './apply-events.js';
import { billedEnvironment } from './billed-environment.js';
import type { SandboxDesk } from './billing/sandbox-rules.js';
import type { BillingRunner } from './billing-runner.js';
import { describeFeature } from './catalog/catalog.js';
import { archiveCustomer, unarchiveCustomer } from './change-customer.js';
import { creditEnvironment } from './credit-environment.js';
import type { CustomerJob, HotAnswer } from './customer-job.js';
import type { CustomerQueue } from './customer-queue.js';
import type { EnvironmentEngine } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { offersOf } from './entitlement/offers.js';
import { estimateEventCost, estimateUsageCost } from './estimate-cost.js';
import { importCustomers } from './import-customers.js';
import { importSubscriptions } from './import-subscriptions.js';
import { readActiveSubscriptions, readSubscription, readSubscriptionPage } from './list-subscriptions.js';
import {
  grantPromotionalEntitlements,
  grantPromotionalEntitlementsGroup,
  readPromotionalEntitlementPage,
  readPromotionalEntitlements,
  revokePromotionalEntitlements,
  revokePromotionalEntitlementsGroup,
  unlinkPromotionalEntitlementsGroup,
} from './promotions.js';
import { createCustomer } from './provision-customer.js';
import { readCustomer, readStatistics } from './read-customer.js';
import { readEntitlementSources } from './read-entitlement-sources.js';
import { readEvents } from './read-events.js';
import { readReservation } from './read-reservation.js';
import { readSnapshots } from './read-snapshots.js';
import { readUsageHistory } from './read-usage-history.js';
import { reportUsage, runHotOperation } from './report-usage.js';
import { readCatalogNumber } from './storage/environment-store.js';
import type { FeedReader } from './storage/feed-reader.js';
import { subscriptionChanges } from './subscription-changes.js';
import { sweep } from './sweep.js';

/** A job on its way through the queue of its customer. */
export interface QueuedJob {
  job: CustomerJob;
  now: number;
}

export interface EnvironmentParts {
  context: EngineContext;
  jobs: CustomerQueue<QueuedJob, HotAnswer>;
  feed: FeedReader;
  billing: BillingRunner;
  desk: SandboxDesk | null;
}

/** The key of a customer's queue; ids hold no spaces. */
export const queueKey = (environmentId: string, customerId: string): string => `${environmentId} ${customerId}`;

export function createEnvironmentEngine(
  environmentId: string,
  { context, jobs, feed, billing, desk }: EnvironmentParts,
): EnvironmentEngine {
  const { database, catalogs } = context;
  const keyOf = (customerId: string) => ({ environmentId, customerId });

  const readCatalog = async () =>
    catalogs.read(database, environmentId, await readCatalogNumber(database, environmentId));

  const queuedAt = (now: number) => (customerId: string, job: CustomerJob) =>
    jobs.add(queueKey(environmentId, customerId), { job, now });

  const applyAccepted = async ({ results, customerIds }: Accepted, now: number) => {
    for (const customerId of customerIds) {
      // What is stored is stored: if it cannot be applied now, it is applied with the backlog.
      await applyCustomerEvents(context, { environmentId, customerId }, now).catch(context.onError);
    }
    return results;
  };

  return {
    environmentId,
    catalogNumber: () => readCatalogNumber(database, environmentId),
    snapshots: (customerId, resourceIds, now) =>
      readSnapshots(context, { environmentId, customerId }, resourceIds, now),
    customer: (customerId, now) => readCustomer(context, keyOf(customerId), now),
    customerStatistics: (customerId, now) => readStatistics(context, keyOf(customerId), now),
    offers: async () => offersOf(await readCatalog()),
    entitlementSources: (customerId, asked, now) => readEntitlementSources(context, keyOf(customerId), asked, now),
    featureTypes: async (featureIds) => {
      const { features } = await readCatalog();
      return featureIds.map((id): FeatureDescription | null => {
        const feature = features.get(id);
        return feature && !feature.isArchived ? describeFeature(feature) : null;
      });
    },
    createCustomer: (input, now) => createCustomer(context, environmentId, input, now),
    archiveCustomer: (customerId, now) => archiveCustomer(context, keyOf(customerId), now),
    unarchiveCustomer: (customerId, now) => unarchiveCustomer(context, keyOf(customerId), now),
    importCustomers: (rows, now) => importCustomers(context, environmentId, rows, now),
    importSubscriptions: (rows, now) => importSubscriptions(context, environmentId, rows, now),
    ...subscriptionChanges(context, environmentId),
    ...billedEnvironment(context, environmentId, { billing, desk }),
    ...creditEnvironment(context, environmentId, billing),
    promotionalEntitlements: (customerId, now) => readPromotionalEntitlements(context, keyOf(customerId), now),
    promotionalEntitlementPage: (customerId, page, now) =>
      readPromotionalEntitlementPage(context, keyOf(customerId), page, now),
    grantPromotionalEntitlements: (customerId, items, now) =>
      grantPromotionalEntitlements(context, keyOf(customerId), items, now),
    revokePromotionalEntitlements: (customerId, featureId, now) =>
      revokePromotionalEntitlements(context, keyOf(customerId), featureId, now),
    grantPromotionalEntitlementsGroup: (customerId, group, now) =>
      grantPromotionalEntitlementsGroup(context, keyOf(customerId), group, now),
    revokePromotionalEntitlementsGroup: (customerId, featureGroupId, now) =>
      revokePromotionalEntitlementsGroup(context, keyOf(customerId), featureGroupId, now),
    unlinkPromotionalEntitlementsGroup: (customerId, featureGroupId, now) =>
      unlinkPromotionalEntitlementsGroup(context, keyOf(customerId), featureGroupId, now),
    subscription: (subscriptionId, now) => readSubscription(context, environmentId, subscriptionId, now),
    subscriptions: (asked, now) => readSubscriptionPage(context, environmentId, asked, now),
    activeSubscriptions: (customerId, resourceIds, now) =>
      readActiveSubscriptions(context, keyOf(customerId), resourceIds, now),
    events: (asked) => readEvents(context, environmentId, asked),
    resumeBilling: (now) => billing.resume(environmentId, now),
    sweep: (now, limit) => sweep(context, { environmentId, now, limit }),
    reportUsage: (usages, now) => reportUsage(usages, queuedAt(now)),
    hot: (operation, now) => runHotOperation(operation, queuedAt(now)),
    reservation: (asked, now) => readReservation(context, environmentId, asked, now),
    reportEvents: async (events, now) => applyAccepted(await acceptEvents(context, environmentId, events, now), now),
    consumeCreditsAsync: async (consumptions, now) =>
      applyAccepted(await acceptConsumptions(context, environmentId, consumptions, now), now),
    estimateEventCost: (input, now) => estimateEventCost(context, environmentId, input, now),
    estimateUsageCost: (input, now) => estimateUsageCost(context, environmentId, input, now),
    usageHistory: (input, now) => readUsageHistory(context, environmentId, input, now),
    applyCatalog: (document, options, now) => applyCatalog(context, environmentId, document, options, now),
    publishedCatalog: () => readPublishedCatalog(context, environmentId),
    follow: (cursor, listener) => feed.follow(environmentId, cursor, listener),
  };
}
