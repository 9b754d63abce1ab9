import { expect, test } from 'vitest';
import { addedCpu, type FrameworkCpu, withAddedCpu } from '../src/index.js';

test('what a hook adds is the median over the rounds, each against doing nothing in the same round', () => {
  // Added: 1, 2, 3, 4, 10. The quartiles are 2 and 4.
  expect(addedCpu([101, 52, 13, 24, 40], [100, 50, 10, 20, 30])).toEqual({ median: 3, spread: 1 });
  expect(addedCpu([3, 5], [1, 1])).toEqual({ median: 3, spread: 0.5 });
});

test('the table says what each hook adds, and how it compares with the limiter', () => {
  const header = '| framework | `check` | `meter` | beside | its own | ratio of `check` | ratio of `meter` |';
  const page = `Last run: never.\n\n${header}\n|---|\n\nLast run: an engine's.\n`;
  const express: FrameworkCpu = {
    framework: 'Express 5',
    limiterName: 'express-rate-limit',
    added: {
      check: { median: 5, spread: 0.25 },
      meter: { median: 20, spread: 1 },
      limiter: { median: 10, spread: 0.5 },
    },
  };
  expect(withAddedCpu(page, [express], { commit: 'abc', day: '2026-01-02' })).toBe(
    `Last run: commit \`abc\`, 2026-01-02.\n\n${header}\n|---|--:|--:|---|--:|--:|--:|\n` +
      '| Express 5 | 5.0 ± 0.3 µs | 20.0 ± 1.0 µs | `express-rate-limit` | 10.0 ± 0.5 µs | 2 | 0.5 |\n' +
      "\nLast run: an engine's.\n",
  );
});
