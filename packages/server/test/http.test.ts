import {
  ApplyCatalogDocument,
  FeatureTypesDocument,
  GetCustomerDocument,
  PingDocument,
  ProvisionCustomerDocument,
  ProvisionSubscriptionDocument,
  ReportEventsDocument,
  ReportUsageDocument,
  SetClockDocument,
  SnapshotsDocument,
} from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../src/clock.js';
import { catalog } from './catalog.js';
import { type Fixture, startFixture } from './server-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.close());

const clockOfReplies = { now: '2026-01-10T12:00:00.000Z', isClockFrozen: true };

describe('an API key', () => {
  test('is needed', async () => {
    const { status, body } = await fixture.post({ query: '{ ping }' }, {});
    expect(status).toBe(401);
    expect(body).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      extensions: clockOfReplies,
    });
  });

  test('that is unknown is refused and never repeated', async () => {
    const { status, body } = await fixture.post({ query: '{ ping }' }, { 'x-api-key': 'made-up-key' });
    expect(status).toBe(401);
    expect(body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(JSON.stringify(body) + fixture.logged.join()).not.toContain('made-up-key');
  });

  test('of kind client reaches nothing of a customer', async () => {
    const key = await fixture.stack.createApiKey('client');
    const ask = async (query: string) => (await fixture.post({ query }, { 'x-api-key': key })).body;
    expect((await ask('{ ping }')).data).toEqual({ ping: true });
    const refused = await ask('{ customer(customerId: "acme") { customerId } }');
    expect(refused).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  test('opens its own environment and no other', async () => {
    const { engine, clock } = fixture.stack;
    await fixture.send(ProvisionCustomerDocument, { input: { customerId: 'only-in-development' } });
    await engine.ensureEnvironment('elsewhere', clock.now());
    const key = await engine.createApiKey('elsewhere', 'server', clock.now());
    const { body } = await fixture.post(
      { query: GetCustomerDocument.toString(), variables: { customerId: 'only-in-development' } },
      { 'x-api-key': key },
    );
    expect(body.errors?.[0]?.extensions.code).toBe('CUSTOMER_NOT_FOUND');
  });
});

describe('every operation answers over HTTP', () => {
  test('ping', async () => {
    expect(await fixture.send(PingDocument)).toEqual({ data: { ping: true }, extensions: clockOfReplies });
  });

  test('provisionCustomer, customer and snapshots', async () => {
    const provisioned = await fixture.send(ProvisionCustomerDocument, {
      input: { customerId: 'acme', name: 'Acme', metadata: { tier: 1 }, subscriptionParams: { planId: 'plan-free' } },
    });
    expect(provisioned.data).toMatchObject({
      provisionCustomer: {
        customer: { customerId: 'acme', name: 'Acme', metadata: { tier: 1 }, createdAt: '2026-01-10T12:00:00.000Z' },
        subscription: { planId: 'plan-free', status: 'ACTIVE', startDate: '2026-01-10T12:00:00.000Z' },
      },
    });
    const customer = await fixture.send(GetCustomerDocument, { customerId: 'acme' });
    expect(customer.data).toMatchObject({ customer: { customerId: 'acme', subscriptions: [{ planId: 'plan-free' }] } });
    const snapshots = await fixture.send(SnapshotsDocument, { customerId: 'acme', resourceIds: [null] });
    expect(snapshots.data).toMatchObject({
      snapshots: [
        {
          customerId: 'acme',
          resourceId: null,
          grants: {
            hasActiveSubscription: true,
            entitlements: [{ feature: { featureId: 'feature-reports' }, usageLimit: '3', isGranted: true }],
          },
          usage: [{ featureId: 'feature-reports', currentUsage: '0' }],
        },
      ],
    });
  });

  test('provisionSubscription', async () => {
    await fixture.send(ProvisionCustomerDocument, { input: { customerId: 'buyer' } });
    const body = await fixture.send(ProvisionSubscriptionDocument, {
      input: { customerId: 'buyer', planId: 'plan-pro', billingPeriod: 'MONTHLY' },
    });
    expect(body.data).toMatchObject({
      provisionSubscription: { status: 'SUCCESS', subscription: { planId: 'plan-pro', billingPeriod: 'MONTHLY' } },
    });
  });

  test('reportUsage, with an outcome for each item', async () => {
    await fixture.send(ProvisionCustomerDocument, {
      input: { customerId: 'user', subscriptionParams: { planId: 'plan-free' } },
    });
    const item = { customerId: 'user', featureId: 'feature-reports' };
    const body = await fixture.send(ReportUsageDocument, {
      usages: [
        { ...item, value: '2', idempotencyKey: 'k1' },
        { ...item, value: '2', idempotencyKey: 'k1' },
        { ...item, value: '5', idempotencyKey: 'k1' },
        { ...item, value: 0.5 },
        { ...item, featureId: 'feature-none', value: '1' },
        { ...item, featureId: 'feature-requests', value: '1' },
      ],
    });
    expect(body.data).toMatchObject({
      reportUsage: [
        { ack: { value: '2', currentUsage: '2', isDuplicate: false }, error: null },
        { ack: { value: '2', isDuplicate: true } },
        { ack: null, error: { code: 'IDEMPOTENCY_CONFLICT', isRetryable: false } },
        { ack: { value: '0.5', currentUsage: '2.5' } },
        { error: { code: 'FEATURE_NOT_FOUND' } },
        { error: { code: 'WRONG_USAGE_KIND' } },
      ],
    });
  });

  test('reportEvents', async () => {
    const event = { customerId: 'user', eventName: 'request', idempotencyKey: 'e1' };
    const body = await fixture.send(ReportEventsDocument, { events: [event, event] });
    expect(body.data).toEqual({
      reportEvents: [
        { isStored: true, isDuplicate: false, error: null },
        { isStored: true, isDuplicate: true, error: null },
      ],
    });
  });

  test('featureTypes', async () => {
    const body = await fixture.send(FeatureTypesDocument, { featureIds: ['feature-sso', 'feature-none'] });
    expect(body.data).toMatchObject({ featureTypes: [{ featureId: 'feature-sso', featureType: 'BOOLEAN' }, null] });
  });

  test('applyCatalog', async () => {
    const changed = structuredClone(catalog);
    changed.features['feature-new'] = { displayName: 'New', featureType: 'BOOLEAN' };
    const dry = await fixture.send(ApplyCatalogDocument, { catalog: changed, dryRun: true });
    expect(dry.data).toMatchObject({
      applyCatalog: {
        isApplied: false,
        catalog: 1,
        changes: [{ action: 'CREATE', kind: 'feature', id: 'feature-new' }],
      },
    });
    const applied = await fixture.send(ApplyCatalogDocument, { catalog: changed });
    expect(applied.data).toMatchObject({ applyCatalog: { isApplied: true, catalog: 2 } });
  });
});

describe('an error', () => {
  test.each([
    ['CUSTOMER_NOT_FOUND', GetCustomerDocument, { customerId: 'nobody' }],
    ['PLAN_NOT_FOUND', ProvisionSubscriptionDocument, { input: { customerId: 'acme', planId: 'plan-none' } }],
    ['CATALOG_INVALID', ApplyCatalogDocument, { catalog: { ...catalog, plan: {} } }],
    ['INVALID_ARGUMENT', GetCustomerDocument, { customerId: '' }],
  ])('%s is a GraphQL error with status 200', async (code, operation, variables) => {
    const { status, body } = await fixture.post({ query: operation.toString(), variables });
    expect(status).toBe(200);
    expect(body).toMatchObject({ data: null, errors: [{ extensions: { code } }], extensions: clockOfReplies });
  });

  test('of the catalog comes with the field and every broken rule', async () => {
    const broken = {
      ...catalog,
      plans: { ...catalog.plans, 'plan-free': { ...catalog.plans['plan-free'], pricingType: 'CHEAP' } },
    };
    const body = await fixture.send(ApplyCatalogDocument, { catalog: broken });
    expect(body.errors?.[0]?.extensions).toMatchObject({
      code: 'CATALOG_INVALID',
      field: 'plans.plan-free.pricingType',
      details: { issues: [{ path: 'plans.plan-free.pricingType', rule: expect.stringContaining('FREE') }] },
    });
  });

  test('names a field that nobody knows, however often the operation was sent before', async () => {
    const query = `mutation Fresh($input: ProvisionCustomerInput!) { provisionCustomer(input: $input) { customer { customerId } } }`;
    for (let round = 1; round <= 4; round += 1) {
      const { status, body } = await fixture.post({
        query,
        variables: { input: { customerId: 'acme', nickname: 'a' } },
      });
      expect(status).toBe(200);
      expect(body.errors).toEqual([
        expect.objectContaining({
          message: expect.stringMatching(/^input\.nickname is not a field of ProvisionCustomerInput/),
          extensions: { code: 'INVALID_ARGUMENT', field: 'input.nickname' },
        }),
      ]);
    }
  });

  test('counts items: none and too many are refused by field', async () => {
    const usage = { customerId: 'acme', featureId: 'feature-reports', value: '1' };
    for (const usages of [[], Array(101).fill(usage)]) {
      const body = await fixture.send(ReportUsageDocument, { usages });
      expect(body.errors?.[0]?.extensions).toEqual({ code: 'INVALID_ARGUMENT', field: 'usages' });
    }
  });
});

describe('a request that is none', () => {
  test.each([
    ['no JSON', 400, '{"query": ', 'body'],
    ['a list', 200, [{ query: '{ ping }' }], 'body'],
    ['no query', 200, { variables: {} }, 'query'],
    ['variables that are a list', 200, { query: '{ ping }', variables: [1] }, 'variables'],
    ['a syntax error', 400, { query: '{ ping' }, 'query'],
    ['an unknown field', 400, { query: '{ pong }' }, 'query'],
    [
      'too many root fields',
      400,
      {
        query: `{ ${'abcdefghijk'
          .split('')
          .map((name) => `${name}: ping`)
          .join(' ')} }`,
      },
      'query',
    ],
    ['too long a query', 200, { query: `{ ping }${' '.repeat(20_000)}` }, 'query'],
    ['another operation name', 200, { query: 'query A { ping }', operationName: 'B' }, 'operationName'],
    ['a subscription', 200, { query: 'subscription { changes { cursor } }' }, 'query'],
  ])('(%s) is an INVALID_ARGUMENT', async (_what, status, body, field) => {
    const reply = await fixture.post(body);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'INVALID_ARGUMENT', field } }],
      extensions: clockOfReplies,
    });
  });

  test('is refused before its body is read when that is too large', async () => {
    const { status, body } = await fixture.post({ query: '{ ping }', variables: { x: 'x'.repeat(2 * 1024 * 1024) } });
    expect(status).toBe(413);
    expect(body.errors?.[0]?.extensions.code).toBe('INVALID_ARGUMENT');
  });

  test('is refused by its content type', async () => {
    const { status } = await fixture.post('ping', { 'x-api-key': fixture.apiKey, 'content-type': 'text/html' });
    expect(status).toBe(415);
  });
});

describe('the clock', () => {
  test('moves by setClock, forward only, and stands in every reply', async () => {
    const own = await startFixture();
    try {
      const moved = await own.send(SetClockDocument, { now: '2026-03-01T00:00:00Z' });
      expect(moved).toEqual({
        data: { setClock: true },
        extensions: { now: '2026-03-01T00:00:00.000Z', isClockFrozen: true },
      });
      const back = await own.send(SetClockDocument, { now: '2026-02-01T00:00:00Z' });
      expect(back.errors?.[0]?.extensions).toEqual({ code: 'INVALID_ARGUMENT', field: 'now' });
      expect(back.extensions.now).toBe('2026-03-01T00:00:00.000Z');
    } finally {
      await own.close();
    }
  });

  test('of the system is moved by nobody', async () => {
    const own = await startFixture({ clock: systemClock() });
    try {
      const body = await own.send(SetClockDocument, { now: '2099-01-01T00:00:00Z' });
      expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect(body.extensions.isClockFrozen).toBe(false);
    } finally {
      await own.close();
    }
  });
});
