import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changingCatalog } from './changing-catalog.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const jan5 = at('2026-01-05T00:00:00Z');
const jan10 = at('2026-01-10T00:00:00Z');
const jan20 = at('2026-01-20T00:00:00Z');
const workspace = { planId: 'plan-workspace', billingPeriod: 'MONTHLY' } as const;

describe.each(implementations)('moving a subscription on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, changingCatalog);
  });
  afterAll(() => stage.close());

  let customers = 0;
  async function newCustomer() {
    const customerId = `customer-${++customers}`;
    const { environment } = stage;
    await environment.provisionCustomer({ customerId, subscriptionParams: null }, jan5);
    const subscribe = async (
      params: { planId: string; resourceId?: string; billingPeriod?: 'MONTHLY' },
      now = jan5,
    ) => {
      const { subscription } = await environment.provisionSubscription({ customerId, ...params }, now);
      return subscription?.subscriptionId as string;
    };
    const report = async (featureId: string, resourceId: string | null, value: string, now = jan10) => {
      const [result] = await environment.reportUsage([{ customerId, featureId, resourceId, value }], now);
      expect(result?.error).toBeNull();
    };
    /** What a resource has used of each feature that it may use; null where it may not. */
    const used = async (resourceId: string | null, now = jan20) => {
      const [snapshot] = await environment.snapshots(customerId, [resourceId], now);
      return (featureId: string) => {
        const part = snapshot?.usage.get(featureId);
        return part ? Number(part.currentUsage) / 1_000_000 : null;
      };
    };
    return { customerId, subscribe, report, used };
  }
  const transfer = (subscriptionId: string, destinationResourceId: string, now = jan20) =>
    stage.environment.transferSubscriptionToResource({ subscriptionId, destinationResourceId }, now);

  describe('to another resource', () => {
    test('takes along the period and everything that was used of it, in every window', async () => {
      const { subscribe, report, used } = await newCustomer();
      const id = await subscribe({ ...workspace, resourceId: 'w1' });
      await report('feature-reports', 'w1', '7');
      await report('feature-seats', 'w1', '3');
      const { subscription } = await transfer(id, 'w2');
      expect(subscription).toMatchObject({
        resourceId: 'w2',
        billingCycleAnchor: '2026-01-05T00:00:00.000Z',
        currentBillingPeriodStart: '2026-01-05T00:00:00.000Z',
        startDate: '2026-01-05T00:00:00.000Z',
      });
      const [after, before] = [await used('w2'), await used('w1')];
      expect([after('feature-reports'), after('feature-seats')]).toEqual([7, 3]);
      expect([before('feature-reports'), before('feature-seats')]).toEqual([null, null]);
      await report('feature-reports', 'w2', '1', jan20 + 1);
      expect((await used('w2', jan20 + 1))('feature-reports')).toBe(8);
      const feb5 = at('2026-02-05T00:00:00Z');
      const next = await used('w2', feb5);
      expect([next('feature-reports'), next('feature-seats')]).toEqual([0, 3]);
    });

    test('takes back again what it took there', async () => {
      const { subscribe, report, used } = await newCustomer();
      const id = await subscribe({ ...workspace, resourceId: 'w1' });
      await report('feature-seats', 'w1', '3');
      await transfer(id, 'w2');
      await report('feature-seats', 'w2', '1', jan20);
      await transfer(id, 'w1', jan20 + 1);
      expect((await used('w1', jan20 + 1))('feature-seats')).toBe(4);
    });

    test('counts the events that were accepted for the old resource before it moves', async () => {
      const { customerId, subscribe, used } = await newCustomer();
      const id = await subscribe({ ...workspace, resourceId: 'w1' });
      await stage.database.query(
        `insert into {schema}.accepted_event (environment, customer_id, event_name, resource_id, dimensions, happened_at, accepted_at)
         values ('test', $1, 'message', 'w1', '{}'::jsonb, $2, $2)`,
        [customerId, jan10],
      );
      await transfer(id, 'w2');
      expect((await used('w2'))('feature-sends')).toBe(1);
    });

    test('leaves behind what another subscription of the resource meters as well', async () => {
      const { subscribe, report, used } = await newCustomer();
      const id = await subscribe({ ...workspace, resourceId: 'w1' });
      await subscribe({ planId: 'plan-storage', resourceId: 'w1' });
      await report('feature-files', 'w1', '2');
      await report('feature-seats', 'w1', '3');
      await transfer(id, 'w2');
      const [moved, left] = [await used('w2'), await used('w1')];
      expect([moved('feature-files'), moved('feature-seats')]).toEqual([0, 3]);
      expect(left('feature-files')).toBe(2);
    });

    test('adds to what the destination had used itself', async () => {
      const { subscribe, report, used } = await newCustomer();
      const ended = await subscribe({ ...workspace, resourceId: 'w2' });
      await report('feature-seats', 'w2', '1');
      await stage.environment.cancelSubscription(
        { subscriptionId: ended, subscriptionCancellationTime: 'IMMEDIATE' },
        jan10 + 1,
      );
      const id = await subscribe({ ...workspace, resourceId: 'w1' });
      await report('feature-seats', 'w1', '3');
      await transfer(id, 'w2');
      expect((await used('w2'))('feature-seats')).toBe(4);
    });

    test('sends the snapshots of both resources, and notices for both', async () => {
      const { subscribe } = await newCustomer();
      const id = await subscribe({ ...workspace, resourceId: 'w1' });
      const { snapshots } = await transfer(id, 'w2');
      expect(snapshots.map(({ resourceId, grants }) => [resourceId, grants.hasActiveSubscription])).toEqual([
        [null, false],
        ['w1', false],
        ['w2', true],
      ]);
    });

    test('to where it is changes nothing', async () => {
      const { subscribe } = await newCustomer();
      const id = await subscribe({ ...workspace, resourceId: 'w1' });
      expect((await transfer(id, 'w1')).subscription.resourceId).toBe('w1');
    });

    test('is refused for one that has ended', async () => {
      const { subscribe } = await newCustomer();
      const id = await subscribe({ ...workspace, resourceId: 'w1' });
      await stage.environment.cancelSubscription(
        { subscriptionId: id, subscriptionCancellationTime: 'IMMEDIATE' },
        jan10,
      );
      await expect(transfer(id, 'w2')).rejects.toMatchObject({ code: 'CONFLICT', field: 'subscriptionId' });
    });
  });

  describe('by the older transfer', () => {
    const older = (customerId: string, sourceResourceId: string, destinationResourceId: string) =>
      stage.environment.transferSubscription({ customerId, sourceResourceId, destinationResourceId }, jan20);

    test('ends the free subscription of the destination and puts the paid one there', async () => {
      const { customerId, subscribe, report, used } = await newCustomer();
      const paid = await subscribe({ ...workspace, resourceId: 'w1' });
      const free = await subscribe({ planId: 'plan-workspace-free', resourceId: 'w2' });
      await report('feature-reports', 'w1', '7');
      const { subscription } = await older(customerId, 'w1', 'w2');
      expect(subscription).toMatchObject({ subscriptionId: paid, resourceId: 'w2', planId: 'plan-workspace' });
      expect(await stage.environment.subscription(free, jan20)).toMatchObject({
        status: 'CANCELED',
        cancelReason: 'UPGRADE_OR_DOWNGRADE',
      });
      expect((await used('w2'))('feature-reports')).toBe(7);
      expect((await stage.environment.activeSubscriptions(customerId, ['w1'], jan20)).length).toBe(0);
    });

    test('is refused where the destination has nothing, or something paid', async () => {
      const { customerId, subscribe } = await newCustomer();
      await subscribe({ ...workspace, resourceId: 'w1' });
      const refused = { code: 'CONFLICT', field: 'destinationResourceId' };
      await expect(older(customerId, 'w1', 'w2')).rejects.toMatchObject(refused);
      await subscribe({ ...workspace, resourceId: 'w2' });
      await expect(older(customerId, 'w1', 'w2')).rejects.toMatchObject(refused);
    });
  });

  describe('to another customer', () => {
    const delegate = (subscriptionId: string, destinationCustomerId: string, now = jan20) =>
      stage.environment.delegateSubscriptionToCustomer({ subscriptionId, destinationCustomerId }, now);

    test('keeps its id, its period and its payer, also when it is handed on and back to who pays', async () => {
      const [a, b, c] = [await newCustomer(), await newCustomer(), await newCustomer()];
      const id = await a.subscribe({ planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      await delegate(id, b.customerId);
      const handedOn = await delegate(id, c.customerId, jan20 + 1);
      expect(handedOn.subscription).toMatchObject({
        subscriptionId: id,
        customerId: c.customerId,
        payingCustomerId: a.customerId,
        currentBillingPeriodStart: '2026-01-05T00:00:00.000Z',
      });
      const back = await delegate(id, a.customerId, jan20 + 2);
      expect(back.subscription).toMatchObject({ customerId: a.customerId, payingCustomerId: null });
      expect(await stage.environment.activeSubscriptions(b.customerId, null, jan20 + 2)).toEqual([]);
    });

    test('leaves with each customer what that customer used', async () => {
      const [a, b] = [await newCustomer(), await newCustomer()];
      const id = await a.subscribe({ planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      await a.report('feature-seats', null, '3');
      await delegate(id, b.customerId);
      await b.report('feature-seats', null, '1', jan20);
      expect((await b.used(null))('feature-seats')).toBe(1);
      await delegate(id, a.customerId, jan20 + 1);
      expect((await a.used(null, jan20 + 1))('feature-seats')).toBe(3);
    });

    test('can be changed and cancelled as the new customer’s own', async () => {
      const [a, b] = [await newCustomer(), await newCustomer()];
      const id = await a.subscribe({ planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      await delegate(id, b.customerId);
      const { environment } = stage;
      const { subscription } = await environment.updateSubscription(
        { subscriptionId: id, metadata: { note: 'ours' } },
        jan20,
      );
      expect(subscription).toMatchObject({ customerId: b.customerId, metadata: { note: 'ours' } });
      await environment.cancelSubscription({ subscriptionId: id, subscriptionCancellationTime: 'IMMEDIATE' }, jan20);
      const active = await environment.activeSubscriptions(b.customerId, null, jan20);
      expect(active.map(({ planId }) => planId)).toEqual(['plan-free']);
    });

    test('brings the snapshots of both, and tells of it once, as the new customer’s', async () => {
      const [a, b] = [await newCustomer(), await newCustomer()];
      const id = await a.subscribe({ planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      const { snapshots } = await delegate(id, b.customerId);
      const standing = snapshots.map(({ customerId, grants }) => [customerId, grants.hasActiveSubscription]);
      expect(standing).toEqual([
        [b.customerId, true],
        [a.customerId, false],
      ]);
      const { events } = await stage.environment.events({ after: null, limit: 1000 });
      const told = events.filter(({ type, entity }) => {
        return type === 'subscription.updated' && (entity as { subscriptionId?: string }).subscriptionId === id;
      });
      expect(told.map(({ customerId }) => customerId)).toEqual([b.customerId]);
    });

    test('crosses another one in the other direction without waiting for ever', async () => {
      const [a, b] = [await newCustomer(), await newCustomer()];
      const [mine, theirs] = [
        await a.subscribe({ planId: 'plan-pro', billingPeriod: 'MONTHLY' }),
        await b.subscribe({ planId: 'plan-strict', billingPeriod: 'MONTHLY' }),
      ];
      await Promise.all([delegate(mine, b.customerId), delegate(theirs, a.customerId)]);
      const held = async (customerId: string) =>
        (await stage.environment.activeSubscriptions(customerId, null, jan20)).map(({ planId }) => planId);
      expect([await held(a.customerId), await held(b.customerId)]).toEqual([['plan-strict'], ['plan-pro']]);
    });

    test('is refused when the place is taken, to the same customer, to an archived one, and once it has ended', async () => {
      const [a, b, c] = [await newCustomer(), await newCustomer(), await newCustomer()];
      const id = await a.subscribe({ planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      await b.subscribe({ planId: 'plan-free' });
      await stage.environment.archiveCustomer(c.customerId, jan10);
      const refused = { code: 'CONFLICT', field: 'destinationCustomerId' };
      for (const { customerId } of [a, b, c]) await expect(delegate(id, customerId)).rejects.toMatchObject(refused);
      await stage.environment.cancelSubscription(
        { subscriptionId: id, subscriptionCancellationTime: 'IMMEDIATE' },
        jan20,
      );
      const d = await newCustomer();
      await expect(delegate(id, d.customerId)).rejects.toMatchObject({ code: 'CONFLICT', field: 'subscriptionId' });
    });
  });
});
