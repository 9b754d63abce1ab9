import { describe, expect, test } from 'vitest';
import { eventually, type GateBench, send } from './gate-bench.js';
import type { StartedApp } from './gate-variant.js';

const pro = { type: 'plan', id: 'plan-pro', displayName: 'Pro' };
/** It inherits what Pro has, but for single sign-on. */
const lockedPlan = { type: 'plan', id: 'plan-locked', displayName: 'Locked' };
const team = { type: 'plan', id: 'plan-team', displayName: 'Team' };
const ssoAddon = { type: 'addon', id: 'addon-sso', displayName: 'Single sign-on' };
const creditsAddon = { type: 'addon', id: 'addon-credits', displayName: 'More credits' };

/** What a denial says of the plans and add-ons that would have helped, in every framework. */
export function offersCases(bench: () => GateBench, app: () => StartedApp): void {
  const call = (method: string, path: string, customer: string, headers: Record<string, string> = {}) =>
    send(app(), method, path, { 'x-customer': customer, ...headers });

  describe('names what would have helped', () => {
    test('the cheapest first: published, visible plans and add-ons that go with the plan [http.5]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const { body } = await call('GET', '/sso', customer);
      expect([body.code, body.availableIn]).toEqual(['feature-not-entitled', [pro, ssoAddon, team]]);
    });

    test('without a subscription plans alone, and of a plan not itself [http.5]', async () => {
      const none = await call('GET', '/sso', await bench().newCustomer());
      expect([none.body.code, none.body.availableIn]).toEqual(['subscription-inactive', [pro, team]]);
      const locked = await call('GET', '/sso', await bench().newCustomer('plan-locked'));
      // Inherited from Free, the add-on goes with it too, and stands alone where the plan takes the feature away.
      expect([locked.body.reason, locked.body.availableIn]).toEqual(['Revoked', [pro, ssoAddon, team]]);
    });

    test('only where the request would have fitted, with what is used already [http.5]', async () => {
      const customer = await bench().newCustomer('plan-free');
      expect((await call('POST', '/reports', customer, { 'x-amount': '3' })).status).toBe(200);
      await eventually(() => bench().usageOf(customer, 'feature-reports')).toBe(3);
      const two = await call('POST', '/reports', customer, { 'x-amount': '2' });
      expect([two.body.code, two.body.availableIn]).toEqual(['quota-exceeded', [lockedPlan, pro, team]]);
      const three = await call('POST', '/reports', customer, { 'x-amount': '3' });
      expect([three.body.code, three.body.availableIn]).toEqual(['quota-exceeded', [lockedPlan, pro]]);
      const most = await call('POST', '/reports', customer, { 'x-amount': '1000' });
      expect([most.body.code, most.body.availableIn]).toEqual(['limit-reached', undefined]);
    });

    test('of credits what brings enough of them [http.5]', async () => {
      const customer = await bench().newCustomer('plan-credits');
      const answers = await Promise.all(
        ['11', '16'].map((amount) => call('POST', '/credits', customer, { 'x-amount': amount })),
      );
      expect(answers.map(({ body }) => [body.code, body.availableIn])).toEqual([
        ['credits-exhausted', [creditsAddon]],
        ['credits-exhausted', undefined],
      ]);
    });

    test('what grants all that is denied, or any of the alternatives [http.5]', async () => {
      const customer = await bench().newCustomer('plan-mixed');
      // Single sign-on and a second report: the add-on does not go with this plan, and Team has room for 5.
      expect((await call('POST', '/reports', customer)).status).toBe(200);
      await eventually(() => bench().usageOf(customer, 'feature-reports')).toBe(1);
      expect((await call('POST', '/both', customer)).body.availableIn).toEqual([pro, team]);
      expect((await call('GET', '/sso-or-chat', customer)).body.availableIn).toEqual([
        { type: 'plan', id: 'plan-credits', displayName: 'Credits' },
        pro,
        team,
      ]);
    });

    test('nothing where nothing on sale makes a difference [http.5]', async () => {
      const unknown = await call('GET', '/sso', 'nobody');
      expect([unknown.body.code, unknown.body.availableIn]).toEqual(['customer-unknown', undefined]);
      const missing = await send(app(), 'GET', '/sso');
      expect([missing.body.code, missing.body.availableIn, missing.body.upgradeUrl]).toEqual([
        'customer-missing',
        undefined,
        undefined,
      ]);
    });
  });
}
