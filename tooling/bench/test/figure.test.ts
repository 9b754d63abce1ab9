import { expect, test } from 'vitest';
import { type Figure, medianMs, ratioOf, unitsPerSecond, withFigures } from '../src/index.js';

const faster: Figure = { what: 'debits', unit: '/s', ours: 4500, beside: 'by hand', theirs: 900 };
const quicker: Figure = { what: 'a read', unit: 'ms', ours: 0.0251, beside: 'asking', theirs: 1 };

test('a ratio is above 1 where ours is better, whether more is better or less', () => {
  expect(ratioOf(faster)).toBe(5);
  expect(ratioOf(quicker)).toBeCloseTo(39.84, 1);
});

test('figures take the place of those before them, with the run that they are of, and nothing else is lost', () => {
  const table = '| what | ours | beside | theirs | ratio |\n|---|--:|---|--:|--:|';
  const page = `# Performance\n\nLast run: never.\n\n${table}\n| old | 1/s | x | 1/s | 1 |\n\nEnd.\n`;
  expect(withFigures(page, [faster, quicker], { commit: 'abc', day: '2026-01-02' })).toBe(
    `# Performance\n\nLast run: commit \`abc\`, 2026-01-02.\n\n${table}\n` +
      '| debits | 4,500/s | by hand | 900/s | 5 |\n| a read | 0.025 ms | asking | 1 ms | 40 |\n\nEnd.\n',
  );
  expect(() => withFigures('# Performance\n', [faster], { commit: 'abc', day: '2026-01-02' })).toThrow(/has lost/);
});

test('a load counts what its callers get done, as many at a time as there are callers, and fails when a call does', async () => {
  let [underWay, most] = [0, 0];
  const call = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
  };
  expect(await unitsPerSecond({ callers: 4, timeMs: 5, perCall: 10, call })).toBeGreaterThan(0);
  expect(most).toBe(4);
  expect(await medianMs(3, call)).toBeGreaterThanOrEqual(0);
  const broken = () => Promise.reject(new Error('broken on purpose'));
  await expect(unitsPerSecond({ callers: 1, timeMs: 5, call: broken })).rejects.toThrow('broken on purpose');
});
