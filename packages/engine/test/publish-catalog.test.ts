import { amountToNumber, type CatalogDocument, type CatalogPlan } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnvironmentEngine } from '../src/engine-api.js';
import { catalog, changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';
import { wideCatalog, wideChanged } from './wide-catalog.js';

const now = at('2026-03-10T12:00:00Z');
type Migration = 'NEW_CUSTOMERS' | 'ALL_CUSTOMERS';

/** The catalog with another limit of reports on the pro plan, and whatever else is to be different there. */
const withReports = (usageLimit: number, more: Partial<CatalogPlan> = {}): CatalogDocument =>
  changed(({ plans }) => {
    Object.assign(plans['plan-pro'] ?? {}, more);
    Object.assign(plans['plan-pro']?.entitlements ?? {}, { 'feature-reports': { usageLimit, resetPeriod: 'MONTH' } });
  });

describe.each(implementations)('publishing a catalog on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  let lastEnvironment = 0;
  const fresh = (document: CatalogDocument = catalog) => stage.another(`publish-${++lastEnvironment}`, document);
  const apply = (
    environment: EnvironmentEngine,
    document: CatalogDocument,
    migrationType?: Migration,
    dryRun = false,
  ) => environment.applyCatalog(document, { dryRun, migrationType }, now);
  const subscribe = (environment: EnvironmentEngine, customerId: string, more: object = {}) => {
    const subscriptionParams = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const, ...more };
    return environment.provisionCustomer({ customerId, subscriptionParams }, now);
  };
  const reportsOf = async (environment: EnvironmentEngine, customerId: string): Promise<number | null> => {
    const [snapshot] = await environment.snapshots(customerId, [null], now);
    const limit = snapshot?.grants.entitlements.get('feature-reports')?.usageLimit ?? null;
    return limit === null ? null : amountToNumber(limit);
  };
  const eventsOf = (environment: EnvironmentEngine) =>
    stage.database.query<{ type: string; message_id: string; entity: Record<string, unknown> }>(
      'select type, message_id, entity from {schema}.event where environment = $1 and customer_id is null order by id',
      [environment.environmentId],
    );
  const refusal = async (applied: Promise<unknown>) => {
    const error = await applied.then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toMatchObject({ code: 'CATALOG_BREAKS_SUBSCRIPTIONS' });
    return error.details.issues as { path: string; rule: string; subscriptionIds?: string[]; customerIds?: string[] }[];
  };

  test('to new customers leaves those who run where they are, and to all moves everybody', async () => {
    const environment = await fresh();
    await subscribe(environment, 'early');
    await apply(environment, withReports(60), 'NEW_CUSTOMERS');
    await subscribe(environment, 'late');
    expect([await reportsOf(environment, 'early'), await reportsOf(environment, 'late')]).toEqual([50, 60]);
    await apply(environment, withReports(70), 'ALL_CUSTOMERS');
    expect([await reportsOf(environment, 'early'), await reportsOf(environment, 'late')]).toEqual([70, 70]);
    await apply(environment, withReports(80), 'NEW_CUSTOMERS');
    await subscribe(environment, 'last');
    const found = await Promise.all(['early', 'late', 'last'].map((id) => reportsOf(environment, id)));
    expect(found).toEqual([70, 70, 80]);
  });

  test('to nobody in particular is to all', async () => {
    const environment = await fresh();
    await subscribe(environment, 'a');
    await apply(environment, withReports(60));
    expect(await reportsOf(environment, 'a')).toBe(60);
  });

  test('to new customers leaves add-ons where they are, too', async () => {
    const environment = await fresh();
    const bigger = changed(({ addons }) => {
      Object.assign(addons['addon-reports'] ?? {}, { entitlements: { 'feature-reports': { usageLimit: 100 } } });
    });
    const terms = { addons: [{ addonId: 'addon-reports', quantity: 2 }] };
    await subscribe(environment, 'early', terms);
    await apply(environment, bigger, 'NEW_CUSTOMERS');
    await subscribe(environment, 'late', terms);
    // 50 of the plan, and twice 10 or twice 100.
    expect([await reportsOf(environment, 'early'), await reportsOf(environment, 'late')]).toEqual([70, 250]);
  });

  test('a draft is stored and shown, and publishes nothing until its mark is gone', async () => {
    const environment = await fresh();
    await subscribe(environment, 'a');
    const draft = withReports(60, { draft: true });
    const shown = [
      {
        action: 'UPDATE',
        kind: 'plan',
        id: 'plan-pro',
        details: ['a draft: nothing is published', 'entitlements.feature-reports.usageLimit: 50 → 60'],
      },
    ];
    expect(await apply(environment, draft, undefined, true)).toEqual({ changes: shown, catalog: 1, isApplied: false });
    expect(await apply(environment, draft)).toEqual({ changes: shown, catalog: 1, isApplied: true });
    expect(await apply(environment, draft)).toEqual({ changes: [], catalog: 1, isApplied: false });
    // What is sold is still the published version: number, snapshots and new subscriptions stay what they were.
    await subscribe(environment, 'b');
    expect([
      await environment.catalogNumber(),
      await reportsOf(environment, 'a'),
      await reportsOf(environment, 'b'),
    ]).toEqual([1, 50, 50]);
    const later = await apply(environment, withReports(65, { draft: true }));
    expect(later.changes[0]?.details).toEqual([
      'a draft: nothing is published',
      'entitlements.feature-reports.usageLimit: 60 → 65',
    ]);
    const done = await apply(environment, withReports(65));
    expect(done).toMatchObject({ catalog: 2, isApplied: true });
    expect(done.changes[0]?.details).toEqual(['was a draft', 'entitlements.feature-reports.usageLimit: 50 → 65']);
    expect(await reportsOf(environment, 'a')).toBe(65);
    const versions = await stage.database.query(
      `select version, is_draft from {schema}.catalog_entry where environment = $1 and id = 'plan-pro' order by version`,
      [environment.environmentId],
    );
    expect(versions).toEqual([
      { version: 1, is_draft: false },
      { version: 2, is_draft: false },
    ]);
  });

  test('a plan of which there is only a draft cannot be had, and begins with version 1', async () => {
    const environment = await fresh();
    const team = (fields: object) =>
      changed(({ plans }) => Object.assign(plans, { 'plan-team': { ...plans['plan-free'], ...fields } }));
    expect((await apply(environment, team({ draft: true }))).changes).toMatchObject([
      { action: 'CREATE', id: 'plan-team' },
    ]);
    const provisioned = () =>
      environment.provisionCustomer({ customerId: 'a', subscriptionParams: { planId: 'plan-team' } }, now);
    await expect(provisioned()).rejects.toMatchObject({ code: 'PLAN_NOT_FOUND' });
    expect((await apply(environment, team({}))).changes).toMatchObject([{ action: 'CREATE', id: 'plan-team' }]);
    expect((await provisioned()).subscription?.planVersion).toBe(1);
  });

  test('a draft goes when the document goes back to what is published, or leaves it out', async () => {
    const environment = await fresh();
    await apply(environment, withReports(60, { draft: true }));
    const back = await apply(environment, catalog);
    expect(back.changes).toEqual([
      { action: 'UPDATE', kind: 'plan', id: 'plan-pro', details: ['the draft is dropped'] },
    ]);
    expect(await apply(environment, catalog)).toEqual({ changes: [], catalog: 1, isApplied: false });
    await apply(
      environment,
      changed(({ addons }) => Object.assign(addons, { 'addon-new': { ...addons['addon-reports'], draft: true } })),
    );
    const without = await apply(environment, catalog);
    expect(without.changes).toEqual([
      { action: 'ARCHIVE', kind: 'addon', id: 'addon-new', details: ['the draft is dropped'] },
    ]);
    expect(await environment.catalogNumber()).toBe(1);
    expect(await environment.publishedCatalog()).toMatchObject({ addons: catalog.addons, plans: catalog.plans });
  });

  test('nothing that is published may need what is only a draft', async () => {
    const environment = await fresh({ products: {}, features: {}, plans: {} });
    const drafted = wideChanged(({ plans, addons }) => {
      for (const id of ['plan-free', 'plan-pro']) Object.assign(plans[id] ?? {}, { draft: true });
      Object.assign(addons['addon-storage'] ?? {}, { draft: true });
      Object.assign(plans['plan-custom'] ?? {}, { parentPlanId: 'plan-free' });
    });
    const error = await apply(environment, drafted).catch((reason) => reason);
    expect(error.code).toBe('CATALOG_INVALID');
    const rule = (id: string) => `names ${id}, of which there is only a draft`;
    expect(error.details.issues).toEqual([
      { path: 'products.product-app.productSettings.subscriptionStartPlanId', rule: rule('plan-pro') },
      { path: 'products.product-app.productSettings.downgradePlanId', rule: rule('plan-free') },
      { path: 'plans.plan-custom.parentPlanId', rule: rule('plan-free') },
      { path: 'plans.plan-custom.compatibleAddonIds', rule: rule('addon-storage') },
      { path: 'addons.addon-backup.dependencies', rule: rule('addon-storage') },
    ]);
    // With something published behind the drafts, there is something to need.
    await apply(environment, wideCatalog);
    expect((await apply(environment, drafted)).isApplied).toBe(true);
  });

  test('what is pulled and applied again changes nothing, drafts included', async () => {
    const environment = await fresh(wideCatalog);
    const edited = wideChanged(({ plans, features, addons, customCurrencies }) => {
      Object.assign(plans['plan-pro'] ?? {}, { draft: true, displayName: 'Professional' });
      delete features['feature-sso'];
      plans['plan-custom'] = { ...(plans['plan-custom'] as CatalogPlan), entitlements: {}, compatibleAddonIds: [] };
      delete addons['addon-support'];
      delete customCurrencies.credits;
    });
    expect(await environment.publishedCatalog()).toEqual(wideCatalog);
    await apply(environment, edited);
    const pulled = await environment.publishedCatalog();
    expect(pulled).toEqual(edited);
    expect(Object.keys(pulled.plans['plan-pro'] ?? {})).toEqual([
      'displayName',
      'productId',
      'pricingType',
      'billingPeriods',
      'compatibleAddonIds',
      'draft',
      'defaultTrialConfig',
      'prices',
      'entitlements',
    ]);
    expect(await apply(environment, pulled)).toMatchObject({ changes: [], isApplied: false });
  });

  test('tells of plans, add-ons and features in the transaction of the publish, and of nothing else', async () => {
    const environment = await fresh();
    const first = await eventsOf(environment);
    expect(first.map(({ type }) => type).filter((type) => type.startsWith('plan'))).toEqual(
      Array(4).fill('plan.created'),
    );
    const edited = changed(({ products, features, plans, addons }) => {
      Object.assign(products['product-app'] ?? {}, { displayName: 'The app' });
      Object.assign(features['feature-sso'] ?? {}, { displayName: 'One sign-on' });
      Object.assign(features, { 'feature-new': { displayName: 'New', featureType: 'BOOLEAN' } });
      Object.assign(plans['plan-free'] ?? {}, { displayName: 'Starter' });
      Object.assign(plans['plan-pro'] ?? {}, { draft: true, displayName: 'Professional' });
      Object.assign(addons, { 'addon-new': { ...addons['addon-elsewhere'] } });
      delete addons['addon-elsewhere'];
      delete plans['plan-custom'];
    });
    await apply(environment, edited);
    await apply(environment, edited);
    const told = (await eventsOf(environment)).slice(first.length);
    expect(told.map(({ type, message_id, entity }) => [type, message_id, entity.id, entity.version])).toEqual([
      ['feature.updated', 'catalog:2/0', 'feature-sso', 2],
      ['feature.created', 'catalog:2/1', 'feature-new', 1],
      ['addon.created', 'catalog:2/2', 'addon-new', 1],
      ['addon.deleted', 'catalog:2/3', 'addon-elsewhere', 2],
      ['plan.updated_new_version_published', 'catalog:2/4', 'plan-free', 2],
      ['plan.deleted', 'catalog:2/5', 'plan-custom', 2],
    ]);
    expect(told[4]?.entity).toMatchObject({ displayName: 'Starter', productId: 'product-app', pricingType: 'FREE' });
    await apply(
      environment,
      changed(() => undefined),
    ).then(() => apply(environment, edited));
    const types = (await eventsOf(environment)).slice(first.length + told.length).map(({ type }) => type);
    expect(types).toContain('addon.updated_new_version_published');
    expect(types).toContain('feature.deleted');
  });

  test('a publish that is refused leaves nothing behind', async () => {
    const environment = await fresh();
    await subscribe(environment, 'a');
    const before = await eventsOf(environment);
    const document = changed(({ plans, features }) => {
      Object.assign(features, { 'feature-new': { displayName: 'New', featureType: 'BOOLEAN' } });
      delete plans['plan-pro'];
    });
    expect(await refusal(apply(environment, document))).toMatchObject([{ path: 'plans.plan-pro' }]);
    expect(await environment.catalogNumber()).toBe(1);
    expect(await eventsOf(environment)).toEqual(before);
    expect((await environment.publishedCatalog()).features).toEqual(catalog.features);
  });

  test('a feature that only an older version gives is in use as long as somebody is on that version', async () => {
    const environment = await fresh();
    const withoutSends = changed(({ plans }) => delete plans['plan-pro']?.entitlements['feature-sends']);
    const withoutFeature = changed(({ plans, features }) => {
      delete plans['plan-pro']?.entitlements['feature-sends'];
      delete features['feature-sends'];
    });
    await environment.provisionCustomer({ customerId: 'a' }, now);
    await environment.provisionSubscription(
      { customerId: 'a', planId: 'plan-pro', billingPeriod: 'MONTHLY', subscriptionId: 'old' },
      now,
    );
    await apply(environment, withoutSends, 'NEW_CUSTOMERS');
    await subscribe(environment, 'b');
    expect(await refusal(apply(environment, withoutFeature))).toEqual([
      {
        path: 'features.feature-sends',
        rule: 'cannot be archived while subscriptions use it',
        subscriptionIds: ['old'],
        count: 1,
      },
    ]);
    await environment.provisionSubscription({ customerId: 'a', planId: 'plan-free' }, now);
    expect((await apply(environment, withoutFeature)).isApplied).toBe(true);
  });

  test('a billing period cannot go while it bills somebody, unless those stay on what they were sold', async () => {
    const environment = await fresh();
    const monthly = withReports(50, { billingPeriods: ['MONTHLY'] });
    const annually = withReports(50, { billingPeriods: ['ANNUALLY'] });
    const subscriptionId = (await subscribe(environment, 'a')).subscription?.subscriptionId;
    const path = 'plans.plan-pro.billingPeriods';
    const rule = 'cannot lose MONTHLY while subscriptions are billed by it';
    expect(await refusal(apply(environment, annually))).toEqual([
      { path, rule, subscriptionIds: [subscriptionId], count: 1 },
    ]);
    expect((await apply(environment, monthly)).isApplied).toBe(true);
    await apply(environment, catalog);
    expect((await apply(environment, annually, 'NEW_CUSTOMERS')).isApplied).toBe(true);
    // A change that is scheduled takes the newest version, so this one would find no monthly price any more.
    await apply(environment, catalog);
    await stage.database.query(
      `update {schema}.subscription set billing_period = 'ANNUALLY', terms = jsonb_set(terms, '{futureUpdates}',
              '[{"scheduleStatus": "SCHEDULED", "change": {"billingPeriod": "MONTHLY"}}]') where environment = $1`,
      [environment.environmentId],
    );
    expect(await refusal(apply(environment, annually, 'NEW_CUSTOMERS'))).toMatchObject([{ path, rule }]);
  });

  test('a plan or an add-on to which somebody is scheduled to change is in use', async () => {
    const environment = await fresh();
    await subscribe(environment, 'a');
    await stage.database.query(
      `update {schema}.subscription set terms = jsonb_set(terms, '{futureUpdates}', '[
              {"scheduleStatus": "SCHEDULED", "change": {"planId": "plan-free", "addons": [{"addonId": "addon-no-sso", "quantity": 1}]}},
              {"scheduleStatus": "CANCELED", "change": {"planId": "plan-custom"}}]') where environment = $1`,
      [environment.environmentId],
    );
    const document = changed(({ plans, addons }) => {
      for (const plan of Object.values(plans)) Object.assign(plan, { parentPlanId: undefined, compatibleAddonIds: [] });
      delete plans['plan-free'];
      delete plans['plan-custom'];
      delete addons['addon-no-sso'];
    });
    expect((await refusal(apply(environment, document))).map(({ path }) => path)).toEqual([
      'addons.addon-no-sso',
      'plans.plan-free',
    ]);
  });

  test('a feature or a group through which a promotional grant holds is in use', async () => {
    const group = { displayName: 'Group', featureIds: ['feature-sso'] };
    const grouped = changed((document) =>
      Object.assign(document, { featureGroups: { 'group-a': group, 'group-b': group } }),
    );
    const environment = await fresh(grouped);
    await environment.provisionCustomer({ customerId: 'promoted' }, now);
    await stage.database.query(
      `insert into {schema}.promotion (environment, customer_id, promotion_id, feature_id, start_date, end_date, content)
       values ($1, 'promoted', 'one', 'feature-sso', $2, $3, '{"featureGroupIds": ["group-a"]}')`,
      [environment.environmentId, now - 1000, now + 1000],
    );
    const without = (ids: string[]) =>
      changed((document) => {
        const groups = ids.includes('feature-sso') ? [] : ['group-a', 'group-b'].filter((id) => !ids.includes(id));
        document.featureGroups = Object.fromEntries(groups.map((id) => [id, group]));
        if (!ids.includes('feature-sso')) return;
        delete document.features['feature-sso'];
        for (const plan of Object.values(document.plans)) delete plan.entitlements['feature-sso'];
        for (const addon of Object.values(document.addons)) delete addon.entitlements['feature-sso'];
      });
    expect(await refusal(apply(environment, without(['group-a'])))).toEqual([
      {
        path: 'featureGroups.group-a',
        rule: 'cannot be archived while customers hold promotional grants of the group',
        customerIds: ['promoted'],
        count: 1,
      },
    ]);
    expect((await refusal(apply(environment, without(['feature-sso'])))).map(({ path }) => path)).toEqual([
      'features.feature-sso',
      'featureGroups.group-a',
    ]);
    expect((await apply(environment, without(['group-b']))).isApplied).toBe(true);
    const later = environment.applyCatalog(without(['feature-sso']), { dryRun: false }, now + 1000);
    expect((await later).isApplied).toBe(true);
  });

  test('a plan that a journey names cannot leave the catalog without it', async () => {
    const environment = await fresh(wideCatalog);
    const error = await apply(
      environment,
      wideChanged(({ plans }) => delete plans['plan-free']),
    ).catch((reason) => reason);
    expect([error.code, error.field]).toEqual([
      'CATALOG_INVALID',
      'products.product-app.productSettings.downgradePlanId',
    ]);
  });

  test('versions that lead in a circle end where it would come round', async () => {
    const environment = await fresh();
    await subscribe(environment, 'a');
    // Pro inherits from free in the version that this customer keeps; free inherits from pro in the version for all.
    const alone = changed(({ plans }) => Object.assign(plans['plan-pro'] ?? {}, { parentPlanId: undefined }));
    const turned = changed(({ plans }) => {
      Object.assign(plans['plan-pro'] ?? {}, { parentPlanId: undefined });
      Object.assign(plans['plan-free'] ?? {}, { parentPlanId: 'plan-pro' });
    });
    await apply(environment, alone, 'NEW_CUSTOMERS');
    await apply(environment, turned, 'ALL_CUSTOMERS');
    expect(await reportsOf(environment, 'a')).toBe(50);
  });
});
