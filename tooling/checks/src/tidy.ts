import { bareCode, importsOf, tokensOf } from './tokens.js';
import { type Finding, isCode, isGenerated, isLibrary, packageFolder, type Tree } from './tree.js';

const LONGEST_FILE = 400;
const LONGEST_INDEX = 40;
const EMPTY_NAMES = ['common', 'shared', 'util', 'utils', 'lib', 'libs'];

/** The only library files that may read the wall clock, draw at random or print; everything else is handed these. */
const MEANT_FOR: readonly { what: string; pattern: RegExp; files: readonly RegExp[] }[] = [
  {
    what: 'console',
    pattern: /\bconsole \./,
    files: [/^packages\/server\/src\/cli\.ts$/, /^packages\/client\/src\/logger\.ts$/],
  },
  { what: 'Date.now', pattern: /\bDate \. now\b/, files: [/^packages\/[^/]+\/src\/clock\.ts$/] },
  { what: 'new Date()', pattern: /\bnew Date (?:\( \)|(?!\())/, files: [/^packages\/[^/]+\/src\/clock\.ts$/] },
  { what: 'Math.random', pattern: /\bMath \. random\b/, files: [/^packages\/[^/]+\/src\/random\.ts$/] },
];

const firstLine = (text: string, needle: RegExp): number => text.slice(0, text.search(needle)).split('\n').length;

/** Names that say nothing about what is inside. */
export const emptyNames = (tree: Tree): Finding[] =>
  tree.flatMap(({ path }) => {
    const names = path.split('/').map((part) => part.replace(/\..*$/, ''));
    const empty = names.find((name) => EMPTY_NAMES.includes(name));
    return empty ? [{ path, problem: `is named ${empty}, which says nothing` }] : [];
  });

/** Packages and examples without a README. */
export function missingReadmes(tree: Tree): Finding[] {
  const paths = new Set(tree.map(({ path }) => path));
  const folders = [...paths]
    .filter((path) => /^(packages|examples)\/[^/]+\/package\.json$/.test(path))
    .map(packageFolder);
  return folders.flatMap((folder) =>
    paths.has(`${folder}/README.md`) ? [] : [{ path: `${folder}`, problem: 'has no README.md' }],
  );
}

/** The wall clock, chance and the console, outside the files meant for them. */
export const hiddenInputs = (tree: Tree): Finding[] =>
  tree
    .filter(({ path }) => isLibrary(path) && !isGenerated(path))
    .flatMap(({ path, text }) => {
      const code = bareCode(text);
      return MEANT_FOR.filter(({ pattern, files }) => pattern.test(code) && !files.some((file) => file.test(path))).map(
        ({ what }) => ({ path, problem: `uses ${what}: take it as a parameter` }),
      );
    });

/** What a CommonJS program cannot load: `import.meta`, and `await` outside every function. */
export const unloadableByRequire = (tree: Tree): Finding[] =>
  tree
    .filter(({ path }) => isLibrary(path))
    .flatMap(({ path, text }) => {
      const findings: Finding[] = [];
      let depth = 0;
      const tokens = tokensOf(text);
      tokens.forEach((token, index) => {
        if (token.kind === 'sign' && token.text === '{') depth++;
        if (token.kind === 'sign' && token.text === '}') depth--;
        const arrowBody = tokens[index - 1]?.text === '>' && tokens[index - 2]?.text === '=';
        if (token.text === 'await' && token.kind === 'word' && depth === 0 && !arrowBody) {
          findings.push({ path, problem: `line ${token.line}: top-level await` });
        }
      });
      if (/\bimport \. meta\b/.test(bareCode(text))) findings.push({ path, problem: 'uses import.meta' });
      return findings;
    });

/** Paths that exist on one machine only. */
export const machinePaths = (tree: Tree): Finding[] =>
  tree
    .filter(({ path }) => !isGenerated(path))
    .flatMap(({ path, text }) => {
      const found = /(?<![\w.])(?:\/(?:root|work|Users\/\w+|home\/\w+)\/|[A-Z]:\\Users\\)/.exec(text);
      return found
        ? [
            {
              path,
              problem: `line ${firstLine(text, /(?<![\w.])\/(?:root|work|Users|home)\//)}: names a path of one machine`,
            },
          ]
        : [];
    });

/** Tests that do not run. */
export const silencedTests = (tree: Tree): Finding[] =>
  tree
    .filter(({ path }) => isCode(path) && /\.test\.ts$|^tooling\//.test(path))
    .flatMap(({ path, text }) => {
      const found = /\b(?:test|it|describe|suite)(?: \. \w+)* \. (skip|only|todo|skipIf|runIf)\b/.exec(bareCode(text));
      return found ? [{ path, problem: `has a test with .${found[1]}` }] : [];
    });

/** Work put off, and checks switched off. The words are put together here so that this file may be looked at too. */
const PUT_OFF = new RegExp(['\\bTO', 'DO\\b|\\bFIX', 'ME\\b|@ts-', 'ignore|@ts-', 'nocheck'].join(''));

export const unfinished = (tree: Tree): Finding[] =>
  tree
    .filter(({ path }) => !isGenerated(path))
    .flatMap(({ path, text }) => {
      const found = PUT_OFF.exec(text)?.[0];
      return found ? [{ path, problem: `line ${firstLine(text, PUT_OFF)}: ${found}` }] : [];
    });

/** Files that have grown past what one idea needs. */
export const overlongFiles = (tree: Tree): Finding[] =>
  tree
    .filter(({ path }) => isCode(path) && !isGenerated(path))
    .flatMap(({ path, text }) => {
      const lines = text.replace(/\n$/, '').split('\n').length;
      const longest = /^packages\/[^/]+\/src\/index\.ts$/.test(path) ? LONGEST_INDEX : LONGEST_FILE;
      return lines > longest ? [{ path, problem: `has ${lines} lines; the ceiling is ${longest}` }] : [];
    });

/** A package's index passes on what is its own, never another package. */
export const reExports = (tree: Tree): Finding[] =>
  tree
    .filter(({ path }) => /^packages\/[^/]+\/src\/index\.ts$/.test(path))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ specifier }) => !specifier.startsWith('.'))
        .map(({ specifier, line }) => ({ path, problem: `line ${line}: passes on ${specifier}` })),
    );

/** Code that lies deeper than one folder below `src`. */
export const deepFolders = (tree: Tree): Finding[] =>
  tree
    .filter(({ path }) => /^packages\/[^/]+\/src\/[^/]+\/[^/]+\//.test(path) && isCode(path) && !isGenerated(path))
    .map(({ path }) => ({ path, problem: 'lies more than one folder below src' }));
