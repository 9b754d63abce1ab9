/** The last full result of one proof. */
export interface Result {
  readonly name: string;
  readonly promise: string;
  readonly outcome: string;
  readonly commit: string;
  readonly seed: number;
  /** `YYYY-MM-DD` */
  readonly day: string;
}

const HEADER = '| proof | promise | last full run | commit | seed | day |';
const RULE = '|---|---|---|---|--:|---|';

const rowOf = ({ name, promise, outcome, commit, seed, day }: Result): string =>
  `| \`${name}\` | ${promise.replaceAll('|', '\\|')} | ${outcome} | \`${commit}\` | ${seed} | ${day} |`;

/** The page with this result in the place of the proof's earlier one; the text around the table stays as it is. */
export function withResult(page: string, result: Result): string {
  const lines = page.split('\n');
  const header = lines.indexOf(HEADER);
  if (header < 0) throw new Error(`docs/PROOFS.md has lost its table: it needs the line "${HEADER}"`);
  const end = lines.findIndex((line, index) => index > header && !line.startsWith('|'));
  const last = end < 0 ? lines.length : end;
  const others = lines.slice(header + 2, last).filter((line) => !line.startsWith(`| \`${result.name}\` |`));
  return [...lines.slice(0, header), HEADER, RULE, ...[...others, rowOf(result)].sort(), ...lines.slice(last)].join(
    '\n',
  );
}
