import { type Run, replaceTable } from './page-table.js';

/** One figure of ours beside what a user would pick instead, measured in the same run. */
export interface Figure {
  what: string;
  unit: '/s' | 'ms';
  ours: number;
  beside: string;
  theirs: number;
}

/** Above 1 where ours is the better one. */
export const ratioOf = ({ unit, ours, theirs }: Figure): number => (unit === '/s' ? ours / theirs : theirs / ours);

const HEADER = '| what | ours | beside | theirs | ratio |';
const RULE = '|---|--:|---|--:|--:|';

/** Shared cores: two digits are more than the measurement gives. */
const twoDigits = (value: number): string => {
  const rounded = Number(value.toPrecision(2));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
};

const rowOf = (figure: Figure): string => {
  const text = (value: number): string => `${twoDigits(value)}${figure.unit === 'ms' ? ' ms' : '/s'}`;
  return `| ${figure.what} | ${text(figure.ours)} | ${figure.beside} | ${text(figure.theirs)} | ${twoDigits(ratioOf(figure))} |`;
};

export const tableOf = (figures: readonly Figure[]): string => [HEADER, RULE, ...figures.map(rowOf)].join('\n');

/** The page with this table in the place of its own. */
export const withFigures = (page: string, figures: readonly Figure[], run: Run): string =>
  replaceTable(page, HEADER, tableOf(figures), run);
