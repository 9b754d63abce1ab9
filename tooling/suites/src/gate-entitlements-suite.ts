import type { Transport } from '@tollgate/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventually, type GateBench, send } from './gate-bench.js';
import type { StartedApp, SuitePage, SuiteRequest, SuiteRoute } from './gate-variant.js';

const headerOf = ({ headers }: SuiteRequest, name: string): string | undefined => headers[name] as string | undefined;

const reports: SuiteRoute = {
  method: 'POST',
  path: '/reports',
  entitlement: { feature: 'feature-reports', usage: 1 },
  handler: () => ({ status: 200 }),
};

/** A feature that nothing is counted of. */
const uncounted = {
  hasAccess: true,
  isFallback: false,
  currentUsage: 0,
  usageLimit: null,
  remaining: null,
  isUnlimited: false,
  hasSoftLimit: false,
  value: null,
  enumValues: [],
  resetAt: null,
  accessDeniedReason: null,
};
const monthly = { ...uncounted, type: 'METERED', resetAt: '2026-02-01T00:00:00.000Z' };

/** What `entitlementsHandler()` promises, in every framework. */
export function entitlementsCases(bench: () => GateBench): void {
  describe('shows an application’s own pages', () => {
    const pages: SuitePage[] = [
      { path: '/entitlements' },
      { path: '/listed', features: ['feature-reports', 'feature-sso'] },
      { path: '/credits', currencies: ['credits-ai'] },
      {
        path: '/workspace',
        features: ['feature-upload'],
        customer: (request) => ({
          customerId: headerOf(request, 'x-customer') ?? '',
          resourceId: headerOf(request, 'x-resource') ?? null,
        }),
      },
    ];
    let app: StartedApp;
    beforeAll(async () => {
      app = await bench().start([reports], {}, pages);
    });
    const show = (path: string, customer?: string, headers: Record<string, string> = {}) =>
      send(app, 'GET', path, { ...(customer && { 'x-customer': customer }), ...headers });
    const report = (customer: string) => send(app, 'POST', '/reports', { 'x-customer': customer });

    test('everything that the customer has, as the routes would decide it, and nothing else [http.7]', async () => {
      const customer = await bench().newCustomer('plan-free');
      for (let count = 0; count < 3; count += 1) expect((await report(customer)).status).toBe(200);
      await eventually(() => bench().usageOf(customer, 'feature-reports')).toBe(3);
      const { status, headers, body } = await show('/entitlements', customer);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(headers.get('cache-control')).toBe('private, no-cache');
      expect(body).toEqual({
        features: {
          'feature-calls': { ...monthly, usageLimit: 2, remaining: 2, hasSoftLimit: true },
          'feature-export': { ...uncounted, type: 'ENUM', enumValues: ['pdf'] },
          'feature-projects': { ...uncounted, type: 'METERED', usageLimit: 2, remaining: 2 },
          'feature-reports': {
            ...monthly,
            usageLimit: 3,
            currentUsage: 3,
            remaining: 0,
            hasAccess: false,
            accessDeniedReason: 'RequestedUsageExceedingLimit',
          },
          'feature-upload': { ...uncounted, type: 'NUMERIC', value: 10 },
        },
        credits: {},
      });
    });

    test('what is listed, whether the customer has it or not, and nothing else [http.7]', async () => {
      const free = await show('/listed', await bench().newCustomer('plan-free'));
      expect(free.body).toEqual({
        features: {
          'feature-reports': { ...monthly, usageLimit: 3, remaining: 3 },
          'feature-sso': {
            ...uncounted,
            type: null,
            hasAccess: false,
            accessDeniedReason: 'NoFeatureEntitlementInSubscription',
          },
        },
        credits: {},
      });
      const paying = await bench().newCustomer('plan-credits');
      const credits = { 'credits-ai': { ...uncounted, type: 'CREDIT', usageLimit: 10, remaining: 10 } };
      expect((await show('/credits', paying)).body).toEqual({ features: {}, credits });
      const all = await show('/entitlements', paying);
      expect(Object.keys(all.body.features as object)).toEqual(['feature-chat']);
      expect(all.body.credits).toEqual(credits);
    });

    test('a tag that holds as long as the state does [http.7]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const first = await show('/entitlements', customer);
      const tag = first.headers.get('etag') ?? '';
      expect(tag).toMatch(/^W\/"[\w-]+"$/);
      for (const known of [tag, `"other", ${tag.slice(2)}`, '*']) {
        const same = await show('/entitlements', customer, { 'if-none-match': known });
        expect([same.status, same.headers.get('etag'), same.headers.get('cache-control')]).toEqual([
          304,
          tag,
          'private, no-cache',
        ]);
      }
      expect((await show('/entitlements', customer, { 'if-none-match': '"other"' })).status).toBe(200);
      await report(customer);
      await eventually(async () => (await show('/entitlements', customer, { 'if-none-match': tag })).status).toBe(200);
    });

    test('the numbers of one resource [http.7]', async () => {
      const customer = await bench().newCustomer('plan-free');
      await bench().client.provisionSubscription({ customerId: customer, resourceId: 'one', planId: 'plan-workspace' });
      const limitOf = async (resource: string) => {
        const { body } = await show('/workspace', customer, { 'x-resource': resource });
        return (body.features as Record<string, { value: number }>)['feature-upload']?.value;
      };
      expect([await limitOf('one'), await limitOf('two')]).toEqual([50, 10]);
    });

    test('nothing to nobody, and nothing of a customer who is not known [http.7]', async () => {
      const nobody = await show('/entitlements');
      expect([nobody.status, nobody.body.code]).toEqual([401, 'customer-missing']);
      for (const path of ['/entitlements', '/listed']) {
        const { status, body, headers } = await show(path, 'a-stranger');
        expect([status, body.code, body.reason]).toEqual([403, 'customer-unknown', 'CustomerNotFound']);
        expect(body).not.toHaveProperty('featureId');
        expect(headers.get('cache-control')).toBe('no-store');
      }
      const none = await show('/listed', await bench().newCustomer());
      expect(none.body).toMatchObject({
        features: { 'feature-sso': { hasAccess: false, accessDeniedReason: 'NoActiveSubscription' } },
      });
    });

    test('without a call to the engine once the customer is known, and 503 while it is not [http.7] [http.8]', async () => {
      let calls = 0;
      let isLost = false;
      const { transport } = bench().stack;
      const counted: Transport = {
        ...transport,
        execute: (...operation) => {
          calls += 1;
          return isLost ? Promise.reject(new Error('no way through')) : transport.execute(...operation);
        },
      };
      const entitlementsFallback = { 'feature-sso': { hasAccess: true } };
      const client = bench().newClient({ transport: counted, entitlementsFallback });
      const fallback: SuitePage = { path: '/fallback', features: ['feature-sso'] };
      const counting = await bench().start([], { client, deadlineMs: 500 }, [...pages, fallback]);
      const customer = await bench().newCustomer('plan-pro');
      const statusOf = async (path: string, customerId: string) =>
        (await send(counting, 'GET', path, { 'x-customer': customerId })).status;
      expect(await statusOf('/entitlements', customer)).toBe(200);
      const before = calls;
      for (const path of ['/entitlements', '/listed', '/entitlements'])
        expect(await statusOf(path, customer)).toBe(200);
      expect(calls).toBe(before);
      isLost = true;
      const cold = await bench().newCustomer('plan-pro');
      expect([await statusOf('/entitlements', cold), await statusOf('/listed', cold)]).toEqual([503, 503]);
      // What a configured fallback lets in, a page shows as such.
      const { status, body } = await send(counting, 'GET', '/fallback', { 'x-customer': cold });
      expect(status).toBe(200);
      expect(body).toMatchObject({ features: { 'feature-sso': { hasAccess: true, isFallback: true } } });
    });

    test('refuses, at the start, a list of what the catalog does not have [http.7]', async () => {
      const start = (page: object) => bench().start([], {}, [{ path: '/x', ...page }]);
      await expect(start({ features: ['feature-ssso'] })).rejects.toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringContaining('feature-ssso'),
      });
      await expect(start({ features: 'feature-sso' })).rejects.toMatchObject({ field: 'entitlementsHandler.features' });
      await expect(start({ hidden: [] })).rejects.toMatchObject({ field: 'entitlementsHandler.hidden' });
    });
  });
}
