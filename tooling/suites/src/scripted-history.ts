import type { Tollgate } from '@tollgate/client';
import type { CatalogDocument, CatalogPlan } from '@tollgate/contract';
import type { TestStack } from '@tollgate/testing';
import { journeyCatalog } from './journey-catalog.js';

const { plans } = journeyCatalog;
const monthlyCredits = (amount: number) => ({ credits: { amount, cadence: 'MONTH' as const } });

/** Where a paid plan that ends leaves the free one behind, and some plans give credits. */
export const historyCatalog: CatalogDocument = {
  ...journeyCatalog,
  plans: {
    ...plans,
    'plan-pro': { ...(plans['plan-pro'] as CatalogPlan), creditEntitlements: monthlyCredits(1000) },
    'plan-extra': { ...(plans['plan-extra'] as CatalogPlan), creditEntitlements: monthlyCredits(20) },
  },
  customCurrencies: { credits: { displayName: 'Credits' } },
  products: {
    ...journeyCatalog.products,
    'product-app': {
      displayName: 'App',
      productSettings: { subscriptionEndSetup: 'DOWNGRADE_TO_FREE', downgradePlanId: 'plan-free' },
    },
  },
};

/** The same after a publish to all: the free plan has more reports, and credits; sites have some too. */
const laterCatalog: CatalogDocument = {
  ...historyCatalog,
  plans: {
    ...historyCatalog.plans,
    'plan-free': {
      ...(plans['plan-free'] as CatalogPlan),
      entitlements: { 'feature-reports': { usageLimit: 7 } },
      creditEntitlements: monthlyCredits(5),
    },
    'plan-site': {
      ...(plans['plan-site'] as CatalogPlan),
      creditEntitlements: { credits: { amount: 60, cadence: 'YEAR', hasSoftLimit: true } },
    },
  },
};

const customers = ['ada', 'alan', 'grace', 'mary'];
const monthly = { billingPeriod: 'MONTHLY' } as const;

interface Step {
  at: string;
  do?(client: Tollgate, stack: TestStack): Promise<unknown>;
}

/** Customers begin, change and end in every way that time has a part in; between the steps nobody asks for anything. */
const history: readonly Step[] = [
  {
    at: '2026-01-01T00:00:00Z',
    do: async (client) => {
      for (const customerId of customers) await client.provisionCustomer({ customerId, subscriptionParams: null });
      await client.provisionSubscription({ customerId: 'ada', planId: 'plan-free', subscriptionId: 'ada-free' });
      await client.provisionSubscription({
        customerId: 'ada',
        planId: 'plan-extra',
        subscriptionId: 'ada-extra',
        trialOverrideConfiguration: { isTrial: true, trialEndBehavior: 'CONVERT_TO_PAID' },
        ...monthly,
      });
      await client.provisionSubscription({
        customerId: 'grace',
        planId: 'plan-pro',
        subscriptionId: 'grace-pro',
        cancellationDate: new Date('2026-03-01T00:00:00Z'),
        ...monthly,
      });
      await client.provisionSubscription({
        customerId: 'grace',
        planId: 'plan-extra',
        subscriptionId: 'grace-extra',
        ...monthly,
      });
      await client.provisionSubscription({
        customerId: 'alan',
        planId: 'plan-site',
        resourceId: 'north',
        subscriptionId: 'alan-north',
        startDate: new Date('2026-02-01T00:00:00Z'),
      });
      await client.grantPromotionalEntitlements({
        customerId: 'mary',
        promotionalEntitlements: [{ featureId: 'feature-audit', period: '1 week' }],
      });
      await client.grantCredits({
        customerId: 'mary',
        currencyId: 'credits',
        amount: 50,
        displayName: 'Welcome',
        grantType: 'PROMOTIONAL',
        effectiveAt: new Date('2026-01-12T00:00:00Z'),
        expireAt: new Date('2026-02-05T00:00:00Z'),
      });
    },
  },
  {
    at: '2026-01-05T00:00:00Z',
    do: (client) => client.reportUsage({ customerId: 'ada', featureId: 'feature-reports', value: 2 }),
  },
  { at: '2026-01-08T00:00:00Z' },
  {
    at: '2026-01-10T00:00:00Z',
    do: (client) =>
      client.provisionSubscription({ customerId: 'ada', planId: 'plan-pro', subscriptionId: 'ada-pro', ...monthly }),
  },
  { at: '2026-01-15T00:00:00Z' },
  {
    at: '2026-01-20T00:00:00Z',
    do: (client) =>
      client.updateSubscription({
        subscriptionId: 'ada-pro',
        billingPeriod: 'ANNUALLY',
        scheduleStrategy: 'END_OF_BILLING_PERIOD',
      }),
  },
  { at: '2026-02-03T00:00:00Z' },
  {
    at: '2026-02-10T00:00:00Z',
    do: (client) =>
      client.consumeCredits({ customerId: 'grace', currencyId: 'credits', amount: 300, idempotencyKey: 'of-history' }),
  },
  {
    at: '2026-02-20T00:00:00Z',
    do: (_client, stack) => stack.engine.applyCatalog(laterCatalog, { dryRun: false }, stack.clock.now()),
  },
  { at: '2026-03-01T00:00:00Z' },
  {
    at: '2026-03-10T00:00:00Z',
    do: async (client) => {
      await client.cancelSubscription({
        subscriptionId: 'ada-extra',
        subscriptionCancellationTime: 'END_OF_BILLING_PERIOD',
      });
      await client.archiveCustomer('mary');
    },
  },
  { at: '2026-03-20T00:00:00Z' },
];

export interface Seen {
  at: string;
  /** Everything that can be read of each customer. */
  customers: unknown[];
  /** How many events there were before anything was read. */
  eventCount: number;
}

/** Plays the history on a stack whose clock stands at its beginning, and looks at everything after each step. */
export async function playHistory(stack: TestStack): Promise<Seen[]> {
  const client = stack.client();
  const seen: Seen[] = [];
  for (const { at, do: act } of history) {
    if (stack.clock.now() < Date.parse(at)) await stack.clock.set(at);
    const eventCount = (await eventsOf(stack)).length;
    await act?.(client, stack);
    seen.push({ at, customers: await Promise.all(customers.map((id) => lookAt(client, stack, id))), eventCount });
  }
  return seen;
}

async function lookAt(client: Tollgate, stack: TestStack, customerId: string): Promise<unknown> {
  const now = stack.clock.now();
  const known = await client.getCustomer(customerId).catch((error: { code: string }) => error.code);
  const filter = { customerId };
  return withoutIds({
    known,
    // Read before the list, which stores what is due.
    active: await client.getActiveSubscriptions({ customerId }),
    ofNorth: await client.getActiveSubscriptions({ customerId, resourceId: 'north' }),
    entitlements: await client.getEntitlementsState(customerId),
    atNorth: await client.getEntitlementsState(customerId, 'north'),
    credits: await client.getCreditEntitlement({ customerId, currencyId: 'credits' }),
    creditsOfNorth: await client.getCreditEntitlement({ customerId, currencyId: 'credits', resourceId: 'north' }),
    promotions: await stack.engine.promotionalEntitlements(customerId, now).catch(() => []),
    listed: customerId === 'ada' ? (await stack.engine.subscriptions({ filter, page: null }, now)).data : null,
  });
}

/** What happened, by customer: the order between customers is that in which they were brought up. */
export async function eventsByCustomer(stack: TestStack): Promise<Record<string, unknown[]>> {
  const events = await eventsOf(stack);
  return Object.fromEntries(
    customers.map((customerId) => [
      customerId,
      events
        .filter((event) => event.customerId === customerId)
        .map(({ type, timestamp, entity }) => withoutIds({ type, timestamp, entity })),
    ]),
  );
}

/** What became of each customer's credits, and of those of its site. */
export async function creditsByCustomer(stack: TestStack): Promise<unknown[]> {
  const client = stack.client();
  const seen = customers.map(async (customerId) => ({
    ledger: (await client.getCreditLedger({ customerId })).data.map(({ eventId: _, ...row }) => row),
    grants: (await client.getCreditGrants({ customerId })).data,
    ofNorth: (await client.getCreditGrants({ customerId, resourceId: 'north' })).data,
  }));
  return (await Promise.all(seen)).map(withoutIds);
}

async function eventsOf(stack: TestStack) {
  const { events } = await stack.engine.events({ after: null, limit: 1000 });
  return events.filter(({ customerId }) => customerId !== null);
}

/** Without the ids of what was granted or scheduled: they are made of chance. */
function withoutIds<T>(value: T): T {
  const ids = ['id', 'grantId', 'creditGrantId'];
  const isMade = (key: string, field: unknown) =>
    ids.includes(key) && /(?:^|-)[0-9a-f]{8}-[0-9a-f-]{27}$/.test(String(field));
  return JSON.parse(JSON.stringify(value, (key, field) => (isMade(key, field) ? 'made' : field))) as T;
}
