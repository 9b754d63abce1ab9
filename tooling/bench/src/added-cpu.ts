import type { Hook } from './hook.js';
import { type Run, replaceTable } from './page-table.js';

/** Processor time that a hook adds to one request, in microseconds: the median of the rounds, and how far they spread. */
export interface AddedCpu {
  median: number;
  /** Half the distance between the quartiles. */
  spread: number;
}

/** One framework, with what each hook adds to a request over a hook that does nothing. */
export interface FrameworkCpu {
  framework: string;
  limiterName: string;
  added: Record<Exclude<Hook, 'nothing'>, AddedCpu>;
}

/** What one hook costs in each round, over what doing nothing cost in the same round. */
export function addedCpu(costs: readonly number[], ofNothing: readonly number[]): AddedCpu {
  const added = costs.map((cost, round) => cost - (ofNothing[round] ?? Number.NaN)).sort((a, b) => a - b);
  const quantile = (part: number): number => {
    const at = (added.length - 1) * part;
    const [low = Number.NaN, high = low] = added.slice(Math.floor(at), Math.floor(at) + 2);
    return low + (high - low) * (at % 1);
  };
  return { median: quantile(0.5), spread: (quantile(0.75) - quantile(0.25)) / 2 };
}

const HEADER = '| framework | `check` | `meter` | beside | its own | ratio of `check` | ratio of `meter` |';
const RULE = '|---|--:|--:|---|--:|--:|--:|';

const text = ({ median, spread }: AddedCpu): string => `${median.toFixed(1)} ± ${spread.toFixed(1)} µs`;

const rowOf = ({ framework, limiterName, added: { check, meter, limiter } }: FrameworkCpu): string => {
  const ratio = (ours: AddedCpu): string => Number((limiter.median / ours.median).toPrecision(2)).toString();
  return `| ${framework} | ${text(check)} | ${text(meter)} | \`${limiterName}\` | ${text(limiter)} | ${ratio(check)} | ${ratio(meter)} |`;
};

export const cpuTableOf = (frameworks: readonly FrameworkCpu[]): string =>
  [HEADER, RULE, ...frameworks.map(rowOf)].join('\n');

/** The page with this table in the place of its own. */
export const withAddedCpu = (page: string, frameworks: readonly FrameworkCpu[], run: Run): string =>
  replaceTable(page, HEADER, cpuTableOf(frameworks), run);
