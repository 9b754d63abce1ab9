import {
  GetSubscriptionDocument,
  ProvisionCustomerDocument,
  ProvisionSubscriptionDocument,
  SettleSandboxBillingDocument,
} from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from './catalog.js';
import { type Fixture, startFixture } from './server-fixture.js';

const paidCatalog = {
  ...catalog,
  plans: {
    ...catalog.plans,
    'plan-paid': {
      displayName: 'Paid',
      productId: Object.keys(catalog.products)[0] as string,
      pricingType: 'PAID' as const,
      billingPeriods: ['MONTHLY' as const],
      entitlements: {},
    },
  },
};

describe('the pages of the billing sandbox', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ catalog: paidCatalog, billing: 'sandbox' });
  });
  afterAll(() => fixture.close());

  async function checkout(customerId: string, checkoutOptions?: object) {
    await fixture.send(ProvisionCustomerDocument, { input: { customerId } });
    const input = {
      customerId,
      planId: 'plan-paid',
      billingPeriod: 'MONTHLY',
      subscriptionId: `${customerId}-paid`,
      checkoutOptions,
    };
    const { data, errors } = await fixture.send(ProvisionSubscriptionDocument, { input });
    expect(errors).toBeUndefined();
    const reply = data?.provisionSubscription as { status: string; checkoutUrl: string; checkoutBillingId: string };
    expect(reply.status).toBe('PAYMENT_REQUIRED');
    return reply;
  }
  const statusOf = async (subscriptionId: string) => {
    const { data } = await fixture.send(GetSubscriptionDocument, { subscriptionId });
    return (data as { subscription: { status: string } }).subscription.status;
  };
  const decide = (url: string, outcome: string) =>
    fetch(url, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });

  test('a checkout is a page of the server that asked for it, and a person completes it there', async () => {
    const { checkoutUrl, checkoutBillingId } = await checkout('ada');
    expect(checkoutUrl).toBe(`${fixture.url}/sandbox/checkout/${checkoutBillingId}`);
    const page = await fetch(checkoutUrl);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(html).toContain('<button name="outcome" value="SUCCEED">');
    expect(html).toContain('<button name="outcome" value="FAIL">');
    expect(await (await fetch(`${fixture.url}/sandbox`)).text()).toContain(`/sandbox/checkout/${checkoutBillingId}`);

    expect(await statusOf('ada-paid')).toBe('PAYMENT_PENDING');
    const done = await decide(checkoutUrl, 'SUCCEED');
    expect(done.status).toBe(303);
    expect(done.headers.get('location')).toBe(`/sandbox/checkout/${checkoutBillingId}`);
    expect(await statusOf('ada-paid')).toBe('ACTIVE');
    expect(await (await fetch(checkoutUrl)).text()).toContain('It succeeded.');
    expect((await decide(checkoutUrl, 'FAIL')).status).toBe(409);
    expect(await statusOf('ada-paid')).toBe('ACTIVE');
  });

  test('people go on to where the application sends them', async () => {
    const pages = { successUrl: 'https://app.example/welcome', cancelUrl: 'https://app.example/plans' };
    const paid = await checkout('bob', pages);
    expect((await decide(paid.checkoutUrl, 'SUCCEED')).headers.get('location')).toBe('https://app.example/welcome');
    const given = await checkout('carl', pages);
    expect((await decide(given.checkoutUrl, 'FAIL')).headers.get('location')).toBe('https://app.example/plans');
    expect(await statusOf('carl-paid')).toBe('CANCELED');
  });

  test('a place to go on to that is not on the web is not gone to', async () => {
    const elsewhere = { successUrl: 'javascript:alert(1)', cancelUrl: 'javascript:alert(1)' };
    const { checkoutUrl, checkoutBillingId } = await checkout('dora', elsewhere);
    const done = await decide(checkoutUrl, 'SUCCEED');
    expect(done.headers.get('location')).toBe(`/sandbox/checkout/${checkoutBillingId}`);
  });

  test('the mutation decides as the page does', async () => {
    const { checkoutBillingId: intentId } = await checkout('emil');
    const { data } = await fixture.send(SettleSandboxBillingDocument, { intentId, outcome: 'SUCCEED' });
    expect(data).toEqual({ settleSandboxBilling: true });
    expect(await statusOf('emil-paid')).toBe('ACTIVE');
    const { errors } = await fixture.send(SettleSandboxBillingDocument, { intentId: 'nothing', outcome: 'FAIL' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'intentId' });
  });

  test('what nobody asked for has no page, and what is not understood changes nothing', async () => {
    expect((await fetch(`${fixture.url}/sandbox/checkout/nothing`)).status).toBe(404);
    expect((await decide(`${fixture.url}/sandbox/checkout/nothing`, 'SUCCEED')).status).toBe(404);
    const { checkoutUrl } = await checkout('fred');
    expect((await decide(checkoutUrl, 'PERHAPS')).status).toBe(400);
    expect((await fetch(checkoutUrl, { method: 'POST' })).status).toBe(400);
    expect(await statusOf('fred-paid')).toBe('PAYMENT_PENDING');
  });
});

test('a server without the sandbox has no such pages, and refuses to decide', async () => {
  const fixture = await startFixture();
  try {
    expect((await fetch(`${fixture.url}/sandbox`)).status).toBe(404);
    const { errors } = await fixture.send(SettleSandboxBillingDocument, { intentId: 'any', outcome: 'FAIL' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  } finally {
    await fixture.close();
  }
});
