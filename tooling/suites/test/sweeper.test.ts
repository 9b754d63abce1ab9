import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  creditsByCustomer,
  eventsByCustomer,
  historyCatalog,
  playHistory,
  type Seen,
} from '../src/scripted-history.js';
import { stackOn, storages } from '../src/storages.js';

const start = '2026-01-01T00:00:00Z';

describe.each(storages)('a history on %s, with the sweeper on and off', (storage) => {
  const stacks: TestStack[] = [];
  let on: Seen[] = [];
  let off: Seen[] = [];
  beforeAll(async () => {
    const swept = await stackOn(storage, start, { catalog: historyCatalog, sweeper: true });
    stacks.push(swept);
    const unswept = await stackOn(storage, start, { catalog: historyCatalog, sweeper: false });
    stacks.push(unswept);
    [on, off] = await Promise.all([playHistory(swept), playHistory(unswept)]);
  });
  afterAll(async () => {
    await Promise.all(stacks.map((stack) => stack.close()));
  });

  test('looks the same at every step to everybody who reads', () => {
    const read = (seen: Seen[]) => seen.map(({ at, customers }) => ({ at, customers }));
    expect(read(off)).toEqual(read(on));
  });

  test('is told at once with it, and late without', () => {
    const toldAt = (seen: Seen[], instant: string) => seen.find(({ at }) => at === instant)?.eventCount;
    // The week of a grant is over on 8 January, and nobody has asked for that customer since.
    const before = toldAt(on, '2026-01-05T00:00:00Z') as number;
    expect(toldAt(on, '2026-01-08T00:00:00Z')).toBe(before + 1);
    expect(toldAt(off, '2026-01-08T00:00:00Z')).toBe(before);
    expect(toldAt(off, '2026-03-01T00:00:00Z')).toBeLessThan(toldAt(on, '2026-03-01T00:00:00Z') as number);
  });

  test('has told the same in the end, with the same dates and in the same order', async () => {
    const [swept, late] = stacks as [TestStack, TestStack];
    expect(await late.engine.sweep(late.clock.now(), 100)).toBeGreaterThan(0);
    expect(await eventsByCustomer(late)).toEqual(await eventsByCustomer(swept));
  });

  test('has given and ended the same credits, on the same dates and in the same order', async () => {
    const [swept, late] = stacks as [TestStack, TestStack];
    const credits = await creditsByCustomer(swept);
    expect(await creditsByCustomer(late)).toEqual(credits);
    const [, , grace] = credits as { ledger: { timestamp: string; eventType: string; amount: number }[] }[];
    expect(grace?.ledger.map((row) => `${row.timestamp.slice(0, 10)} ${row.eventType} ${row.amount}`)).toEqual([
      '2026-01-01 CREDITS_GRANTED 1000',
      '2026-01-01 CREDITS_GRANTED 20',
      // The trial of the smaller plan is over.
      '2026-01-15 CREDITS_EXPIRED 20',
      '2026-02-01 CREDITS_EXPIRED 1000',
      '2026-02-01 CREDITS_GRANTED 1000',
      '2026-02-10 CREDITS_CONSUMED 300',
      // The bigger one is cancelled, and the free one that takes its place has credits by now.
      '2026-03-01 CREDITS_EXPIRED 700',
      '2026-03-01 CREDITS_GRANTED 5',
    ]);
  });

  test('ends as it should', async () => {
    const [swept] = stacks as [TestStack];
    const client = swept.client();
    const list = async (customerId: string) =>
      (await client.getSubscriptions({ customerId })).data
        .map(({ planId, status, cancelReason }) => `${planId} ${status} ${cancelReason ?? ''}`.trim())
        .sort();
    expect(await list('ada')).toEqual([
      'plan-extra CANCELED ScheduledCancellation',
      'plan-free CANCELED UPGRADE_OR_DOWNGRADE',
      'plan-pro ACTIVE',
    ]);
    expect(await list('alan')).toEqual(['plan-site ACTIVE']);
    expect(await list('grace')).toEqual([
      'plan-extra EXPIRED TRIAL_ENDED',
      'plan-free ACTIVE',
      'plan-pro CANCELED ScheduledCancellation',
    ]);
    const reports = await client.getMeteredEntitlement({ customerId: 'grace', featureId: 'feature-reports' });
    expect(reports).toMatchObject({ hasAccess: true, usageLimit: 7 });
  });
});
