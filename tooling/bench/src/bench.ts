import { type Comparison, measure } from './comparison.js';
import { decision } from './decision.js';

const comparisons: readonly Comparison[] = [decision()];

const rounded = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en-US');

/** `npm run bench`: each figure beside what a user would pick instead, as a ratio. Shared cores: trust factors of two. */
async function main(): Promise<void> {
  for (const comparison of comparisons) {
    const { oursPerSecond, theirsPerSecond } = await measure(comparison);
    const ratio = (oursPerSecond / theirsPerSecond).toPrecision(2);
    console.log(`${comparison.name}: ${rounded(oursPerSecond)} ${comparison.unit}/s`);
    console.log(`  beside ${comparison.beside}: ${rounded(theirsPerSecond)}/s, ratio ${ratio}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
