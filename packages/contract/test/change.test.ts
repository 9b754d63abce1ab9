import { expect, it } from 'vitest';
import { numbersByKey } from '../src/index.js';
import { counter, wallet } from './builders.js';

it('puts the changed parts of each customer and each resource together, in the order they came', () => {
  const customer = { customerId: 'acme', resourceId: null };
  const site = { customerId: 'acme', resourceId: 'site-1' };
  const other = { customerId: 'beta', resourceId: null };
  const [first, second, third] = [counter(1), counter(2), counter(3, { featureId: 'feature-seats' })];
  const grouped = numbersByKey({
    usage: [
      { key: customer, part: first },
      { key: site, part: second },
      { key: { ...customer }, part: third },
    ],
    wallets: [
      { key: { ...site }, part: wallet(5) },
      { key: other, part: wallet(7) },
    ],
  });
  expect(grouped).toEqual([
    { key: customer, parts: { usage: [first, third], wallets: [] } },
    { key: site, parts: { usage: [second], wallets: [wallet(5)] } },
    { key: other, parts: { usage: [], wallets: [wallet(7)] } },
  ]);
});
