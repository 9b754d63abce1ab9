import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stackOn, storages } from '../../src/storages.js';
import { usageCatalog as catalog } from '../../src/usage-catalog.js';

const day = (date: string): Date => new Date(`${date}T00:00:00.000Z`);
const customerId = 'customer-1';
const reports = { customerId, featureId: 'feature-reports' };

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-31T00:00:00Z', { catalog });
    client = stack.client();
    await client.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-free' } });
  });
  afterEach(() => stack.close());

  test('3.48.0 accepts an anchor on January 31st: the period ends on February 28th, the next one on March 31st', async () => {
    await stack.clock.set(day('2026-02-10'));
    const ack = await client.reportUsage({ ...reports, value: 4 });
    const first = {
      currentUsage: 4,
      usagePeriodStart: day('2026-01-31'),
      usagePeriodEnd: day('2026-02-28'),
      nextResetDate: day('2026-02-28'),
    };
    expect(ack).toMatchObject(first);
    expect(await client.getMeteredEntitlement(reports)).toMatchObject(first);

    await stack.clock.set(new Date(day('2026-02-28').getTime() - 1));
    expect(await client.getMeteredEntitlement(reports)).toMatchObject(first);
  });

  test('3.48.0 accepts the instant at which a period ends: usage is 0 and the next period runs', async () => {
    await stack.clock.set(day('2026-02-10'));
    await client.reportUsage({ ...reports, value: 4 });
    await stack.clock.set(day('2026-02-28'));
    const second = {
      currentUsage: 0,
      usagePeriodStart: day('2026-02-28'),
      usagePeriodEnd: day('2026-03-31'),
      nextResetDate: day('2026-03-31'),
    };
    expect(await client.getMeteredEntitlement(reports)).toMatchObject(second);
    expect(await client.reportUsage({ ...reports, value: 1 })).toMatchObject({ ...second, currentUsage: 1 });
  });

  test('3.48.0 accepts a feature without reset, of which no period is told', async () => {
    const ack = await client.reportUsage({ customerId, featureId: 'feature-pages', value: 2 });
    const entitlement = await client.getMeteredEntitlement({ customerId, featureId: 'feature-pages' });
    for (const answer of [ack, entitlement]) {
      expect(answer.currentUsage).toBe(2);
      expect(answer).not.toHaveProperty('usagePeriodStart');
      expect(answer).not.toHaveProperty('usagePeriodEnd');
      expect(answer).not.toHaveProperty('nextResetDate');
    }
  });
});
