import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withResult } from './page.js';
import { findProof } from './registry.js';

const root = join(import.meta.dirname, '../../..');
const page = join(root, 'docs/PROOFS.md');

const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** What was proven: the commit, and whether the tree held more than the commit says. */
function provenCommit(): string {
  const changed = git('status', '--porcelain', '--', '.', ':!docs/PROOFS.md') !== '';
  return git('rev-parse', '--short', 'HEAD') + (changed ? '+changes' : '');
}

/** `npm run prove -- NAME [--seed N]`: the long form of one proof, written down with commit and seed. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' } } });
  const proof = findProof(positionals[0]);
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error('--seed must be a whole number');
  console.log(`${proof.name}: ${proof.promise}\nseed ${seed}`);
  const commit = provenCommit();
  const started = performance.now();
  const outcome = await proof.run('long', seed);
  console.log(`holds: ${outcome}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const day = new Date().toISOString().slice(0, 10);
  const { name, promise } = proof;
  writeFileSync(page, withResult(readFileSync(page, 'utf8'), { name, promise, outcome, commit, seed, day }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
