/** What was measured, and when. */
export interface Run {
  commit: string;
  /** `YYYY-MM-DD` */
  day: string;
}

/**
 * The page with this table in the place of the one with the same first line, and with this run in the line "Last run: …"
 * above it. The text around stays as it is.
 */
export function replaceTable(page: string, header: string, table: string, { commit, day }: Run): string {
  const lines = page.split('\n');
  const start = lines.indexOf(header);
  const said = lines.findLastIndex((line, index) => index < start && line.startsWith('Last run: '));
  if (said < 0) throw new Error(`docs/PERFORMANCE.md has lost a table, or the line "Last run: …" above it: ${header}`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const before = lines.slice(0, start).with(said, `Last run: commit \`${commit}\`, ${day}.`);
  return [...before, table, ...lines.slice(end < 0 ? lines.length : end)].join('\n');
}
