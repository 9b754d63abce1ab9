import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Tarballs } from './pack.js';

const run = promisify(execFile);

type Dependencies = Record<string, string>;

interface Application {
  dependencies?: Dependencies;
  devDependencies?: Dependencies;
  overrides?: Dependencies;
  [field: string]: unknown;
}

/**
 * The same manifest, with our packages taken from the tarballs: those it names, and through `overrides` those that
 * they bring along, so that nothing of ours is ever asked of a registry.
 */
export function withTarballs(application: Application, tarballs: Tarballs): Application {
  const files = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  const point = (dependencies: Dependencies = {}): Dependencies =>
    Object.fromEntries(Object.entries(dependencies).map(([name, range]) => [name, files[name] ?? range]));
  return {
    ...application,
    ...(application.dependencies && { dependencies: point(application.dependencies) }),
    ...(application.devDependencies && { devDependencies: point(application.devDependencies) }),
    overrides: { ...application.overrides, ...files },
  };
}

/** Rewrites the folder's `package.json` to take our packages from the tarballs, and installs it with npm. */
export async function installWithTarballs(folder: string, tarballs: Tarballs): Promise<void> {
  const path = join(folder, 'package.json');
  const application = JSON.parse(readFileSync(path, 'utf8')) as Application;
  writeFileSync(path, `${JSON.stringify(withTarballs(application, tarballs), null, 2)}\n`);
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error', '--prefer-offline'];
  // What this repository's own run has set for npm and pnpm must not reach an application's install.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|pnpm)_/i.test(name)));
  await run('npm', ['install', ...quiet], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
}
