import { inputFieldGaps } from './input-fields.js';
import { type TestTitle, testTitles } from './test-titles.js';
import type { Finding, Tree } from './tree.js';

const document = 'docs/FEATURES.md';

interface ReleaseRow {
  release: string;
  state: string;
  accepts: number;
  rejects: number;
}

interface MethodRow {
  method: string;
  state: string;
  tests: string[];
}

/** Where the feature tables and the tests disagree. */
export function featureGaps(tree: Tree): Finding[] {
  const text = tree.find(({ path }) => path === document)?.text;
  if (text === undefined) return [{ path: document, problem: 'is missing' }];
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    )
    .filter(([first = '']) => first !== 'release' && first !== 'method' && !/^-+$/.test(first));
  const releases = rows.filter((cells) => cells.length === 5).map(releaseRow);
  const methods = rows.filter((cells) => cells.length === 3).map(methodRow);
  const titles = testTitles(tree);
  return [
    ...releases.flatMap((row) => releaseGaps(row, titles)),
    ...methods.flatMap((row) => methodGaps(row, titles)),
    ...unlistedReleases(releases, titles),
  ]
    .map((problem) => ({ path: document, problem }))
    .concat(inputFieldGaps(tree));
}

const releaseRow = ([release = '', , state = '', accepts, rejects]: string[]): ReleaseRow => ({
  release,
  state,
  accepts: Number(accepts),
  rejects: Number(rejects),
});

const methodRow = ([method = '', state = '', tests = '']: string[]): MethodRow => ({
  method: method.replaceAll('`', ''),
  state,
  tests: [...tests.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
});

function releaseGaps({ release, state, accepts, rejects }: ReleaseRow, titles: TestTitle[]): string[] {
  const count = (verb: string) => titles.filter(({ title }) => title.startsWith(`${release} ${verb}`)).length;
  const found = { accepts: count('accepts'), rejects: count('rejects') };
  const isDone = state === 'done';
  if (!isDone && state !== 'not yet' && state !== 'partly')
    return [`${release}: state is neither done, partly nor not yet`];
  if (isDone && found.accepts === 0) return [`${release}: is done, but no test begins with "${release} accepts"`];
  if (found.accepts !== accepts || found.rejects !== rejects) {
    return [
      `${release}: the table says ${accepts} accepted and ${rejects} rejected, the tests are ${found.accepts} and ${found.rejects}`,
    ];
  }
  return [];
}

function methodGaps({ method, state, tests }: MethodRow, titles: TestTitle[]): string[] {
  if (state === 'not yet') return tests.length > 0 ? [`${method}: names a test, but says not yet`] : [];
  if (state !== 'done' && state !== 'partly') return [`${method}: state is neither done, partly nor not yet`];
  if (tests.length === 0) return [`${method}: names no test`];
  return tests.flatMap((named) => {
    const [path = '', wanted = ''] = named.split(/: (.*)/s);
    const isThere = titles.some((found) => found.path === path && found.title === wanted);
    return isThere ? [] : [`${method}: there is no test "${wanted}" in ${path}`];
  });
}

function unlistedReleases(rows: ReleaseRow[], titles: TestTitle[]): string[] {
  const known = new Set(rows.map(({ release }) => release));
  const named = titles.flatMap(({ title }) => /^(\d+\.\d+\.\d+[a-z]?) (?:accepts|rejects)/.exec(title)?.[1] ?? []);
  return [...new Set(named)]
    .filter((release) => !known.has(release))
    .map((release) => `${release}: has tests, but no row`);
}
