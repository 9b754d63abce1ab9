import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keptFolder } from '@tollgate/services';
import { contentKeyOf, repositoryRoot, type Tarballs } from './pack.js';

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
  const application = applicationAt(folder);
  writeFileSync(path, `${JSON.stringify(withTarballs(application, tarballs), null, 2)}\n`);
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error', '--prefer-offline'];
  // What this repository's own run has set for npm and pnpm must not reach an application's install.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|pnpm)_/i.test(name)));
  await run('npm', ['install', ...quiet], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
}

/** The folders of the examples, by name. */
export function exampleFolders(): Map<string, string> {
  const examples = join(repositoryRoot, 'examples');
  const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'package.json')));
  return new Map(names.map((name) => [name, join(examples, name)]));
}

/** What the examples need, which is what applications on their frameworks need to be compiled and to run. */
function neededByApplications(): Dependencies {
  const manifests = [...exampleFolders().values()].map(applicationAt);
  return Object.assign({}, ...manifests.flatMap((each) => [each.dependencies, each.devDependencies]));
}

const applicationAt = (folder: string): Application => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/**
 * A new folder in which every published package is installed, with what applications need besides: those of the
 * examples, or others. The installation itself is made once for all who ask while nothing has changed: write beside it,
 * never into it.
 */
export async function installedFolder(tarballs: Tarballs, needed = neededByApplications()): Promise<string> {
  const ours = Object.fromEntries(Object.keys(tarballs).map((name) => [name, '*']));
  const dependencies = { ...needed, ...ours };
  const make = async (folder: string) => {
    const manifest = { name: 'application', private: true, dependencies };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    await installWithTarballs(folder, tarballs);
  };
  const key = createHash('sha256').update(contentKeyOf(tarballs)).update(JSON.stringify(dependencies)).digest('hex');
  const installed = await keptFolder({ name: 'installed', key: key.slice(0, 20), make });
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-application-'));
  symlinkSync(join(installed, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
