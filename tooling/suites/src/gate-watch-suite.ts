import type { DecisionEvent, UsageEvent } from '@tollgate/client';
import { describe, expect, test } from 'vitest';
import { eventually, type GateBench, send } from './gate-bench.js';
import { suiteRoutes } from './gate-routes.js';
import type { StartedApp, SuiteOptions } from './gate-variant.js';

/** What the hooks of one client heard. Beside them others fail, which nobody may notice. */
export interface Watched {
  decisions: DecisionEvent[];
  usages: UsageEvent[];
  start(options?: Partial<SuiteOptions>): Promise<StartedApp>;
}

export function watchedClient(bench: GateBench): Watched {
  const decisions: DecisionEvent[] = [];
  const usages: UsageEvent[] = [];
  const fail = (): never => {
    throw new Error('a hook that fails');
  };
  const failing = { onDecision: fail, onUsage: () => Promise.reject(new Error('and rejects')), onCache: fail };
  const heard = {
    onDecision: (event: DecisionEvent) => decisions.push(event),
    onUsage: (event: UsageEvent) => usages.push(event),
  };
  const client = bench.newClient({ transport: bench.stack.transport, hooks: [failing, heard] });
  return {
    decisions,
    usages,
    start: (options) =>
      bench.start(
        suiteRoutes(() => {}),
        { client, ...options },
      ),
  };
}

/** What only watches: hooks, and shadow mode. */
export function watchCases(bench: () => GateBench): void {
  describe('is watched', () => {
    test('by hooks, which hear of the route and of every decision, and break nothing when they fail', async () => {
      const { decisions, usages, start } = watchedClient(bench());
      const app = await start();
      const customer = await bench().newCustomer('plan-free');
      const denied = await send(app, 'GET', '/sso?x=1', { 'x-customer': customer });
      expect(denied.status).toBe(403);
      expect((await send(app, 'POST', '/reports', { 'x-customer': customer, 'x-amount': '2' })).status).toBe(200);
      expect((await send(app, 'POST', '/calls', { 'x-customer': customer })).status).toBe(200);
      const common = { from: 'gate', customerId: customer, resourceId: null, currencyId: null, isShadow: false };
      expect(decisions).toMatchObject([
        {
          ...common,
          route: 'GET /sso',
          featureId: 'feature-sso',
          hasAccess: false,
          isAdmitted: false,
          code: 'feature-not-entitled',
          reason: 'NoFeatureEntitlementInSubscription',
          mode: 'check',
          requested: null,
          limit: null,
          decisionId: denied.body.decisionId,
        },
        {
          ...common,
          route: 'POST /reports',
          featureId: 'feature-reports',
          hasAccess: true,
          isAdmitted: true,
          code: null,
          reason: null,
          mode: 'reserve',
          requested: 2,
          used: 0,
          limit: 3,
        },
        { ...common, route: 'POST /calls', mode: 'meter', requested: 1, used: 0, limit: 2 },
      ]);
      await eventually(() => usages.map(({ kind, featureId, amount }) => `${kind} ${featureId} ${amount}`)).toEqual([
        'held feature-reports 2',
        expect.stringMatching(/^(settled feature-reports 2|accepted feature-calls 1)$/),
        expect.stringMatching(/^(settled feature-reports 2|accepted feature-calls 1|stored feature-calls 1)$/),
        expect.stringMatching(/^(settled feature-reports 2|stored feature-calls 1)$/),
      ]);
    });

    test('in shadow mode it lets in what it would deny, says so to handler and hook, and counts what was used', async () => {
      const { decisions, start } = watchedClient(bench());
      const app = await start({ shadow: true });
      const customer = await bench().newCustomer('plan-free');
      const headers = { 'x-customer': customer, 'x-amount': '4', 'x-echo': '1' };
      const report = await send(app, 'POST', '/reports', headers);
      expect(report.status).toBe(200);
      expect(report.headers.get('ratelimit')).toBeNull();
      expect(report.body).toMatchObject({
        customerId: customer,
        entitlements: { 'feature-reports': { hasAccess: false, currentUsage: 0, usageLimit: 3 } },
      });
      expect((await send(app, 'GET', '/sso', { 'x-customer': customer })).body).toMatchObject({
        entitlements: { 'feature-sso': { hasAccess: false } },
      });
      const common = { isShadow: true, hasAccess: false, isAdmitted: true, customerId: customer };
      expect(decisions).toMatchObject([
        { ...common, route: 'POST /reports', code: 'limit-reached', mode: 'meter', requested: 4, limit: 3 },
        { ...common, route: 'GET /sso', code: 'feature-not-entitled', mode: 'check' },
      ]);
      await eventually(() => bench().usageOf(customer, 'feature-reports')).toBe(4);
    });

    test('in shadow mode a request that names no customer, or one that nobody knows, reaches its handler', async () => {
      const { decisions, usages, start } = watchedClient(bench());
      const app = await start({ shadow: true });
      const nameless = await send(app, 'POST', '/reports', { 'x-echo': '1', 'x-measured': '7' });
      expect(nameless.status).toBe(200);
      expect(nameless.body).toMatchObject({
        customerId: '',
        resourceId: null,
        entitlements: { 'feature-reports': { hasAccess: false, featureId: 'feature-reports' } },
      });
      expect((await send(app, 'POST', '/reports', { 'x-customer': 'nobody', 'x-measured': '7' })).status).toBe(200);
      expect(decisions).toMatchObject([
        { isShadow: true, isAdmitted: true, hasAccess: false, code: 'customer-missing', customerId: null },
        { isShadow: true, isAdmitted: true, hasAccess: false, code: 'customer-unknown', customerId: 'nobody' },
      ]);
      // There is nobody to charge: nothing is on its way.
      expect(usages).toEqual([]);
    });

    test('by whoever develops it: a header tells how each answer came about', async () => {
      const app = await bench().start(
        suiteRoutes(() => {}),
        { explainHeader: true },
      );
      const customer = await bench().newCustomer('plan-free');
      const explained = async (amount: string) => {
        const { headers } = await send(app, 'POST', '/reports', {
          'x-customer': customer,
          'x-amount': amount,
          origin: 'https://page.example',
        });
        expect(headers.get('access-control-expose-headers')).toContain('X-Tollgate-Explain');
        return JSON.parse(headers.get('x-tollgate-explain') ?? '');
      };
      const usage = { used: 0, held: 0, pending: 0, limit: 3 };
      expect(await explained('1')).toMatchObject([
        {
          feature: 'feature-reports',
          hasAccess: true,
          code: null,
          mode: 'reserve',
          sentence: 'It is granted: nothing stands in the way.',
          usage: { ...usage, requested: 1, compared: 1 },
        },
      ]);
      const [denied] = await explained('4');
      expect(denied).toMatchObject({ hasAccess: false, code: 'limit-reached', reason: 'RequestedUsageExceedingLimit' });
      expect(denied.sentence).toMatch(/and 4 asked for come to [45]: the limit of 3 would be passed\.$/);
      expect(denied.steps.at(-1)).toBe('!within-limit');
      expect(denied.parts).toContainEqual(expect.stringMatching(/^customer usage@1\.\d+$/));
      const { headers } = await send(app, 'GET', '/sso');
      expect(JSON.parse(headers.get('x-tollgate-explain') ?? '')).toEqual([
        {
          feature: 'feature-sso',
          hasAccess: false,
          code: 'customer-missing',
          sentence: 'the customer function found none',
        },
      ]);
    });
  });
}
