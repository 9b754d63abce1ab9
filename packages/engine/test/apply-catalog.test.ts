import type { CatalogDocument } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnvironmentEngine } from '../src/engine-api.js';
import { catalog, changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');

describe.each(implementations)('applying a catalog on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  let lastEnvironment = 0;
  /** An environment with the catalog under number 1. */
  const fresh = () => stage.another(`environment-${++lastEnvironment}`);
  const apply = (environment: EnvironmentEngine, document: CatalogDocument, dryRun = false) =>
    environment.applyCatalog(document, { dryRun }, now);

  test('publishes the difference, raises the number once, and the same document again changes nothing', async () => {
    const environment = await fresh();
    const document = changed(({ plans, features, addons }) => {
      Object.assign(plans['plan-free'] ?? {}, { displayName: 'Starter' });
      Object.assign(plans['plan-free']?.entitlements ?? {}, {
        'feature-projects': { usageLimit: 4, hasSoftLimit: true },
      });
      Object.assign(features, { 'feature-audit': { displayName: 'Audit', featureType: 'BOOLEAN' } });
      delete addons['addon-elsewhere'];
    });
    const dry = await apply(environment, document, true);
    expect(dry).toMatchObject({ catalog: 1, isApplied: false });
    expect(await environment.catalogNumber()).toBe(1);
    const diff = await apply(environment, document);
    expect(diff).toEqual({
      changes: [
        {
          action: 'CREATE',
          kind: 'feature',
          id: 'feature-audit',
          details: ['displayName: "Audit"', 'featureType: "BOOLEAN"'],
        },
        { action: 'ARCHIVE', kind: 'addon', id: 'addon-elsewhere', details: ['no longer in the catalog'] },
        {
          action: 'UPDATE',
          kind: 'plan',
          id: 'plan-free',
          details: [
            'displayName: "Free" → "Starter"',
            'entitlements.feature-projects.usageLimit: 3 → 4',
            'entitlements.feature-projects.hasSoftLimit: true',
          ],
        },
      ],
      catalog: 2,
      isApplied: true,
    });
    expect(dry.changes).toEqual(diff.changes);
    expect(await apply(environment, document)).toEqual({ changes: [], catalog: 2, isApplied: false });
  });

  test('what is published is felt by subscriptions that run, at once and under the new number', async () => {
    const environment = await fresh();
    await environment.provisionCustomer({ customerId: 'a', subscriptionParams: { planId: 'plan-free' } }, now);
    await apply(
      environment,
      changed(({ plans }) => Object.assign(plans['plan-free']?.entitlements ?? {}, { 'feature-sso': true })),
    );
    const [snapshot] = await environment.snapshots('a', [null], now);
    expect(snapshot?.grants.version.catalog).toBe(2);
    expect(snapshot?.grants.entitlements.has('feature-sso')).toBe(true);
  });

  test('an archived entry comes back as the next version of itself', async () => {
    const environment = await fresh();
    const without = changed(({ plans, addons }) => {
      delete addons['addon-elsewhere'];
      delete plans['plan-custom'];
    });
    await apply(environment, without);
    const diff = await apply(environment, catalog);
    expect(diff.changes.map(({ action, id, details }) => [action, id, details])).toEqual([
      ['UPDATE', 'addon-elsewhere', ['back in the catalog']],
      ['UPDATE', 'plan-custom', ['back in the catalog']],
    ]);
    const rows = await stage.database.query(
      `select version, catalog, archived from {schema}.catalog_entry where environment = $1 and id = 'plan-custom' order by version`,
      [environment.environmentId],
    );
    expect(rows).toEqual([
      { version: 1, catalog: 1, archived: false },
      { version: 2, catalog: 2, archived: true },
      { version: 3, catalog: 3, archived: false },
    ]);
    const published = await stage.database.query(
      'select catalog, published_at from {schema}.catalog_publish where environment = $1',
      [environment.environmentId],
    );
    expect(published.at(-1)).toEqual({ catalog: 3, published_at: now });
  });

  test('featureTypes describes what is published and knows nothing else', async () => {
    const environment = await fresh();
    const [upload, gone, tokens] = await environment.featureTypes(['feature-upload', 'feature-gone', 'feature-tokens']);
    expect(upload).toEqual({
      featureId: 'feature-upload',
      displayName: 'Largest upload',
      featureType: 'NUMBER',
      meterType: 'None',
      featureStatus: 'ACTIVE',
      unit: 'MB',
      units: 'MB',
      unitTransformation: null,
      hasEventMeter: false,
    });
    expect(gone).toBeNull();
    expect(tokens?.hasEventMeter).toBe(true);
  });

  test('an immutable field cannot change', async () => {
    const environment = await fresh();
    const refusal = async (document: CatalogDocument) => {
      await expect(apply(environment, document)).rejects.toMatchObject({ code: 'CATALOG_INVALID' });
      return apply(environment, document).catch((error) => error.field);
    };
    const type = changed(({ features, plans }) => {
      Object.assign(features, { 'feature-sso': { displayName: 'x', featureType: 'NUMBER' } });
      Object.assign(plans['plan-pro']?.entitlements ?? {}, { 'feature-sso': { usageLimit: 1 } });
      delete plans['plan-custom'];
    });
    // The add-on that revokes it fits a number too, so nothing else is wrong with this document.
    expect(await refusal(type)).toBe('features.feature-sso.featureType');
    const product = changed(({ plans }) =>
      Object.assign(plans['plan-custom'] ?? {}, { productId: 'product-workspace' }),
    );
    expect(await refusal(product)).toBe('plans.plan-custom.productId');
    const measured = changed(({ features }) =>
      Object.assign(features['feature-upload'] ?? {}, { meterType: 'FLUCTUATING' }),
    );
    expect(await refusal(measured)).toBe('features.feature-upload.meterType');
    expect(await environment.catalogNumber()).toBe(1);
  });

  test('what subscriptions use cannot be archived, and up to ten of them are named', async () => {
    const environment = await fresh();
    for (let index = 1; index <= 12; index++) {
      const id = String(index).padStart(2, '0');
      const terms = {
        planId: 'plan-pro',
        billingPeriod: 'MONTHLY' as const,
        addons: [{ addonId: 'addon-reports', quantity: 1 }],
      };
      await environment.provisionCustomer(
        { customerId: id, subscriptionParams: { ...terms, subscriptionId: `sub-${id}` } },
        now,
      );
    }
    const breaks = async (document: CatalogDocument) => {
      const error = await apply(environment, document).catch((reason) => reason);
      expect(error).toMatchObject({ code: 'CATALOG_BREAKS_SUBSCRIPTIONS' });
      return error;
    };
    const noAddon = changed(({ plans, addons }) => {
      Object.assign(plans['plan-pro'] ?? {}, { compatibleAddonIds: [] });
      delete addons['addon-reports'];
    });
    const error = await breaks(noAddon);
    expect(error.field).toBe('addons.addon-reports');
    expect(error.details.issues[0].count).toBe(12);
    expect(error.details.issues[0].subscriptionIds).toHaveLength(10);
    expect(error.message).toContain('sub-01, sub-02');
    expect(error.message).toContain('and 2 more');
    expect((await breaks(changed(({ plans }) => delete plans['plan-pro']))).field).toBe('plans.plan-pro');
    // Projects come from the free plan, which nobody has; the pro plan inherits them.
    const noProjects = changed(({ plans, features }) => {
      for (const plan of Object.values(plans)) delete plan.entitlements['feature-calls'];
      delete features['feature-calls'];
    });
    expect((await breaks(noProjects)).field).toBe('features.feature-calls');
    const converted = changed(({ features }) =>
      Object.assign(features['feature-calls'] ?? {}, { unitTransformation: { divide: 1000, round: 'UP' } }),
    );
    expect((await breaks(converted)).field).toBe('features.feature-calls.unitTransformation');
    const multiple = changed(({ products }) =>
      Object.assign(products['product-app'] ?? {}, { multipleSubscriptions: true }),
    );
    expect((await breaks(multiple)).field).toBe('products.product-app.multipleSubscriptions');
    const repriced = changed(({ plans }) => Object.assign(plans['plan-pro'] ?? {}, { pricingType: 'CUSTOM' }));
    expect((await breaks(repriced)).field).toBe('plans.plan-pro.pricingType');
    // A dry run says the same, and none of it was published. What nobody uses may go.
    await expect(apply(environment, multiple, true)).rejects.toMatchObject({ code: 'CATALOG_BREAKS_SUBSCRIPTIONS' });
    expect(
      (
        await apply(
          environment,
          changed(({ plans }) => delete plans['plan-workspace']),
        )
      ).catalog,
    ).toBe(2);
  });

  test('a subscription that ended frees its plan, and still binds its product to one or many', async () => {
    const environment = await fresh();
    const terms = { customerId: 'a', planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };
    await environment.provisionCustomer({ customerId: 'a' }, now);
    await environment.provisionSubscription(terms, now);
    await environment.provisionSubscription({ customerId: 'a', planId: 'plan-free' }, now);
    expect(
      (
        await apply(
          environment,
          changed(({ plans }) => delete plans['plan-pro']),
        )
      ).isApplied,
    ).toBe(true);
    await expect(environment.provisionSubscription(terms, now)).rejects.toMatchObject({ code: 'PLAN_NOT_FOUND' });
    const multiple = changed(({ products, plans }) => {
      Object.assign(products['product-app'] ?? {}, { multipleSubscriptions: true });
      delete plans['plan-pro'];
    });
    await expect(apply(environment, multiple)).rejects.toMatchObject({ code: 'CATALOG_BREAKS_SUBSCRIPTIONS' });
  });
});
