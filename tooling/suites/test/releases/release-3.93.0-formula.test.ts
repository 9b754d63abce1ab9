import type { CatalogDocument } from '@tollgate/contract';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recurringCreditsCatalog } from '../../src/recurring-credits-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

/** The catalog with a formula for what answers cost. */
function withFormula(costFormula: string): CatalogDocument {
  const copy = structuredClone(recurringCreditsCatalog);
  Object.assign(copy.plans['plan-pro']?.entitlements as object, {
    'feature-answers': { creditRate: { currencyId: 'credits', costFormula } },
  });
  return copy;
}

const hostile = [
  ['what every function inherits', 'a.constructor.constructor("return process")()'],
  ['a name that every object has', 'constructor("return 1")()'],
  ['a prototype', '__proto__'],
  ['a call of something else', 'process.exit(1)'],
  ['a member', 'a["b"]'],
  ['an assignment', 'a = 5'],
  ['a template', '`text`'],
  ['an import', 'import("node:fs")'],
  ['a function of its own', '(() => 1)()'],
  ['a number without end', '9e999999999'],
  ['more than 500 characters', `${'('.repeat(300)}a${')'.repeat(300)}`],
] as const;

describe.each(storages)('on %s, a catalog', (storage) => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-31T00:00:00Z', { catalog: recurringCreditsCatalog });
  });
  afterAll(() => stack.close());

  const apply = (costFormula: string) =>
    stack.engine.applyCatalog(withFormula(costFormula), { dryRun: true }, stack.clock.now());

  test('3.93.0 accepts a formula over dimensions', async () => {
    expect((await apply('1.1*a+5*b')).changes).toHaveLength(1);
  });

  test.each(hostile)('3.93.0 rejects a formula with %s', async (_, formula) => {
    await expect(apply(formula)).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      field: 'plans.plan-pro.entitlements.feature-answers.creditRate.costFormula',
    });
  });
});
