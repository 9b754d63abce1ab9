import {
  amountToNumber,
  decide,
  type PageInput,
  type PromotionalEntitlementInput,
  type Snapshot,
} from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, countingIds, openStage, type Stage } from './stage.js';

const catalog = changed((copy) => {
  copy.featureGroups = {
    'group-a': { displayName: 'A', featureIds: ['feature-sso', 'feature-upload', 'feature-formats'] },
    'group-b': { displayName: 'B', featureIds: ['feature-upload'] },
  };
});
const now = at('2026-01-31T10:00:00Z');
const sso: PromotionalEntitlementInput = { featureId: 'feature-sso', period: 'LIFETIME' };
const upload: PromotionalEntitlementInput = { featureId: 'feature-upload', period: 'LIFETIME', usageLimit: '50' };
const formats: PromotionalEntitlementInput = { featureId: 'feature-formats', period: 'LIFETIME', enumValues: ['pdf'] };

describe.each(implementations)('promotional grants on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog, { randomId: countingIds() });
  });
  afterAll(() => stage.close());

  let last = 0;
  const customer = async (planId?: string): Promise<string> => {
    const customerId = `customer-of-test-${++last}`;
    await stage.environment.provisionCustomer({ customerId, subscriptionParams: planId ? { planId } : null }, now);
    return customerId;
  };
  const own = async (customerId: string, instant = now): Promise<Snapshot> =>
    (await stage.environment.snapshots(customerId, [null], instant))[0] as Snapshot;
  const ask = async (customerId: string, featureId: string, instant = now) =>
    decide({ customer: await own(customerId, instant), resource: null }, { featureId }, instant);
  const grant = (customerId: string, items: PromotionalEntitlementInput[], instant = now) =>
    stage.environment.grantPromotionalEntitlements(customerId, items, instant);
  const eventsOf = (customerId: string) =>
    stage.database.query<{ type: string; at: number; entity: Record<string, unknown> }>(
      `select type, happened_at as at, entity from {schema}.event
        where environment = $1 and customer_id = $2 and type like 'promotional%' order by id`,
      [stage.environment.environmentId, customerId],
    );

  test('give access without any subscription, until they are revoked', async () => {
    const customerId = await customer();
    expect((await ask(customerId, 'feature-sso')).reason).toBe('NoActiveSubscription');

    const { promotionalEntitlements, snapshots } = await grant(customerId, [sso, upload]);
    expect(promotionalEntitlements).toMatchObject([
      { featureId: 'feature-sso', status: 'Active', isGranted: true, startDate: '2026-01-31T10:00:00.000Z' },
      { featureId: 'feature-upload', period: 'LIFETIME', endDate: null, usageLimit: '50', isVisible: true },
    ]);
    expect(snapshots).toEqual([await own(customerId)]);
    expect((await ask(customerId, 'feature-sso')).hasAccess).toBe(true);
    expect((await ask(customerId, 'feature-formats')).reason).toBe('NoFeatureEntitlementInSubscription');

    const revoked = await stage.environment.revokePromotionalEntitlements(customerId, 'feature-sso', now);
    expect(revoked.promotionalEntitlements).toMatchObject([{ featureId: 'feature-sso', status: 'Expired' }]);
    expect((await ask(customerId, 'feature-sso')).reason).toBe('NoFeatureEntitlementInSubscription');
    expect((await ask(customerId, 'feature-upload')).hasAccess).toBe(true);
    const types = (await eventsOf(customerId)).map(({ type }) => type);
    expect(types).toEqual([
      'promotional_entitlement.granted',
      'promotional_entitlement.granted',
      'promotional_entitlement.revoked',
    ]);
  });

  test.each([
    ['ONE_WEEK', '2026-02-07T10:00:00.000Z'],
    ['ONE_MONTH', '2026-02-28T10:00:00.000Z'],
    ['SIX_MONTHS', '2026-07-31T10:00:00.000Z'],
    ['ONE_YEAR', '2027-01-31T10:00:00.000Z'],
  ] as const)('granted on January 31 for %s end on %s, and not before', async (period, endDate) => {
    const customerId = await customer('plan-free');
    const { promotionalEntitlements } = await grant(customerId, [{ featureId: 'feature-sso', period }]);
    expect(promotionalEntitlements[0]?.endDate).toBe(endDate);
    const end = at(endDate);
    expect((await own(customerId)).grants.validUntil).toBe(end);
    expect((await ask(customerId, 'feature-sso', end - 1)).hasAccess).toBe(true);
    expect((await ask(customerId, 'feature-sso', end)).reason).toBe('NoFeatureEntitlementInSubscription');
  });

  test('with a date of their own end on it, and are told as expired then, once, in the form of the API', async () => {
    const customerId = await customer();
    const endDate = '2026-02-03T00:00:00.000Z';
    await grant(customerId, [{ ...sso, period: 'CUSTOM', customEndDate: endDate, isVisible: false }]);
    const later = at('2026-02-10T00:00:00Z');
    const expired = { featureId: 'feature-sso', status: 'Expired', period: 'CUSTOM', endDate, isVisible: false };
    expect(await stage.environment.promotionalEntitlements(customerId, later)).toMatchObject([expired]);
    await stage.environment.provisionCustomer({ customerId, name: 'Any change' }, later);
    await stage.environment.provisionCustomer({ customerId, name: 'And another' }, later);
    const [granted, told, ...others] = await eventsOf(customerId);
    expect(granted).toMatchObject({ type: 'promotional_entitlement.granted', at: now, entity: { status: 'Active' } });
    expect(told).toMatchObject({ type: 'promotional_entitlement.expired', at: at(endDate), entity: expired });
    expect(others).toEqual([]);
    expect(await stage.environment.promotionalEntitlements(customerId, later)).toMatchObject([expired]);
  });

  test('give an archived customer nothing, and count again when the customer is back', async () => {
    const customerId = await customer('plan-free');
    await grant(customerId, [upload]);
    const limit = async () => {
      const [snapshot] = await stage.environment.snapshots(customerId, [null], now + 2);
      return snapshot?.grants.entitlements.get('feature-upload')?.usageLimit ?? null;
    };
    expect(await limit()).toBe(50_000_000n);
    await stage.environment.archiveCustomer(customerId, now + 1);
    expect(await limit()).toBeNull();
    await stage.environment.unarchiveCustomer(customerId, now + 2);
    expect(await limit()).toBe(50_000_000n);
  });

  test('are listed by pages, newest first, whose cursors belong to the customer that was asked for', async () => {
    const [customerId, other] = [await customer('plan-free'), await customer('plan-free')];
    await grant(customerId, [upload]);
    await grant(customerId, [sso], now + 1);
    const page = (asked: PageInput) => stage.environment.promotionalEntitlementPage(customerId, asked, now + 1);
    const first = await page({ limit: 1 });
    expect(first.data.map(({ featureId }) => featureId)).toEqual([sso.featureId]);
    expect(first.pagination.prev).toBeNull();
    const second = await page({ limit: 1, after: first.pagination.next });
    expect(second.data.map(({ featureId }) => featureId)).toEqual([upload.featureId]);
    expect(second.pagination.next).toBeNull();
    expect((await page({ limit: 1, before: second.pagination.prev })).data).toEqual(first.data);
    const foreign = stage.environment.promotionalEntitlementPage(other, { after: first.pagination.next }, now + 1);
    await expect(foreign).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'page.after' });
    await expect(page({ limit: 101 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'page.limit' });
  });

  test('are replaced by a later grant of the same feature', async () => {
    const customerId = await customer('plan-free');
    await grant(customerId, [upload]);
    await grant(customerId, [{ ...upload, usageLimit: '20.5' }], now + 1);
    const decision = await ask(customerId, 'feature-upload', now + 1);
    expect(amountToNumber(decision.usageLimit as bigint)).toBe(20.5);
    const listed = await stage.environment.promotionalEntitlements(customerId, now + 1);
    expect(listed.map(({ usageLimit }) => usageLimit)).toEqual(['20.5']);
    const types = (await eventsOf(customerId)).map(({ type }) => type);
    expect(types).toEqual(['promotional_entitlement.granted', 'promotional_entitlement.updated']);
  });

  test('that revoke beat the plan of the customer and that of a resource, until they are revoked themselves', async () => {
    const customerId = await customer('plan-free');
    await stage.environment.provisionSubscription({ customerId, planId: 'plan-workspace', resourceId: 'w1' }, now);
    const asked = async () => {
      const [own, resource] = await stage.environment.snapshots(customerId, [null, 'w1'], now);
      return decide(
        { customer: own as Snapshot, resource: resource as Snapshot },
        { featureId: 'feature-projects' },
        now,
      );
    };
    expect((await asked()).hasAccess).toBe(true);
    const denied = await grant(customerId, [{ featureId: 'feature-projects', period: 'ONE_MONTH', isGranted: false }]);
    expect(denied.snapshots.map(({ resourceId }) => resourceId)).toEqual([null, 'w1']);
    expect((await asked()).reason).toBe('Revoked');
    await stage.environment.revokePromotionalEntitlements(customerId, 'feature-projects', now);
    expect(await asked()).toMatchObject({ hasAccess: true, usageLimit: 5_000_000n });
  });

  test('that revoke do not move the counter that a resource counts on', async () => {
    const customerId = await customer('plan-free');
    await stage.environment.provisionSubscription({ customerId, planId: 'plan-workspace', resourceId: 'w1' }, now);
    const report = (resourceId: string | null) =>
      stage.environment.reportUsage(
        [
          {
            customerId,
            featureId: 'feature-reports',
            resourceId,
            value: '1',
            updateBehavior: 'DELTA',
            isCreatedAtFilledIn: false,
          },
        ],
        now,
      );
    await report('w1');
    await grant(customerId, [{ featureId: 'feature-reports', period: 'LIFETIME', isGranted: false }]);
    await report('w1');
    await stage.environment.revokePromotionalEntitlements(customerId, 'feature-reports', now);
    expect((await own(customerId)).usage.get('feature-reports')?.currentUsage).toBe(2_000_000n);
  });

  test.each([
    ['a date in the past', { ...sso, period: 'CUSTOM', customEndDate: '2026-01-31T10:00:00.000Z' }, 'customEndDate'],
    ['a custom period without its date', { ...sso, period: 'CUSTOM' }, 'customEndDate'],
    ['a date beside another period', { ...sso, customEndDate: '2027-01-01T00:00:00.000Z' }, 'customEndDate'],
    ['a limit of a boolean feature', { ...sso, usageLimit: '1' }, 'usageLimit'],
    ['a number without its value', { ...upload, usageLimit: null }, 'usageLimit'],
    ['a value below zero', { ...upload, usageLimit: '-1' }, 'usageLimit'],
    ['a value with seven decimals', { ...upload, usageLimit: '0.0000001' }, 'usageLimit'],
    ['a value that the enum does not have', { ...formats, enumValues: ['docx'] }, 'enumValues'],
    [
      'a period that counts from no such day',
      {
        featureId: 'feature-reports',
        period: 'LIFETIME',
        usageLimit: '1',
        resetPeriod: 'WEEK',
        weeklyResetPeriodConfiguration: { accordingTo: 'EveryFullMoon' },
      },
      'weeklyResetPeriodConfiguration.accordingTo',
    ],
  ] as [string, PromotionalEntitlementInput, string][])(
    'refuse %s, and name the field',
    async (_title, item, field) => {
      const customerId = await customer();
      await expect(
        grant(customerId, [{ ...formats }, item].slice(item.featureId === 'feature-formats' ? 1 : 0)),
      ).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: `promotionalEntitlements[${item.featureId === 'feature-formats' ? 0 : 1}].${field}`,
      });
      expect(await stage.environment.promotionalEntitlements(customerId, now)).toEqual([]);
    },
  );

  test('refuse an empty list, a feature twice, an unknown feature, an unknown customer and what is not granted', async () => {
    const customerId = await customer();
    await expect(grant(customerId, [])).rejects.toMatchObject({ field: 'promotionalEntitlements' });
    await expect(grant(customerId, [sso, sso])).rejects.toMatchObject({
      field: 'promotionalEntitlements[1].featureId',
    });
    await expect(grant(customerId, [{ ...sso, featureId: 'feature-none' }])).rejects.toMatchObject({
      code: 'FEATURE_NOT_FOUND',
      field: 'promotionalEntitlements[0].featureId',
    });
    await expect(grant('nobody', [sso])).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    await expect(stage.environment.revokePromotionalEntitlements(customerId, 'feature-sso', now)).rejects.toMatchObject(
      { code: 'PROMOTIONAL_ENTITLEMENT_NOT_FOUND', field: 'featureId' },
    );
  });

  describe('by group', () => {
    const group = (customerId: string, items: PromotionalEntitlementInput[], featureGroupId = 'group-a') =>
      stage.environment.grantPromotionalEntitlementsGroup(customerId, { featureGroupId, items }, now);
    const held = async (customerId: string) =>
      Object.fromEntries(
        (await stage.environment.promotionalEntitlements(customerId, now)).map((each) => [
          each.featureId,
          each.featureGroupIds,
        ]),
      );

    test('join what the customer has already, and leave that when the group is revoked', async () => {
      const customerId = await customer();
      await grant(customerId, [sso]);
      const { promotionalEntitlements } = await group(customerId, [upload, formats]);
      expect(promotionalEntitlements).toHaveLength(3);
      const all = { 'feature-sso': ['group-a'], 'feature-upload': ['group-a'], 'feature-formats': ['group-a'] };
      expect(await held(customerId)).toEqual(all);

      await group(customerId, [], 'group-b');
      const revoked = await stage.environment.revokePromotionalEntitlementsGroup(customerId, 'group-a', now);
      expect(revoked.promotionalEntitlements).toMatchObject([{ featureId: 'feature-formats', status: 'Expired' }]);
      expect(await held(customerId)).toEqual({ 'feature-sso': [], 'feature-upload': ['group-b'] });
      expect((await ask(customerId, 'feature-formats')).hasAccess).toBe(false);

      await stage.environment.revokePromotionalEntitlementsGroup(customerId, 'group-b', now);
      expect(await held(customerId)).toEqual({ 'feature-sso': [] });
      const events = await eventsOf(customerId);
      expect(events.map(({ type, entity }) => [type.split('.')[1], entity.featureId, entity.featureGroupIds])).toEqual([
        ['granted', 'feature-sso', []],
        ['granted', 'feature-upload', ['group-a']],
        ['granted', 'feature-formats', ['group-a']],
        ['updated', 'feature-sso', ['group-a']],
        ['updated', 'feature-upload', ['group-a', 'group-b']],
        ['revoked', 'feature-formats', ['group-a']],
        ['updated', 'feature-sso', []],
        ['updated', 'feature-upload', ['group-b']],
        ['revoked', 'feature-upload', ['group-b']],
      ]);
    });

    test('stay when the group is unlinked, and are the customer’s own from then on', async () => {
      const customerId = await customer();
      await group(customerId, [sso, upload, formats]);
      await group(customerId, [], 'group-b');
      const { promotionalEntitlements } = await stage.environment.unlinkPromotionalEntitlementsGroup(
        customerId,
        'group-a',
        now,
      );
      expect(promotionalEntitlements).toHaveLength(3);
      const left = { 'feature-sso': [], 'feature-upload': ['group-b'], 'feature-formats': [] };
      expect(await held(customerId)).toEqual(left);
      await stage.environment.revokePromotionalEntitlementsGroup(customerId, 'group-b', now);
      expect(await held(customerId)).toEqual({ ...left, 'feature-upload': [] });
    });

    test('refuse a part of the group, another feature, a revocation, a group that is unknown or was never granted', async () => {
      const customerId = await customer();
      await expect(group(customerId, [sso, upload])).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: 'promotionalEntitlements',
        message: expect.stringContaining('feature-formats'),
      });
      const projects: PromotionalEntitlementInput = {
        featureId: 'feature-projects',
        period: 'LIFETIME',
        usageLimit: '1',
      };
      await expect(group(customerId, [sso, upload, formats, projects])).rejects.toMatchObject({
        field: 'promotionalEntitlements[3].featureId',
      });
      await expect(group(customerId, [{ ...sso, isGranted: false }, upload, formats])).rejects.toMatchObject({
        field: 'promotionalEntitlements[0].isGranted',
      });
      await grant(customerId, [{ ...sso, isGranted: false }]);
      await expect(group(customerId, [upload, formats])).rejects.toMatchObject({ field: 'promotionalEntitlements' });
      await expect(group(customerId, [sso], 'group-none')).rejects.toMatchObject({
        code: 'FEATURE_GROUP_NOT_FOUND',
        field: 'featureGroupId',
      });
      for (const change of ['revokePromotionalEntitlementsGroup', 'unlinkPromotionalEntitlementsGroup'] as const) {
        await expect(stage.environment[change](customerId, 'group-a', now)).rejects.toMatchObject({
          code: 'PROMOTIONAL_ENTITLEMENT_NOT_FOUND',
          field: 'featureGroupId',
        });
        await expect(stage.environment[change](customerId, 'group-none', now)).rejects.toMatchObject({
          code: 'FEATURE_GROUP_NOT_FOUND',
        });
      }
    });
  });
});
