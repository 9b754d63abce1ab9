import type { CatalogDocument } from '@tollgate/contract';
import { createEngine, openDatabase } from '@tollgate/engine';
import { expect, inject, test } from 'vitest';
import { watchActivity } from '../src/activity.js';

const now = Date.parse('2026-03-10T12:00:00Z');
const catalog: CatalogDocument = {
  products: { 'product-app': { displayName: 'App' } },
  customCurrencies: { credits: { displayName: 'Credits' } },
  features: { 'feature-seats': { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' } },
  plans: {
    'plan-app': {
      displayName: 'App',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: { 'feature-seats': { usageLimit: 3 } },
    },
  },
};

test('says in a line what was asked of numbers, and what came of it', async () => {
  const database = await openDatabase('memory', { template: inject('pgliteTemplate') });
  const engine = await createEngine({ database });
  await engine.ensureEnvironment('test', now);
  const lines: string[] = [];
  const watched = watchActivity(await engine.environment('test'), (line) => lines.push(line));
  await watched.applyCatalog(catalog, { dryRun: false }, now);
  await watched.provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-app' } }, now);
  lines.length = 0;
  const report = { customerId: 'acme', featureId: 'feature-seats', value: '2', idempotencyKey: 'one' };
  await watched.reportUsage([report], now);
  await watched.hot({ reportUsage: report }, now);
  await watched.hot({ reportUsage: { ...report, value: '-1', idempotencyKey: 'two' } }, now);
  await watched.hot(
    { consumeCredits: { customerId: 'acme', currencyId: 'credits', amount: '4', idempotencyKey: 'c' } },
    now,
  );
  const items = [{ featureId: 'feature-seats', amount: '2' }];
  await watched.hot({ reserve: { customerId: 'acme', reservationId: 'first', items } }, now);
  await watched.hot({ reserve: { customerId: 'acme', reservationId: 'second', items } }, now);
  await watched.hot({ settle: { customerId: 'acme', reservationId: 'first' } }, now);
  await watched.hot({ release: { customerId: 'acme', reservationId: 'none' } }, now);
  expect(lines).toEqual([
    '12:00:00  report     acme feature-seats +2: now 2',
    '12:00:00  report     acme feature-seats +2: now 2 (seen before)',
    '12:00:00  report     acme feature-seats -1: now 1',
    '12:00:00  consume    acme 4 credits: balance -4',
    '12:00:00  reserve    acme 2 feature-seats: HELD',
    '12:00:00  reserve    acme 2 feature-seats: DENIED RequestedUsageExceedingLimit',
    '12:00:00  settle     acme first: SETTLED',
    '12:00:00  release    acme none: refused, RESERVATION_NOT_FOUND: there is no reservation none',
  ]);
  await engine.close();
  await database.close();
});
