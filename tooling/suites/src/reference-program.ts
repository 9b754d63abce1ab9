import { BillingPeriod, Tollgate, type TollgateOptions, UsageUpdateBehavior } from '@tollgate/client';
import { changes, type Did, sites } from './reference-changes.js';
import { credits } from './reference-credits.js';
import { until } from './until.js';

/**
 * A program as a team brings it from the reference SDK: the import and the name of the class are ours, everything else
 * is the reference's. It calls every method once at least and hands back what each of them answered, by its name.
 */
export async function referenceProgram(options: TollgateOptions) {
  const client = Tollgate.initialize(options);
  const did: Record<string, unknown> = { initialize: client instanceof Tollgate };
  did.waitForInitialization = (await client.waitForInitialization()) === client;
  const misses: string[] = [];
  const onMiss = ({ customerId }: { customerId: string }): number => misses.push(customerId);
  client.addListener('cacheMiss', onMiss);

  await customers(client, did);
  const subscriptionId = await subscriptions(client, did);
  await usage(client, did);
  await reads(client, did);
  await credits(client, did);
  did.addListener = misses.includes('nobody');
  client.removeListener('cacheMiss', onMiss);
  misses.length = 0;
  await client.getBooleanEntitlement({ customerId: 'nobody-else', featureId: 'feature-sso' });
  did.removeListener = misses.length === 0;

  await promotions(client, did);
  await sites(client, did);
  await changes(client, did, subscriptionId);
  did.archiveCustomer = await client.archiveCustomer('beta');
  did.unarchiveCustomer = await client.unarchiveCustomer('beta');
  did.close = await client.close();
  return did;
}

async function customers(client: Tollgate, did: Did): Promise<void> {
  did.provisionCustomer = await client.provisionCustomer({
    customerId: 'acme',
    name: 'Acme',
    email: 'pay@acme.example',
    billingInfo: { taxIds: [{ type: 'eu_vat', value: 'DE123' }], currency: 'usd' },
    metadata: { tier: 'gold' },
    subscriptionParams: { planId: 'plan-free' },
  });
  did.createCustomer = await client.createCustomer({ customerId: 'beta', name: 'Beta', subscriptionParams: null });
  did.updateCustomer = await client.updateCustomer({
    customerId: 'acme',
    salesforceId: 'sf-1',
    awsMarketplaceCustomerId: 'aws-1',
  });
  did.importCustomer = await client.importCustomer({ customerId: 'gamma', billingId: 'cus_1', name: 'Gamma' });
  did.importCustomerBulk = await client.importCustomerBulk({
    customers: [{ customerId: 'delta', name: 'Delta', updatedAt: '2026-01-02T00:00:00Z' }],
  });
  did.detachCustomerPaymentMethod = await client.detachCustomerPaymentMethod('acme');
  did.getCustomer = await client.getCustomer('acme');
}

async function subscriptions(client: Tollgate, did: Did): Promise<string> {
  const provisioned = await client.provisionSubscription({
    customerId: 'acme',
    planId: 'plan-pro',
    billingPeriod: BillingPeriod.Monthly,
    addons: [{ addonId: 'addon-seats', quantity: 2 }],
    awaitPaymentConfirmation: true,
    metadata: { source: 'program' },
  });
  did.provisionSubscription = provisioned;
  const subscriptionId = provisioned.id ?? '';
  did.createSubscription = await client.createSubscription({ customerId: 'gamma', planId: 'plan-free' });
  did.applySubscription = await client.applySubscription({
    customerId: 'beta',
    planId: 'plan-pro',
    billingPeriod: BillingPeriod.Annually,
    skipTrial: true,
  });
  did.getCustomerStatistics = await client.getCustomerStatistics('acme');
  did.getSubscription = await client.getSubscription({ subscriptionId });
  did.getActiveSubscriptions = await client.getActiveSubscriptions({ customerId: 'acme' });
  did.getActiveSubscriptionsList = await client.getActiveSubscriptionsList({ customerId: 'acme' });
  const first = await client.getSubscriptions({ customerId: 'acme', limit: 1 });
  const startingAfter = first.pagination.next;
  const second = await client.getSubscriptions({ customerId: 'acme', limit: 1, startingAfter });
  did.getSubscriptions = [...first.data, ...second.data].map(({ planId, status }) => `${planId} ${status}`).sort();
  return subscriptionId;
}

async function usage(client: Tollgate, did: Did): Promise<void> {
  const report = { customerId: 'acme', featureId: 'feature-reports' };
  did.reportUsage = await client.reportUsage({ ...report, value: 2, updateBehavior: UsageUpdateBehavior.Set });
  did.reportUsageBulk = await client.reportUsageBulk({
    usages: [{ ...report, value: 1, dimensions: { region: 'eu' } }],
  });
  did.reportEvent = await client.reportEvent({ customerId: 'acme', eventName: 'call', idempotencyKey: 'call-1' });
}

async function reads(client: Tollgate, did: Did): Promise<void> {
  const acme = { customerId: 'acme' };
  did.getBooleanEntitlement = await client.getBooleanEntitlement({ customerId: 'nobody', featureId: 'feature-sso' });
  did.getNumericEntitlement = await client.getNumericEntitlement({ ...acme, featureId: 'feature-upload' });
  did.getEnumEntitlement = await client.getEnumEntitlement({
    ...acme,
    featureId: 'feature-formats',
    options: { requestedValues: ['pdf'] },
  });
  did.getMeteredEntitlement = await client.getMeteredEntitlement({
    ...acme,
    featureId: 'feature-reports',
    options: { requestedUsage: 1, fallback: { hasAccess: true } },
  });
  did.getEntitlement = await client.getEntitlement({ ...acme, featureId: 'feature-seats' });
  did.getEntitlements = (await client.getEntitlements('acme')).length;
  did.getEntitlementsState = (await client.getEntitlementsState('acme')).entitlements.length;
  did.getEntitlementsStateV2 = (await client.getEntitlementsStateV2('nobody')).accessDeniedReason;
  did.reloadEntitlements = await client.reloadEntitlements('acme');
  const calls = () => client.getMeteredEntitlement({ ...acme, featureId: 'feature-calls' });
  did.callsCounted = (await until(calls, ({ currentUsage }) => currentUsage > 0)).currentUsage;
}

async function promotions(client: Tollgate, did: Did): Promise<void> {
  const gamma = { customerId: 'gamma' };
  const group = { ...gamma, featureGroupId: 'group-security' };
  const sso = { featureId: 'feature-sso', period: '1 month' as const };
  const audit = { featureId: 'feature-audit', period: 'custom' as const, customEndDate: new Date('2026-03-01') };
  const has = async (featureId: string): Promise<boolean> =>
    (await client.getBooleanEntitlement({ ...gamma, featureId })).hasAccess;
  did.grantPromotionalEntitlements = await client.grantPromotionalEntitlements({
    ...gamma,
    promotionalEntitlements: [sso],
  });
  did.promotedAtOnce = await has('feature-sso');
  did.revokePromotionalEntitlements = await client.revokePromotionalEntitlements({
    ...gamma,
    featureId: 'feature-sso',
  });
  did.revokedAtOnce = !(await has('feature-sso'));
  const promotionalEntitlements = [sso, audit];
  did.grantPromotionalEntitlementsGroup = await client.grantPromotionalEntitlementsGroup({
    ...group,
    promotionalEntitlements,
  });
  did.revokePromotionalEntitlementsGroup = await client.revokePromotionalEntitlementsGroup(group);
  did.goneWithTheGroup = !(await has('feature-audit'));
  await client.grantPromotionalEntitlementsGroup({ ...group, promotionalEntitlements });
  did.unlinkPromotionalEntitlementsGroup = await client.unlinkPromotionalEntitlementsGroup(group);
  did.keptAfterUnlinking = await has('feature-audit');
}
