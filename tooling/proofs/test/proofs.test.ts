import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findProof, proofs, withResult } from '../src/index.js';

describe.each(proofs)('the proof of $name', (proof) => {
  // A new seed with each run; a failure prints it, and `npm run prove -- NAME --seed N` repeats it.
  const seed = randomInt(2 ** 31);

  test(`holds in its short form (seed ${seed})`, { timeout: 300_000 }, async () => {
    await expect(proof.run('short', seed)).resolves.toMatch(/^[\d,]+ /);
  });
});

describe('the registry of proofs', () => {
  test('names the known proofs when asked for an unknown one, or for none', () => {
    expect(() => findProof('perpetual-motion')).toThrow(
      /no proof called perpetual-motion[\s\S]*amounts: Amounts are exact/,
    );
    expect(() => findProof(undefined)).toThrow(/Say which proof to run[\s\S]*amounts: /);
  });

  test('has one name for each proof', () => {
    expect(new Set(proofs.map(({ name }) => name)).size).toBe(proofs.length);
  });
});

describe('the page of results', () => {
  const header = '| proof | promise | last full run | commit | seed | day |\n|---|---|---|---|--:|---|';
  const result = { name: 'b', promise: 'B holds.', outcome: '10 cases', commit: 'abc', seed: 7, day: '2026-01-02' };
  const row = '| `b` | B holds. | 10 cases | `abc` | 7 | 2026-01-02 |';

  test('gets a row for a first result, in order of names', () => {
    const page = `# Proofs\n\n${header}\n| \`a\` | x |\n| \`c\` | x |\n\nEnd.\n`;
    expect(withResult(page, result)).toBe(`# Proofs\n\n${header}\n| \`a\` | x |\n${row}\n| \`c\` | x |\n\nEnd.\n`);
  });

  test('has a later result in the place of the earlier one, and loses nothing else', () => {
    const page = `# Proofs\n\n${header}\n| \`b\` | old |\n\nEnd.\n`;
    expect(withResult(page, result)).toBe(`# Proofs\n\n${header}\n${row}\n\nEnd.\n`);
  });

  test('is refused when it has lost its table', () => {
    expect(() => withResult('# Proofs\n', result)).toThrow(/has lost its table/);
  });
});
