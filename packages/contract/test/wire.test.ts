import { expect, it } from 'vitest';
import {
  type ChangeBatch,
  changeBatchFromWire,
  changeBatchToWire,
  type Snapshot,
  snapshotFromWire,
  snapshotToWire,
} from '../src/index.js';
import { counter, entitlement, entitlementStage, feature, jan1, snapshot, units, version, wallet } from './builders.js';

const formula = { currencyId: 'ai-credits', amount: null, costFormula: '1.1 * a' };

const full: Snapshot = snapshot(
  [
    entitlement({
      feature: feature({ featureId: 'constructor', unitTransformation: { divide: 1000, round: 'UP' } }),
      usageLimit: units('0.000001'),
      enumValues: ['csv'],
      reset: { period: 'MONTH', accordingTo: 'SubscriptionStart', anchor: jan1 },
      usageCountsFrom: jan1 + 1,
      creditRate: { currencyId: 'ai-credits', amount: units('0.25'), costFormula: null },
      endsAt: jan1 + 2,
      afterwards: [entitlementStage({ usageLimit: units('2.5'), creditRate: formula, reset: null, endsAt: null })],
    }),
    entitlement({ usageLimit: null, hasUnlimitedUsage: true }),
  ],
  [
    counter('-12.5', {
      held: units(2),
      heldUntil: jan1 + 2,
      usagePeriodStart: jan1,
      usagePeriodEnd: jan1 + 3,
      validUntil: jan1 + 3,
    }),
  ],
  { validUntil: jan1 + 9 },
  'workspace-1',
  [
    wallet('-0.000001', {
      currency: {
        currencyId: 'constructor',
        displayName: 'Tokens',
        description: 'For models',
        symbol: '◎',
        unit: 'token',
        units: 'tokens',
        metadata: { team: 'ai' },
      },
      held: units(3),
      heldUntil: jan1 + 4,
      validUntil: jan1 + 4,
      endsAt: jan1 + 5,
      usagePeriodEnd: jan1 + 5,
      hasSoftLimit: true,
    }),
  ],
);

it('carries a snapshot through JSON without loss', () => {
  expect(snapshotFromWire(JSON.parse(JSON.stringify(snapshotToWire(full))))).toEqual(full);
});

it('writes amounts as decimal strings and instants as ISO 8601 in UTC', () => {
  const wire = snapshotToWire(full);
  expect(wire.usage[0]).toEqual({
    featureId: 'feature-reports',
    version: { epoch: '0190-a', catalog: 3, revision: 7, validFrom: '2026-01-01T00:00:00.000Z' },
    validUntil: '2026-01-01T00:00:00.003Z',
    currentUsage: '-12.5',
    held: '2',
    heldUntil: '2026-01-01T00:00:00.002Z',
    usagePeriodStart: '2026-01-01T00:00:00.000Z',
    usagePeriodEnd: '2026-01-01T00:00:00.003Z',
  });
  expect(wire.grants.entitlements[0]?.usageLimit).toBe('0.000001');
});

it('reads a counter that grew past the largest amount a caller may send', () => {
  const wire = snapshotToWire(full);
  const grown = { ...wire, usage: wire.usage.map((part) => ({ ...part, currentUsage: '9007199254.000001' })) };
  expect(snapshotFromWire(grown).usage.get('feature-reports')?.currentUsage).toBe(9_007_199_254_000_001n);
});

it('carries a batch of changes through JSON without loss', () => {
  const batch: ChangeBatch = {
    cursor: '10:20:11',
    clock: { now: jan1, isFrozen: true },
    epoch: '0190-a',
    catalog: 4,
    isResync: false,
    usage: [{ key: { customerId: 'customer-1', resourceId: null }, part: counter(2) }],
    wallets: [{ key: { customerId: 'customer-1', resourceId: 'workspace-1' }, part: wallet(7) }],
    grants: [{ key: { customerId: 'customer-1', resourceId: 'workspace-1' }, version }],
  };
  expect(changeBatchFromWire(JSON.parse(JSON.stringify(changeBatchToWire(batch))))).toEqual(batch);
});
