import { isTest, type Tree } from './tree.js';

export interface TestTitle {
  path: string;
  title: string;
}

/** The titles of all `it(…)` and `test(…)` calls, also of `it.each(…)(…)`, as they stand in the source. */
export function testTitles(tree: Tree): TestTitle[] {
  const call = /^\s*(?:it|test)(?:\.\w+\([^\n]*?\))?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gm;
  return tree
    .filter(({ path }) => isTest(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(call)].map((match) => ({ path, title: (match[2] ?? '').replace(/\\(['"`])/g, '$1') })),
    );
}
