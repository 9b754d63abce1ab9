import { readFileSync } from 'node:fs';
import { Tollgate } from '@tollgate/client';
import { startStack } from '@tollgate/testing';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { referenceCatalog } from '../src/reference-catalog.js';
import { referenceProgram } from '../src/reference-program.js';

const template = inject('pgliteTemplate');
const logged: unknown[][] = [];

describe.each([
  ['PGlite', 'pglite'],
  ['Postgres', inject('postgresUrl')],
] as const)('a program written against the names of the reference, on %s', (_, storage) => {
  let did: Record<string, unknown>;
  let subscriptionId: string;

  beforeAll(async () => {
    const stack = await startStack({
      catalog: referenceCatalog,
      storage,
      template,
      transport: 'http',
      now: '2026-01-10T00:00:00Z',
    });
    const logger = { log: (...said: unknown[]) => logged.push(said), debug: () => undefined, error: () => undefined };
    try {
      did = await referenceProgram({
        apiKey: stack.apiKey,
        baseUri: stack.url,
        logConfiguration: { logger, logLevel: 'LOG' },
      });
    } finally {
      await stack.close();
    }
    subscriptionId = (did.provisionSubscription as { id: string }).id;
  }, 60_000);

  it('starts, listens, stops listening and closes', () => {
    expect(did).toMatchObject({
      initialize: true,
      waitForInitialization: true,
      addListener: true,
      removeListener: true,
      reloadEntitlements: { entitledEntityExists: true },
      close: undefined,
    });
  });

  it('makes, changes, imports, archives and reads customers', () => {
    expect(did).toMatchObject({
      provisionCustomer: {
        customer: { customerId: 'acme', name: 'Acme', metadata: { tier: 'gold' } },
        subscription: { planId: 'plan-free', status: 'ACTIVE' },
      },
      createCustomer: { customerId: 'beta', name: 'Beta', subscriptions: [] },
      updateCustomer: { name: 'Acme', salesforceId: 'sf-1', awsMarketplaceCustomerId: 'aws-1' },
      importCustomer: { customerId: 'gamma', billingId: 'cus_1' },
      importCustomerBulk: [{ id: 'delta', outcome: 'CREATED', error: null }],
      detachCustomerPaymentMethod: { customerId: 'acme', defaultPaymentMethod: null, paymentMethodDetails: null },
      getCustomer: {
        email: 'pay@acme.example',
        billingInfo: { currency: 'usd', taxIds: [{ type: 'eu_vat', value: 'DE123' }] },
        createdAt: new Date('2026-01-10T00:00:00Z'),
        archivedAt: null,
      },
      archiveCustomer: 'beta',
      unarchiveCustomer: { customerId: 'beta', name: null, archivedAt: null },
    });
  });

  it('starts, lists and counts subscriptions', () => {
    const started = { planId: 'plan-pro', status: 'ACTIVE', billingPeriod: 'MONTHLY', payingCustomer: null };
    expect(did).toMatchObject({
      provisionSubscription: {
        status: 'SUCCESS',
        isScheduled: false,
        subscription: { ...started, metadata: { source: 'program' } },
      },
      createSubscription: { customerId: 'gamma', planId: 'plan-free', status: 'ACTIVE' },
      applySubscription: {
        status: 'SUCCESS',
        subscription: { customerId: 'beta', planId: 'plan-pro', billingPeriod: 'ANNUALLY' },
      },
      getSubscription: {
        ...started,
        subscriptionId,
        addons: [{ addonId: 'addon-seats', quantity: 2 }],
        currentBillingPeriodEnd: new Date('2026-02-10T00:00:00Z'),
        futureUpdates: [],
        latestInvoice: null,
      },
      getActiveSubscriptions: [{ subscriptionId }],
      getActiveSubscriptionsList: [{ ...started, subscriptionId }],
      getSubscriptions: ['plan-free CANCELED', 'plan-pro ACTIVE'],
    });
    expect(
      (did.getCustomerStatistics as { activeSubscriptionsByPricingType: object[] }).activeSubscriptionsByPricingType,
    ).toContainEqual({ pricingType: 'PAID', count: 1 });
  });

  it('reports usage and events', () => {
    expect(did).toMatchObject({
      reportUsage: { value: 2, currentUsage: 2 },
      reportUsageBulk: [{ value: 1, currentUsage: 3 }],
      reportEvent: undefined,
      callsCounted: 1,
    });
  });

  it('reads entitlements', () => {
    expect(did).toMatchObject({
      getBooleanEntitlement: { hasAccess: false, accessDeniedReason: 'CustomerNotFound', isFallback: false },
      getNumericEntitlement: { hasAccess: true, value: 100 },
      getEnumEntitlement: { hasAccess: true, enumValues: ['csv', 'pdf'] },
      // Two and one are used of three, so another one is too many.
      getMeteredEntitlement: { hasAccess: false, currentUsage: 3, usageLimit: 3 },
      // Five of the plan and two times two of the add-on.
      getEntitlement: { type: 'METERED', usageLimit: 9 },
      getEntitlements: 6,
      getEntitlementsState: 6,
      getEntitlementsStateV2: 'CustomerNotFound',
    });
  });

  it('grants, uses and reads credits', () => {
    const left = { currentBalance: 70, totalConsumed: 30, totalGranted: 100 };
    expect(did).toMatchObject({
      grantCredits: { amount: 100, status: 'ACTIVE', grantType: 'PROMOTIONAL' },
      consumeCredits: { amount: 30, currencyId: 'ai-credits' },
      getCreditEntitlement: { type: 'CREDIT', hasAccess: true, isFallback: false, ...left },
      getCreditBalance: { ...left, currency: { currencyId: 'ai-credits', displayName: 'AI credits' } },
      getEntitlementV2: [
        { type: 'CREDIT', hasAccess: false, accessDeniedReason: 'InsufficientCredits' },
        { type: 'METERED', usageLimit: 9 },
        // Neither a feature nor a currency was named.
        { hasAccess: false, isFallback: true },
      ],
      typesOfTheState: ['CREDIT', 'ENUM', 'METERED', 'METERED', 'METERED', 'METERED', 'NUMERIC'],
    });
  });

  it('estimates, reserves, lists and voids credits', () => {
    const reservationId = (did.reserve as { reservationId: string }).reservationId;
    expect(did).toMatchObject({
      // Five answers at two credits each.
      estimateUsageCost: { estimates: [{ estimatedCost: 10, currentBalance: 70, balanceAfterEstimate: 60 }] },
      estimateEventCost: { estimates: [] },
      reserve: { status: 'HELD', items: [{ currencyId: 'ai-credits', amount: 5 }] },
      extendReservation: { status: 'HELD', expiresAt: new Date('2026-01-10T00:02:00Z') },
      settleReservation: { status: 'SETTLED', items: [{ amount: 5, settled: 4 }] },
      releaseReservation: { status: 'RELEASED' },
      getReservation: { reservationId, status: 'SETTLED' },
      consumeCreditsAsync: undefined,
      leftInTheEnd: 60,
      getCreditGrants: [{ amount: 100, consumedAmount: 40, status: 'ACTIVE' }],
      getCreditLedger: [
        ['CREDITS_GRANTED', 100],
        ['CREDITS_CONSUMED', 30],
        ['CREDITS_CONSUMED', 4],
        ['CREDITS_CONSUMED', 6],
      ],
      getCreditUsage: [40],
      getAutomaticRechargeConfiguration: { isEnabled: false },
      saveAutomaticRechargeConfiguration: { isEnabled: false, thresholdValue: 20, targetBalance: 50 },
      voidCreditGrant: { status: 'VOIDED', consumedAmount: 40, voidedAt: new Date('2026-01-10T00:00:00Z') },
    });
  });

  it('tells usage over time', () => {
    // Set to two, and one more.
    expect(did).toMatchObject({ getUsageHistoryV2: 3, fetchUsageHistory: 3 });
  });

  it('grants and revokes promotions, and reads its own changes at once', () => {
    expect(did).toMatchObject({
      grantPromotionalEntitlements: [
        {
          featureId: 'feature-sso',
          period: '1 month',
          status: 'Active',
          endDate: new Date('2026-02-10T00:00:00Z'),
          featureGroupIds: [],
        },
      ],
      promotedAtOnce: true,
      revokePromotionalEntitlements: { id: (did.grantPromotionalEntitlements as { id: string }[])[0]?.id },
      revokedAtOnce: true,
      keptAfterUnlinking: true,
      goneWithTheGroup: true,
    });
    const groupsOf = (name: string) =>
      (did[name] as { featureId: string; featureGroupIds: string[] }[])
        .map(({ featureId, featureGroupIds }) => [featureId, featureGroupIds])
        .sort();
    expect(groupsOf('grantPromotionalEntitlementsGroup')).toEqual([
      ['feature-audit', ['group-security']],
      ['feature-sso', ['group-security']],
    ]);
    expect(groupsOf('unlinkPromotionalEntitlementsGroup')).toEqual([
      ['feature-audit', []],
      ['feature-sso', []],
    ]);
    expect(groupsOf('revokePromotionalEntitlementsGroup').map(([featureId]) => featureId)).toEqual([
      'feature-audit',
      'feature-sso',
    ]);
  });

  it('moves subscriptions between resources and customers', () => {
    expect(did).toMatchObject({
      transferSubscriptionToResource: { planId: 'site-pro', resourceId: 'site-2' },
      pagesAfterTransfer: [undefined, 50],
      transferSubscription: { planId: 'site-pro', resourceId: 'site-3', status: 'ACTIVE' },
      importSubscriptionBulk: [{ outcome: 'CREATED', error: null }],
      importedSites: 2,
      delegateSubscriptionToCustomer: { subscriptionId, customerId: 'delta', payingCustomer: { id: 'acme' } },
      seatsAfterDelegation: [undefined, 11],
    });
  });

  it('changes, schedules, migrates and cancels subscriptions', () => {
    expect(did).toMatchObject({
      updateSubscription: { subscriptionId, addons: [{ addonId: 'addon-seats', quantity: 3 }] },
      seatsAfterUpdate: 11,
      scheduled: 1,
      cancelSubscriptionScheduledUpdates: { subscriptionId },
      migrateSubscriptionToLatest: { subscriptionId },
      cancelSubscription: { customerId: 'beta', status: 'CANCELED', endDate: new Date('2026-01-10T00:00:00Z') },
      seatsAfterCancellation: undefined,
    });
  });

  it('calls every method that the feature tables call done', () => {
    const done = readFileSync(new URL('../../../docs/FEATURES.md', import.meta.url), 'utf8')
      .split('\n')
      .flatMap((line) => /^\| `(?:Tollgate\.)?(\w+)` \| (?:done|partly) \|/.exec(line)?.[1] ?? [])
      .filter((name) => name in Tollgate.prototype || name in Tollgate);
    expect(done.filter((name) => !(name in did))).toEqual([]);
    expect(done.length).toBeGreaterThan(40);
  });
});

it('says of each deprecated method once per process what to call instead', () => {
  const said = logged.map(([message]) => message).sort();
  expect(said).toEqual([
    'createCustomer is deprecated: use provisionCustomer',
    'createSubscription is deprecated: use provisionSubscription',
    'fetchUsageHistory is deprecated: use getUsageHistoryV2',
    'getCreditBalance is deprecated: use getCreditEntitlement',
    'getEntitlement is deprecated: use getEntitlementV2',
    'getEntitlements is deprecated: use getEntitlementsStateV2',
    'getEntitlementsState is deprecated: use getEntitlementsStateV2',
    'transferSubscription is deprecated: use transferSubscriptionToResource',
  ]);
});
