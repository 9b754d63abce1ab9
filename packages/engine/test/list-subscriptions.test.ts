import type { PageInput, SubscriptionFilter } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const start = at('2026-01-01T00:00:00Z');
const day = 86_400_000;
const catalog = changed((copy) => {
  copy.products['product-app'] = {
    displayName: 'App',
    productSettings: { subscriptionEndSetup: 'DOWNGRADE_TO_FREE', downgradePlanId: 'plan-free' },
  };
});
const pro = { planId: 'plan-pro', billingPeriod: 'MONTHLY' } as const;

// Nothing sweeps here: what a list shows, it has found out by itself.
describe.each(implementations)('lists of subscriptions on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
    for (const [index, customerId] of ['ada', 'grace'].entries()) {
      await stage.environment.provisionCustomer({ customerId }, start + index);
      const cancellationDate = '2026-01-11T00:00:00.000Z';
      const input = { customerId, ...pro, subscriptionId: `${customerId}-pro`, cancellationDate };
      await stage.environment.provisionSubscription(input, start + index);
    }
  });
  afterAll(() => stage.close());

  const page = (filter: SubscriptionFilter | null, now: number, asked: PageInput | null = null) =>
    stage.environment.subscriptions({ filter, page: asked }, now);
  const listed = async (filter: SubscriptionFilter | null, now: number) =>
    (await page(filter, now)).data.map(({ customerId, planId, status }) => `${customerId} ${planId} ${status}`);

  test('show what time has done to one customer, and leave the others as they are stored', async () => {
    expect(await listed({ customerId: 'ada', statuses: ['CANCELED'] }, start + 10 * day - 1)).toEqual([]);
    expect(await listed({ customerId: 'ada' }, start + 10 * day)).toEqual([
      'ada plan-free ACTIVE',
      'ada plan-pro CANCELED',
    ]);
    const stored = await stage.database.query<{ status: string }>(
      "select status from {schema}.subscription where customer_id = 'grace'",
    );
    expect(stored).toEqual([{ status: 'ACTIVE' }]);
  });

  test('find a subscription that time has made, though nothing has stored it yet', async () => {
    const { subscriptions } = await stage.environment.customer('grace', start + 10 * day);
    const [made] = subscriptions;
    expect(made).toMatchObject({ customerId: 'grace', planId: 'plan-free', startDate: '2026-01-11T00:00:00.000Z' });
    expect(await stage.environment.subscription(made?.subscriptionId as string, start + 10 * day)).toEqual(made);
  });

  test('show what time has done to everybody, also where the filter looks for it', async () => {
    await stage.environment.provisionCustomer({ customerId: 'alan' }, start + 20 * day);
    const cancellationDate = '2026-01-31T00:00:00.000Z';
    await stage.environment.provisionSubscription({ customerId: 'alan', ...pro, cancellationDate }, start + 20 * day);
    expect(await listed({ statuses: ['CANCELED'] }, start + 30 * day)).toEqual([
      'alan plan-pro CANCELED',
      'grace plan-pro CANCELED',
      'ada plan-pro CANCELED',
    ]);
    expect(await listed({ statuses: ['ACTIVE'], productId: 'product-workspace' }, start + 30 * day)).toEqual([]);
  });

  test('are those of one environment', async () => {
    const other = await stage.another('other', catalog);
    const asked = { filter: null, page: { limit: 1 } };
    expect((await other.subscriptions(asked, start + 30 * day)).data).toEqual([]);
    const { pagination } = await page(null, start + 30 * day, { limit: 1 });
    const foreign = other.subscriptions({ filter: null, page: { limit: 1, after: pagination.next } }, start + 30 * day);
    await expect(foreign).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'page.after' });
    await expect(other.subscription('ada-pro', start)).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
  });

  test('refuse what breaks a rule, and name the field', async () => {
    const rules: [SubscriptionFilter | null, PageInput | null, string][] = [
      [{ customerId: 'no id' }, null, 'filter.customerId'],
      [{ productId: '' }, null, 'filter.productId'],
      [{ resourceIds: [] }, null, 'filter.resourceIds'],
      [{ resourceIds: ['ok', 'a b'] }, null, 'filter.resourceIds[1]'],
      [{ statuses: [] }, null, 'filter.statuses'],
      [null, { limit: 1.5 }, 'page.limit'],
      [null, { before: 'nonsense' }, 'page.before'],
      [null, { after: 'a', before: 'b' }, 'page.before'],
    ];
    for (const [filter, asked, field] of rules) {
      await expect(page(filter, start, asked)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
    }
    const active = stage.environment.activeSubscriptions('ada', [], start);
    await expect(active).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'resourceIds' });
  });
});
