import { type Finding, isTest, type Tree } from './tree.js';

const document = 'docs/ADAPTERS.md';
const named = /\[((?:nest|express|fastify|settle|http)\.\d+[a-z]?)\]/g;

/** Where the list of points that adapters have to meet and the tests that name them disagree. */
export function adapterPointGaps(tree: Tree): Finding[] {
  const text = tree.find(({ path }) => path === document)?.text;
  if (text === undefined) return [{ path: document, problem: 'is missing' }];
  const rows = new Map(pointRows(text).map((row) => [row.point, row]));
  const tested = new Set(
    tree.filter(({ path }) => isTest(path)).flatMap((file) => [...file.text.matchAll(named)].map(([, point]) => point)),
  );
  return [
    ...[...rows.values()].flatMap(({ point, state, decision }) => {
      if (state === 'done') return tested.has(point) ? [] : [`${point}: is done, but no test is named [${point}]`];
      if (state === 'left out') return decision ? [] : [`${point}: is left out without a decision`];
      return state === 'not yet' || state === 'partly' ? [] : [`${point}: has no state that is known`];
    }),
    ...[...tested].filter((point) => !rows.has(point ?? '')).map((point) => `${point}: has tests, but no row`),
  ].map((problem) => ({ path: document, problem }));
}

function pointRows(text: string): { point: string; state: string; decision: string }[] {
  return text
    .split('\n')
    .filter((line) => /^\| \w+\.\d+[a-z]? \|/.test(line))
    .map((line) => {
      const [point = '', , state = '', decision = ''] = line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim());
      return { point, state, decision };
    });
}
