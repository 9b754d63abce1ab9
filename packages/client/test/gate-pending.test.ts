import { describe, expect, test } from 'vitest';
import { counterOf, pendingUsage, pendingUsageOf } from '../src/gate/pending.js';

const counter = ({ customerId = 'acme', resourceId = null as string | null, featureId = 'feature-reports' } = {}) =>
  counterOf({ customerId, resourceId }, { featureId }, { snapshots: undefined, now: 0, source: 'cache' });
const reports = counter();

describe('pending usage', () => {
  test('adds up what was admitted until each amount is released', () => {
    const pending = pendingUsage();
    const first = pending.add(reports, 1_000_000n);
    pending.add(reports, 2_000_000n);
    expect(pending.of(reports)).toBe(3_000_000n);
    first.release();
    expect(pending.of(reports)).toBe(2_000_000n);
  });

  test('releases an amount once, however often it is told to', () => {
    const pending = pendingUsage();
    const first = pending.add(reports, 1_000_000n);
    pending.add(reports, 1_000_000n);
    first.release();
    first.release();
    first.change(5_000_000n);
    expect(pending.of(reports)).toBe(1_000_000n);
  });

  test('follows what was measured', () => {
    const pending = pendingUsage();
    const amount = pending.add(reports, 1_000_000n);
    amount.change(4_000_000n);
    expect(pending.of(reports)).toBe(4_000_000n);
    amount.release();
    expect(pending.of(reports)).toBe(0n);
  });

  test('gives nothing back before the engine knows: a negative amount makes no room', () => {
    const pending = pendingUsage();
    pending.add(reports, 2_000_000n);
    pending.add(reports, -2_000_000n);
    expect(pending.of(reports)).toBe(2_000_000n);
  });

  test('keeps customers, resources and features apart', () => {
    const pending = pendingUsage();
    pending.add(reports, 1_000_000n);
    expect(pending.of(counter({ customerId: 'globex' }))).toBe(0n);
    expect(pending.of(counter({ resourceId: 'site-1' }))).toBe(0n);
    expect(pending.of(counter({ featureId: 'feature-projects' }))).toBe(0n);
  });

  test('lets go of what travels together when that has arrived, and of nothing else', async () => {
    const pending = pendingUsage();
    const arrivals: (() => void)[] = [];
    const journey = () => new Promise<void>((resolve) => arrivals.push(resolve));
    const [first, second] = [journey(), journey()];
    pending.add(reports, 1_000_000n).releaseAfter(first);
    pending.add(reports, 2_000_000n).releaseAfter(first);
    const back = pending.add(reports, -7_000_000n);
    back.releaseAfter(second);
    const late = pending.add(reports, 4_000_000n);
    late.releaseAfter(second);
    late.release();
    pending.add(reports, 8_000_000n);
    expect([pending.of(reports), pending.isGivenBack(reports)]).toEqual([15_000_000n, true]);
    arrivals[1]?.();
    await second;
    expect([pending.of(reports), pending.isGivenBack(reports)]).toEqual([11_000_000n, false]);
    arrivals[0]?.();
    await first;
    expect(pending.of(reports)).toBe(8_000_000n);
  });

  test('is one per client', () => {
    const [one, other] = [{}, {}];
    expect(pendingUsageOf(one)).toBe(pendingUsageOf(one));
    expect(pendingUsageOf(one)).not.toBe(pendingUsageOf(other));
  });
});
