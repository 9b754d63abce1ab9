import type { CatalogAddonCreditEntitlement, CatalogDocument, CatalogEntitlementValue } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CatalogIssue } from '../src/catalog/catalog-issue.js';
import { catalogJsonSchema } from '../src/catalog/catalog-json-schema.js';
import { validateCatalog } from '../src/catalog/validate-catalog.js';
import type { EnvironmentEngine } from '../src/engine-api.js';
import { creditCatalog, creditsChanged } from './credit-catalog.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');

function issuesOf(document: unknown): CatalogIssue[] {
  try {
    validateCatalog(document);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'CATALOG_INVALID' });
    return (error as { details: { issues: CatalogIssue[] } }).details.issues;
  }
}

/** The catalog with other credits in a plan or an add-on, whether they are right or not. */
const credits = (id: string, given: object, currencyId = 'credits') =>
  creditsChanged(({ plans, addons }) => {
    const content = plans[id] ?? addons[id];
    Object.assign(content as object, { creditEntitlements: { [currencyId]: given as CatalogAddonCreditEntitlement } });
  });
const value = (featureId: string, given: object, planId = 'plan-pro') =>
  creditsChanged(({ plans }) => {
    Object.assign(plans[planId]?.entitlements ?? {}, { [featureId]: given as CatalogEntitlementValue });
  });
const rate = (given: object) => value('feature-reports', { creditRate: { currencyId: 'credits', ...given } });
const metered = (aggregation: string) =>
  creditsChanged(({ features }) => {
    Object.assign(features['feature-answers']?.meter ?? {}, { aggregation, field: 'tokens' });
  });
const monthly = { amount: 10, cadence: 'MONTH' };
const [ofPro, reports] = ['plans.plan-pro.creditEntitlements.credits', 'plans.plan-pro.entitlements.feature-reports'];

describe('the credits of a catalog', () => {
  test('are taken as they are', () => {
    expect(validateCatalog(creditCatalog)).toMatchObject(creditCatalog);
  });

  test.each<[string, CatalogDocument]>([
    ['a yearly amount of six places', credits('plan-pro', { amount: 0.000001, cadence: 'YEAR' })],
    ['a soft amount on a free plan', credits('plan-free', { ...monthly, hasSoftLimit: true })],
    [
      'an amount by a number that nothing measures',
      credits('plan-pro', { ...monthly, dependencyFeatureId: 'feature-size' }),
    ],
    ['an increment that says so', credits('addon-more', { ...monthly, behavior: 'Increment' })],
    ['a variable amount by seats', credits('plan-custom', { isCustom: true, dependencyFeatureId: 'feature-seats' })],
    [
      'a rate beside unlimited usage',
      value('feature-reports', { hasUnlimitedUsage: true, creditRate: { currencyId: 'points', amount: 1 } }),
    ],
    [
      'a rate on what resets',
      value('feature-reports', { resetPeriod: 'MONTH', creditRate: { currencyId: 'points', amount: 1 } }),
    ],
    ['a formula of nothing but a number', rate({ costFormula: '3' })],
    ['a rate on a sum', metered('SUM')],
    ['a rate on a maximum', metered('MAX')],
    ['a rate on distinct values', metered('UNIQUE')],
  ])('may be %s', (_, document) => {
    expect(issuesOf(document)).toEqual([]);
  });

  test.each<[string, CatalogDocument, string, string]>([
    [
      'a currency that nobody has',
      credits('plan-pro', monthly, 'gold'),
      'plans.plan-pro.creditEntitlements.gold',
      'names no currency of this catalog',
    ],
    ['an amount of 0', credits('plan-pro', { ...monthly, amount: 0 }), `${ofPro}.amount`, 'must be above 0'],
    ['an amount below 0', credits('plan-pro', { ...monthly, amount: -1 }), `${ofPro}.amount`, 'must be above 0'],
    [
      'an amount of seven places',
      credits('plan-pro', { ...monthly, amount: 0.0000001 }),
      `${ofPro}.amount`,
      'must have at most 6 decimal places',
    ],
    ['no amount', credits('plan-pro', { cadence: 'MONTH' }), `${ofPro}.amount`, 'is required unless isCustom is true'],
    ['no cadence', credits('plan-pro', { amount: 1 }), `${ofPro}.cadence`, 'is required unless isCustom is true'],
    ['weeks', credits('plan-pro', { amount: 1, cadence: 'WEEK' }), `${ofPro}.cadence`, 'must be one of MONTH, YEAR'],
    [
      'an unknown field',
      credits('plan-pro', { ...monthly, rollover: true }),
      `${ofPro}.rollover`,
      'is not a known field',
    ],
    [
      'a behavior on a plan',
      credits('plan-pro', { ...monthly, behavior: 'Override' }),
      `${ofPro}.behavior`,
      'is not a known field',
    ],
    [
      'a variable amount on a paid plan',
      credits('plan-pro', { isCustom: true }),
      `${ofPro}.isCustom`,
      'applies to custom plans only',
    ],
    [
      'a variable amount on an add-on',
      credits('addon-more', { isCustom: true }),
      'addons.addon-more.creditEntitlements.credits.isCustom',
      'applies to custom plans only',
    ],
    [
      'a variable amount that is said',
      credits('plan-custom', { isCustom: true, amount: 5 }),
      'plans.plan-custom.creditEntitlements.credits.amount',
      'must be left out where isCustom is true: provisioning gives it',
    ],
    [
      'a variable cadence that is said',
      credits('plan-custom', { isCustom: true, cadence: 'MONTH' }),
      'plans.plan-custom.creditEntitlements.credits.cadence',
      'must be left out where isCustom is true: provisioning gives it',
    ],
    [
      'an amount by a feature that nobody has',
      credits('plan-pro', { ...monthly, dependencyFeatureId: 'feature-gone' }),
      `${ofPro}.dependencyFeatureId`,
      'names feature-gone, which is no feature of this catalog',
    ],
    [
      'an amount by a feature without a limit',
      credits('plan-pro', { ...monthly, dependencyFeatureId: 'feature-sso' }),
      `${ofPro}.dependencyFeatureId`,
      'names feature-sso, which has no limit to multiply by: it is no number',
    ],
    [
      'a rate in a currency that nobody has',
      rate({ currencyId: 'gold', amount: 1 }),
      `${reports}.creditRate.currencyId`,
      'names gold, which is no currency of this catalog',
    ],
    ['a rate of 0', rate({ amount: 0 }), `${reports}.creditRate.amount`, 'must be above 0'],
    ['a rate of nothing', rate({}), `${reports}.creditRate`, 'needs amount or costFormula'],
    [
      'a rate of both',
      rate({ amount: 1, costFormula: 'a' }),
      `${reports}.creditRate.costFormula`,
      'must be left out where amount is given',
    ],
    [
      'a rate without a currency',
      value('feature-reports', { creditRate: { amount: 1 } }),
      `${reports}.creditRate.currencyId`,
      'is required',
    ],
    [
      'a rate on a configuration',
      value('feature-size', { usageLimit: 1, creditRate: { currencyId: 'credits', amount: 1 } }),
      'plans.plan-pro.entitlements.feature-size.creditRate',
      'does not apply to a numeric feature',
    ],
    [
      'a rate on what is revoked',
      value('feature-reports', { isGranted: false, creditRate: { currencyId: 'credits', amount: 1 } }),
      `${reports}.creditRate`,
      'says nothing where isGranted is false: leave it out',
    ],
    [
      'neither a limit nor a rate',
      value('feature-reports', {}),
      `${reports}.usageLimit`,
      'is required unless hasUnlimitedUsage is true',
    ],
    [
      'a rate on an average',
      metered('AVG'),
      'plans.plan-pro.entitlements.feature-answers.creditRate',
      'needs a meter that aggregates in another way: no single event has a cost in AVG',
    ],
    [
      'a rate on a minimum',
      metered('MIN'),
      'plans.plan-pro.entitlements.feature-answers.creditRate',
      'needs a meter that aggregates in another way: no single event has a cost in MIN',
    ],
    [
      'a formula that runs something',
      rate({ costFormula: 'a.constructor("return process")()' }),
      `${reports}.creditRate.costFormula`,
      'must call nothing but min, max, ceil, floor, round, abs',
    ],
    [
      'a formula that is none',
      rate({ costFormula: 'a +' }),
      `${reports}.creditRate.costFormula`,
      'is not a formula: Expected expression after + at character 3',
    ],
  ])('are refused for %s, by path and rule', (_, document, path, rule) => {
    expect(issuesOf(document)).toEqual([{ path, rule }]);
  });

  test('are refused as variable where a plan with prices would inherit them', () => {
    const child = creditsChanged(({ plans }) => {
      Object.assign(plans, {
        'plan-child': {
          ...plans['plan-free'],
          parentPlanId: 'plan-custom',
          creditEntitlements: {},
          entitlements: { 'feature-reports': { usageLimit: 1 } },
        },
      });
    });
    expect(issuesOf(child)).toEqual([
      {
        path: 'plans.plan-child.parentPlanId',
        rule: 'brings along credits with a variable value, which only a custom plan can have',
      },
    ]);
  });

  test('are in the JSON schema', () => {
    const text = JSON.stringify(catalogJsonSchema());
    for (const field of ['creditEntitlements', 'creditRate', 'costFormula', 'dependencyFeatureId', 'cadence']) {
      expect(text).toContain(`"${field}"`);
    }
  });
});

describe.each(implementations)('publishing credits on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, creditCatalog);
  });
  afterAll(() => stage.close());

  let lastEnvironment = 0;
  const fresh = () => stage.another(`credits-${++lastEnvironment}`);
  const apply = (environment: EnvironmentEngine, document: CatalogDocument, migrationType?: 'NEW_CUSTOMERS') =>
    environment.applyCatalog(document, { dryRun: false, ...(migrationType && { migrationType }) }, now);
  const provision = (environment: EnvironmentEngine, more: object) =>
    environment.provisionSubscription(
      { customerId: 'ada', planId: 'plan-pro', billingPeriod: 'MONTHLY', ...more },
      now,
    );
  const known = (environment: EnvironmentEngine) => environment.provisionCustomer({ customerId: 'ada' }, now);
  const withoutCredits = () =>
    creditsChanged(({ plans, addons, customCurrencies }) => {
      for (const content of [...Object.values(plans), ...Object.values(addons)]) {
        delete content.creditEntitlements?.credits;
        for (const given of Object.values(content.entitlements)) {
          if (given === true || !given.creditRate) continue;
          delete given.creditRate;
          if (!given.isCustom) given.usageLimit = 1;
        }
      }
      delete customCurrencies.credits;
    });

  test('names what changes, and is the way back to the document', async () => {
    const environment = await fresh();
    const document = creditsChanged(({ plans }) => {
      Object.assign(plans['plan-pro']?.creditEntitlements?.credits ?? {}, { amount: 1200, hasSoftLimit: true });
      Object.assign(plans['plan-pro']?.entitlements['feature-answers'] ?? {}, {
        creditRate: { currencyId: 'points', amount: 3 },
      });
    });
    const diff = await apply(environment, document);
    expect(diff.changes).toEqual([
      {
        action: 'UPDATE',
        kind: 'plan',
        id: 'plan-pro',
        details: expect.arrayContaining([
          'creditEntitlements.credits.amount: 1000 → 1200',
          'creditEntitlements.credits.hasSoftLimit: true',
          'entitlements.feature-answers.creditRate.amount: 3',
          'entitlements.feature-answers.creditRate.costFormula: "1.1 * inputTokens + 5 * outputTokens" → removed',
          'entitlements.feature-answers.creditRate.currencyId: "credits" → "points"',
        ]),
      },
    ]);
    const published = await environment.publishedCatalog();
    expect(published).toMatchObject(document);
    expect((await apply(environment, published)).changes).toEqual([]);
  });

  test('waits with a draft, and for new customers only leaves those who run', async () => {
    const environment = await fresh();
    const subscribed = await known(environment).then(() => provision(environment, {}));
    const bigger = (draft: boolean) =>
      creditsChanged(({ plans }) => {
        Object.assign(plans['plan-pro']?.creditEntitlements?.credits ?? {}, { amount: 9 });
        Object.assign(plans['plan-pro'] ?? {}, draft && { draft });
      });
    expect(await apply(environment, bigger(true))).toMatchObject({ catalog: 1 });
    expect(await apply(environment, bigger(false), 'NEW_CUSTOMERS')).toMatchObject({ catalog: 2 });
    expect(subscribed.subscription?.planVersion).toBe(1);
  });

  test('archives no currency that subscriptions use', async () => {
    const environment = await fresh();
    const gone = withoutCredits();
    expect(issuesOf(gone)).toEqual([]);
    await known(environment);
    const { subscription } = await provision(environment, {});
    const refused = apply(environment, gone, 'NEW_CUSTOMERS');
    await expect(refused).rejects.toMatchObject({
      code: 'CATALOG_BREAKS_SUBSCRIPTIONS',
      details: {
        issues: [
          {
            path: 'customCurrencies.credits',
            rule: 'cannot be archived while subscriptions use it',
            subscriptionIds: [subscription?.subscriptionId],
            count: 1,
          },
        ],
      },
    });
    await environment.cancelSubscription(
      { subscriptionId: subscription?.subscriptionId as string, subscriptionCancellationTime: 'IMMEDIATE' },
      now,
    );
    expect((await apply(environment, gone, 'NEW_CUSTOMERS')).changes).toContainEqual(
      expect.objectContaining({ action: 'ARCHIVE', kind: 'currency', id: 'credits' }),
    );
  });

  test('archives no currency of which a subscription has an amount of its own', async () => {
    const environment = await fresh();
    await known(environment);
    const own = [{ currencyId: 'credits', amount: '5', cadence: 'MONTH' as const }];
    const entitlements = [{ featureId: 'feature-reports', usageLimit: '1' }];
    await provision(environment, { planId: 'plan-custom', creditEntitlements: own, entitlements });
    // No version of a plan or an add-on that counts for anybody gives it any more.
    await apply(
      environment,
      creditsChanged((copy) => Object.assign(copy, withoutCredits(), { customCurrencies: copy.customCurrencies })),
    );
    await expect(apply(environment, withoutCredits())).rejects.toMatchObject({ code: 'CATALOG_BREAKS_SUBSCRIPTIONS' });
  });

  test('makes what is paid by credits unlimited otherwise, at the rate of the plan', async () => {
    const environment = await fresh();
    await known(environment);
    await provision(environment, {});
    const [snapshot] = await environment.snapshots('ada', [null], now);
    const given = (featureId: string) => snapshot?.grants.entitlements.get(featureId);
    expect(given('feature-answers')).toMatchObject({
      usageLimit: null,
      hasUnlimitedUsage: true,
      creditRate: { currencyId: 'credits', amount: null, costFormula: '1.1 * inputTokens + 5 * outputTokens' },
    });
    expect(given('feature-reports')).toMatchObject({
      usageLimit: 50_000_000n,
      hasUnlimitedUsage: false,
      creditRate: { currencyId: 'credits', amount: 2_000_000n, costFormula: null },
    });
    expect(given('feature-seats')).toMatchObject({ creditRate: null });
  });
});
