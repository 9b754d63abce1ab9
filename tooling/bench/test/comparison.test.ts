import { expect, test } from 'vitest';
import { measure } from '../src/index.js';

test('a comparison counts the units of each call, and fails when one side throws', async () => {
  const calls = { ours: 0, theirs: 0 };
  const comparison = {
    name: 'x',
    unit: 'units',
    ours: () => void calls.ours++,
    beside: 'y',
    theirs: () => void calls.theirs++,
    perRun: 1,
  };
  const one = await measure(comparison, 5);
  expect(one.oursPerSecond).toBeGreaterThan(0);
  expect(Math.min(calls.ours, calls.theirs)).toBeGreaterThan(0);
  const broken = () => {
    throw new Error('broken on purpose');
  };
  await expect(measure({ ...comparison, ours: broken }, 5)).rejects.toThrow('broken on purpose');
});
