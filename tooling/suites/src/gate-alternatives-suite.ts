import { describe, expect, test } from 'vitest';
import { eventually, type GateBench, send } from './gate-bench.js';
import type { StartedApp } from './gate-variant.js';

/** What `any` and `all` mean, in every framework. */
export function alternativesCases(bench: () => GateBench, app: () => StartedApp): void {
  const post = (path: string, customer: string, headers: Record<string, string> = {}) =>
    send(app(), 'POST', path, { 'x-customer': customer, ...headers });
  const reportsOf = (customer: string) => bench().usageOf(customer, 'feature-reports');
  const creditsOf = async (customer: string) =>
    (await bench().client.getCreditEntitlement({ customerId: customer, currencyId: 'credits-ai' })).currentBalance;

  describe('any', () => {
    test('charges the first alternative that fits, then the next, and tells the handler which [nest.3]', async () => {
      const customer = await bench().newCustomer('plan-mixed');
      const first = await post('/reports-or-credits', customer);
      expect([first.status, Object.keys(first.body.entitlements ?? {})]).toEqual([200, ['feature-reports']]);
      await eventually(() => reportsOf(customer)).toBe(1);
      expect(await creditsOf(customer)).toBe(10);
      const second = await post('/reports-or-credits', customer);
      expect([second.status, Object.keys(second.body.entitlements ?? {})]).toEqual([200, ['credits-ai']]);
      await eventually(() => creditsOf(customer)).toBe(5);
      expect(await reportsOf(customer)).toBe(1);
    });

    test('of amounts that are held goes on to what fits when the engine has no room for the first', async () => {
      const customer = await bench().newCustomer('plan-mixed');
      // All four see room for a report. The engine holds it for one; two find 5 of 10 credits, the fourth finds nothing.
      const answers = await Promise.all(Array.from({ length: 4 }, () => post('/reports-or-credits', customer)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
      const denied = answers.filter(({ status }) => status !== 200);
      // Waiting helps with the reports and not with the credits, so it is the reports that the denial names.
      expect(denied.map(({ status, body }) => [status, body.code, body.featureId])).toEqual([
        [429, 'quota-exceeded', 'feature-reports'],
      ]);
      await eventually(() => reportsOf(customer)).toBe(1);
      await eventually(() => creditsOf(customer)).toBe(0);
    });

    test('takes nothing of an alternative that fails, and what stands beside it is required too', async () => {
      const customer = await bench().newCustomer('plan-free');
      // The three of the first alternative would leave no room for the two of the second.
      const answer = await post('/sso-with-reports-or-two', customer, { 'x-amount': '3' });
      expect(answer.status).toBe(200);
      expect(Object.keys(answer.body.entitlements ?? {}).sort()).toEqual(['feature-reports', 'feature-upload']);
      expect((await post('/reports', customer)).status).toBe(200);
      await eventually(() => reportsOf(customer)).toBe(3);
      const without = await bench().newCustomer('plan-mixed');
      expect((await post('/sso-with-reports-or-two', without)).status).toBe(403);
    });

    test('denies when no alternative passes, by the first, or by one that time would let pass', async () => {
      const customer = await bench().newCustomer('plan-free');
      const neither = await send(app(), 'GET', '/sso-or-chat', { 'x-customer': customer });
      expect([neither.status, neither.body.code, neither.body.featureId]).toEqual([
        403,
        'feature-not-entitled',
        'feature-sso',
      ]);
      await post('/reports', customer, { 'x-amount': '3' });
      await eventually(() => reportsOf(customer)).toBe(3);
      const later = await post('/sso-or-reports', customer);
      expect([later.status, later.body.code, later.body.featureId]).toEqual([429, 'quota-exceeded', 'feature-reports']);
    });
  });
}
