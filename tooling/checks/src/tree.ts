import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One text file. The path is relative to the repository's root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** All files a check looks at. Tests hand over lists of their own, with something planted in them. */
export type Tree = readonly SourceFile[];

/** A broken rule; `path` is the file to open. */
export interface Finding {
  readonly path: string;
  readonly problem: string;
}

const TEXT =
  /\.(ts|mts|cts|js|mjs|cjs|json|md|yaml|yml|graphql|sql|sh)$|(^|\/)(LICENSE|\.ci\/run|\.gitignore|\.npmrc)$/;

/** What git tracks or would track: neither build output nor installed packages. */
export function readTree(root: string): Tree {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split('\0'))]
    .filter((path) => TEXT.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export const isCode = (path: string): boolean => /\.(ts|mts|cts|js|mjs|cjs)$/.test(path);

/** Tests, and the suites that tests are made of. */
export const isTest = (path: string): boolean =>
  isCode(path) && (/\/test\//.test(path) || /\.test\.ts$/.test(path) || /suite\.ts$/.test(path));

export const isGenerated = (path: string): boolean => /(^|\/)generated\/|\.generated\.|pnpm-lock\.yaml$/.test(path);

/** `packages/client/src/gate.ts` → `packages/client`; nothing for a file outside the workspace's packages. */
export const packageFolder = (path: string): string | undefined =>
  /^(packages|tooling|examples)\/[^/]+/.exec(path)?.[0];

/** Source that is published: the rules for library code hold here. */
export const isLibrary = (path: string): boolean => /^packages\/[^/]+\/src\//.test(path) && isCode(path);
