import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuTableOf, withAddedCpu } from './added-cpu.js';
import { balanceFigures } from './balances.js';
import { type BenchStage, openBenchStage } from './bench-stage.js';
import { measure } from './comparison.js';
import { creditReadFigures } from './credit-reads.js';
import { debitFigures } from './debits.js';
import { decision } from './decision.js';
import { eventFigures } from './events.js';
import { type Figure, tableOf, withFigures } from './figure.js';
import { gateCpu } from './gate-cpu.js';

const root = join(import.meta.dirname, '../../..');
const page = join(root, 'docs/PERFORMANCE.md');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

async function decisionFigure(): Promise<Figure> {
  const comparison = decision();
  const { oursPerSecond: ours, theirsPerSecond: theirs } = await measure(comparison);
  return { what: comparison.name, unit: '/s', ours, beside: comparison.beside, theirs };
}

async function engineFigures(stage: BenchStage): Promise<Figure[]> {
  return [
    await decisionFigure(),
    ...(await creditReadFigures(stage)),
    ...(await balanceFigures(stage, [10, 10_000, 1_000_000])),
    ...(await debitFigures(stage, 5000)),
    ...(await eventFigures(stage, 30)),
  ];
}

/**
 * `npm run bench`: each figure beside what a user would pick instead, in the same run. With `--only gate` or `--only
 * engine` one table of them; with `--write` what was measured goes into docs/PERFORMANCE.md.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { write: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const { only, write } = values;
  if (only !== undefined && only !== 'gate' && only !== 'engine') throw new Error('--only is gate or engine');
  const run = { commit: git('rev-parse', '--short', 'HEAD'), day: new Date().toISOString().slice(0, 10) };
  const stage = await openBenchStage();
  try {
    let written = readFileSync(page, 'utf8');
    if (only !== 'engine') {
      const frameworks = await gateCpu(stage, 4000);
      console.log(cpuTableOf(frameworks));
      written = withAddedCpu(written, frameworks, run);
    }
    if (only !== 'gate') {
      const figures = await engineFigures(stage);
      console.log(tableOf(figures));
      written = withFigures(written, figures, run);
    }
    if (write) writeFileSync(page, written);
  } finally {
    await stage.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
