import { describe, expect, test } from 'vitest';
import { type GateBench, send } from './gate-bench.js';
import type { SuiteRoute } from './gate-variant.js';

/** What an application declares or answers wrongly is never an ordinary denial, in any framework. */
export function mistakeCases(bench: () => GateBench): void {
  describe('what the application gets wrong', () => {
    const route = (entitlement: unknown): SuiteRoute => ({
      method: 'GET',
      path: '/wrong',
      entitlement: entitlement as SuiteRoute['entitlement'],
      handler: () => ({ status: 200, body: { reached: true } }),
    });

    test.each([
      ['a key that is not known', { feature: 'feature-sso', usgae: 1 }, 'usgae'],
      ['no feature', { usage: 1 }, 'feature'],
      ['seven decimals', { feature: 'feature-reports', usage: 0.0000001 }, 'usage'],
      ['a mode that is not one', { feature: 'feature-reports', usage: 1, mode: 'hold' }, 'mode'],
      ['a feature and a currency', { feature: 'feature-reports', currency: 'credits-ai' }, 'either'],
    ])('in the shape of a requirement fails the start: %s', async (_, entitlement, named) => {
      await expect(bench().start([route(entitlement)])).rejects.toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringContaining(named),
      });
    });

    test('by the mode of all routes fails the start', async () => {
      await expect(bench().start([], { mode: 'hold' as 'meter' })).rejects.toMatchObject({ code: 'CONFIGURATION' });
    });

    test.each([
      ['a feature that the catalog does not have', 'feature-ssso', 'FeatureNotFound'],
      ['a feature of another kind', { feature: 'feature-sso', usage: 1 }, 'FeatureTypeMismatch'],
    ])('by naming %s shows, and is never an ordinary denial [http.1]', async (_, entitlement, reason) => {
      await expect(bench().start([route(entitlement)])).rejects.toMatchObject({ code: 'CONFIGURATION' });
      const warned = await bench().start([route(entitlement)], { onMisconfigured: 'warn' });
      // On Free the feature is not granted at all, which must not hide the mistake.
      for (const plan of ['plan-pro', 'plan-free']) {
        const customer = await bench().newCustomer(plan);
        const { status, body } = await send(warned, 'GET', '/wrong', { 'x-customer': customer });
        expect([status, body.code, body.reason]).toEqual([500, 'requirement-misconfigured', reason]);
      }
    });

    test.each([
      ['throws', () => Promise.reject(new Error('no amount'))],
      ['answers NaN', () => Number.NaN],
      ['answers nothing', () => undefined as never],
    ])('in a usage function that %s is a 500 of its own, not a pass [nest.11]', async (_, usage) => {
      const wrong = await bench().start([route({ feature: 'feature-reports', usage })]);
      const customer = await bench().newCustomer('plan-pro');
      const { status, body } = await send(wrong, 'GET', '/wrong', { 'x-customer': customer });
      expect([status, body.code]).toEqual([500, 'requirement-misconfigured']);
    });

    test('in the customer function is a 500 of its own, not a pass [nest.11] [http.8]', async () => {
      const customer = () => {
        throw new Error('no session');
      };
      const wrong = await bench().start([route('feature-sso')], { customer });
      const { status, body } = await send(wrong, 'GET', '/wrong');
      expect([status, body.code]).toEqual([500, 'customer-missing']);
    });
  });

  test('the log names a route by its pattern, never by the URL [express.8]', async () => {
    const lines: string[] = [];
    const logger = { log: () => {}, debug: () => {}, error: (line: string) => void lines.push(line) };
    const logConfiguration = { logger, logLevel: 'ERROR' } as const;
    const client = bench().newClient({ transport: bench().stack.transport, logConfiguration });
    const handler = () => ({ status: 200 });
    const route: SuiteRoute = { method: 'GET', path: '/reports/:id', entitlement: 'feature-sso', handler };
    const logging = await bench().start([route], { client });
    expect((await send(logging, 'GET', '/reports/4711?page=2')).status).toBe(401);
    const line = lines.find((logged) => logged.includes('customer-missing'));
    expect(line).toMatch(/^GET \/reports\/:id: customer-missing /);
    expect(line).not.toContain('4711');
  });
}
