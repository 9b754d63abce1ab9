// What each test file of a run does: the same customer in every file, each with another amount and another time.
import { appendFileSync } from 'node:fs';
import { Tollgate } from '@tollgate/client';
import { testEnvironment } from '@tollgate/testing';

const catalog = {
  products: { 'product-app': { displayName: 'App' } },
  features: { 'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' } },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: { 'feature-reports': { usageLimit: 100, resetPeriod: 'YEAR' } },
    },
  },
};

/** Writes down what it saw; `index` is the file's number, from 1. */
export async function fileOfARun(index) {
  const environment = await testEnvironment({ catalog, now: Date.UTC(2030 + index, 0, 1) });
  const client = Tollgate.initialize({ ...environment.clientOptions });
  const subscriptionParams = { planId: 'plan-free' };
  const { customer } = await client.provisionCustomer({ customerId: 'customer-1', subscriptionParams });
  await environment.consume('customer-1', 'feature-reports', index);
  await client.reportUsage({ customerId: 'customer-1', featureId: 'feature-reports', value: 10 });
  await environment.clock.advance(index * 1_000);
  const saw = {
    engine: process.env.TOLLGATE_TEST_ENGINE,
    pid: process.pid,
    madeAt: customer.createdAt.toISOString(),
    now: new Date(environment.clock.now()).toISOString(),
    used: await environment.usage('customer-1', 'feature-reports'),
  };
  await client.close();
  await environment.close();
  appendFileSync(process.env.RUN_RECORD, `${JSON.stringify(saw)}\n`);
}
