import { describe, expect, test } from 'vitest';
import { pendingUsage, pendingUsageOf } from '../src/gate/pending.js';

const reports = { customerId: 'acme', resourceId: null, featureId: 'feature-reports' };

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
    expect(pending.of({ ...reports, customerId: 'globex' })).toBe(0n);
    expect(pending.of({ ...reports, resourceId: 'site-1' })).toBe(0n);
    expect(pending.of({ ...reports, featureId: 'feature-projects' })).toBe(0n);
  });

  test('is one per client', () => {
    const [one, other] = [{}, {}];
    expect(pendingUsageOf(one)).toBe(pendingUsageOf(one));
    expect(pendingUsageOf(one)).not.toBe(pendingUsageOf(other));
  });
});
