import { describe, expect, test } from 'vitest';
import { eventually, type GateBench, send } from './gate-bench.js';
import { suiteRoutes } from './gate-routes.js';
import type { StartedApp } from './gate-variant.js';

interface Row {
  plan?: string;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  answers: [status: number, code: string, reason: string];
}

const denials: Record<string, Row> = {
  'a feature that the plan does not have': {
    plan: 'plan-free',
    path: '/sso',
    answers: [403, 'feature-not-entitled', 'NoFeatureEntitlementInSubscription'],
  },
  'credits that nobody granted': {
    plan: 'plan-free',
    path: '/credits',
    answers: [403, 'feature-not-entitled', 'EntitlementNotFound'],
  },
  'a feature that the plan takes away': {
    plan: 'plan-locked',
    path: '/sso',
    answers: [403, 'feature-not-entitled', 'Revoked'],
  },
  'a value that is not granted': {
    plan: 'plan-free',
    path: '/export',
    headers: { 'x-format': 'xlsx' },
    answers: [403, 'feature-not-entitled', 'RequestedValuesMismatch'],
  },
  'a number above the granted one': {
    plan: 'plan-free',
    method: 'POST',
    path: '/upload',
    headers: { 'x-size': '11' },
    answers: [403, 'feature-not-entitled', 'RequestedUsageExceedingLimit'],
  },
  'more than the whole limit': {
    plan: 'plan-free',
    method: 'POST',
    path: '/reports',
    headers: { 'x-amount': '4' },
    answers: [403, 'limit-reached', 'RequestedUsageExceedingLimit'],
  },
  'a customer without a subscription': {
    path: '/sso',
    answers: [402, 'subscription-inactive', 'NoActiveSubscription'],
  },
  'more credits than there are': {
    plan: 'plan-credits',
    method: 'POST',
    path: '/credits',
    headers: { 'x-amount': '11' },
    answers: [402, 'credits-exhausted', 'InsufficientCredits'],
  },
  'a customer that nobody provisioned': {
    path: '/sso',
    headers: { 'x-customer': 'nobody' },
    answers: [403, 'customer-unknown', 'CustomerNotFound'],
  },
  'a resource that the customer does not have': {
    path: '/sso-of-site',
    answers: [403, 'customer-unknown', 'CustomerResourceNotFound'],
  },
};

/** Statuses, headers and bodies of denials, in every framework. */
export function answersCases(bench: () => GateBench, app: () => StartedApp): void {
  const call = (method: string, path: string, customer: string, headers: Record<string, string> = {}, to = app()) =>
    send(to, method, path, { 'x-customer': customer, ...headers });

  describe('answers', () => {
    test.each(Object.entries(denials))('%s by its own status and code [http.1] [http.2] [http.4]', async (_, row) => {
      const customer = await bench().newCustomer(row.plan);
      const { status, headers, body } = await call(row.method ?? 'GET', row.path, customer, row.headers);
      expect([status, body.code, body.reason]).toEqual(row.answers);
      expect(body).toMatchObject({ status, type: `urn:tollgate:problem:${body.code}`, instance: row.path });
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(headers.get('cache-control')).toBe('no-store');
      // Time helps none of these.
      expect([headers.get('retry-after'), body.retryable]).toEqual([null, false]);
      const isMetered = row.path === '/reports';
      expect(headers.get('ratelimit')).toEqual(isMetered ? expect.stringContaining('feature-reports') : null);
    });

    test('an archived customer as one that is not known [http.1]', async () => {
      const customer = await bench().newCustomer('plan-pro');
      await bench().client.archiveCustomer(customer);
      await eventually(async () => (await call('GET', '/sso', customer)).body.reason).toBe('CustomerIsArchived');
      const { status, body } = await call('GET', '/sso', customer);
      expect([status, body.code]).toEqual([403, 'customer-unknown']);
    });

    test('a limit of the hour by the seconds to its end [http.1] [http.2]', async () => {
      const customer = await bench().newCustomer('plan-mixed');
      expect((await call('POST', '/searches', customer)).status).toBe(200);
      await eventually(() => bench().usageOf(customer, 'feature-searches')).toBe(1);
      const { status, headers, body } = await call('POST', '/searches', customer);
      expect([status, body.code, body.retryable]).toEqual([429, 'quota-exceeded', true]);
      // It is noon: the hour has just begun.
      expect(headers.get('retry-after')).toBe('3600');
      expect(headers.get('ratelimit')).toBe('"feature-searches";r=0;t=3600');
      expect(body.resetAt).toBe('2026-01-15T13:00:00.000Z');
    });

    test('with all members of the problem, and no id of the customer [http.3]', async () => {
      const customer = await bench().newCustomer('plan-free');
      expect((await call('POST', '/reports', customer, { 'x-amount': '3' })).status).toBe(200);
      await eventually(() => bench().usageOf(customer, 'feature-reports')).toBe(3);
      const { body } = await call('POST', '/reports?page=2', customer);
      expect(body).toEqual({
        type: 'urn:tollgate:problem:quota-exceeded',
        title: 'The quota is used up',
        status: 429,
        detail: 'Reports: 3 of 3 are used, and this request needs 1.',
        instance: '/reports',
        code: 'quota-exceeded',
        reason: 'RequestedUsageExceedingLimit',
        featureId: 'feature-reports',
        limit: 3,
        used: 3,
        requested: 1,
        remaining: 0,
        resetAt: '2026-02-01T00:00:00.000Z',
        retryable: true,
        'violated-policies': ['feature-reports'],
        availableIn: expect.any(Array),
        upgradeUrl: 'https://example.com/upgrade',
        decisionId: expect.any(String),
        source: expect.stringMatching(/^(live|cache)$/),
      });
      expect(JSON.stringify(body)).not.toContain(customer);
    });

    test('with one member per metered feature in the quota headers, which other origins may read [http.4]', async () => {
      const customer = await bench().newCustomer('plan-mixed');
      const fromPage = { origin: 'https://page.example' };
      const { status, headers } = await call('POST', '/reports-and-searches', customer, fromPage);
      expect(status).toBe(200);
      expect(headers.get('ratelimit-policy')).toBe('"feature-reports";q=1;w=2678400, "feature-searches";q=1;w=3600');
      expect(headers.get('ratelimit')).toBe('"feature-reports";r=0;t=1425600, "feature-searches";r=0;t=3600');
      expect(headers.get('access-control-expose-headers')).toBe('RateLimit-Policy, RateLimit');
      const boolean = await call('GET', '/sso', await bench().newCustomer('plan-pro'), fromPage);
      expect([boolean.headers.get('ratelimit'), boolean.headers.get('access-control-expose-headers')]).toEqual([
        null,
        null,
      ]);
      const fromServer = await call('POST', '/reports', await bench().newCustomer('plan-free'));
      expect(fromServer.headers.get('ratelimit')).toBe('"feature-reports";r=2;t=1425600');
      expect(fromServer.headers.get('access-control-expose-headers')).toBeNull();
    });

    test('with the older headers where they are asked for, of the limit with the least left [http.4]', async () => {
      const older = await bench().start(
        suiteRoutes(() => {}),
        { quotaHeaders: 'x-ratelimit' },
      );
      const customer = await bench().newCustomer('plan-free');
      const { status, headers } = await call('POST', '/reports', customer, { origin: 'null' }, older);
      expect(status).toBe(200);
      const names = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'ratelimit'];
      // The first of February, in seconds.
      expect(names.map((name) => headers.get(name))).toEqual(['3', '2', '1769904000', null]);
      expect(headers.get('access-control-expose-headers')).toContain('X-RateLimit-Remaining');
    });

    test('nobody with the status that was chosen for it: 401, or 500 [http.8]', async () => {
      expect((await send(app(), 'GET', '/sso')).status).toBe(401);
      const strict = await bench().start(
        suiteRoutes(() => {}),
        { missingCustomerStatus: 500 },
      );
      const { status, body, headers } = await send(strict, 'GET', '/sso');
      expect([status, body.code, headers.get('retry-after')]).toEqual([500, 'customer-missing', null]);
    });
  });
}
