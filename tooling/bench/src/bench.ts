import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { balanceFigures } from './balances.js';
import { openBenchStage } from './bench-stage.js';
import { measure } from './comparison.js';
import { creditReadFigures } from './credit-reads.js';
import { debitFigures } from './debits.js';
import { decision } from './decision.js';
import { eventFigures } from './events.js';
import { type Figure, tableOf, withFigures } from './figure.js';

const root = join(import.meta.dirname, '../../..');
const page = join(root, 'docs/PERFORMANCE.md');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

async function decisionFigure(): Promise<Figure> {
  const comparison = decision();
  const { oursPerSecond: ours, theirsPerSecond: theirs } = await measure(comparison);
  return { what: comparison.name, unit: '/s', ours, beside: comparison.beside, theirs };
}

/**
 * `npm run bench`: each figure beside what a user would pick instead, in the same run. With `--write` the table goes into
 * docs/PERFORMANCE.md.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  const figures = [await decisionFigure()];
  const stage = await openBenchStage();
  try {
    figures.push(...(await creditReadFigures(stage)));
    figures.push(...(await balanceFigures(stage, [10, 10_000, 1_000_000])));
    figures.push(...(await debitFigures(stage, 5000)));
    figures.push(...(await eventFigures(stage, 30)));
  } finally {
    await stage.close();
  }
  console.log(tableOf(figures));
  if (!values.write) return;
  const run = { commit: git('rev-parse', '--short', 'HEAD'), day: new Date().toISOString().slice(0, 10) };
  writeFileSync(page, withFigures(readFileSync(page, 'utf8'), figures, run));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
