import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { keptFolder } from '@tollgate/services';

const run = promisify(execFile);

/** The repository's root, from `src` and from `dist` alike. */
export const repositoryRoot = join(import.meta.dirname, '../../..');

const packages = join(repositoryRoot, 'packages');

/** Package name → absolute path of its tarball. */
export type Tarballs = Readonly<Record<string, string>>;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly packageManager?: string;
}

export const manifestAt = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Changes whenever anything in the tarballs does: it is part of the folder's name that they lie in. */
export function contentKeyOf(tarballs: Tarballs): string {
  return basename(dirname(Object.values(tarballs)[0] ?? ''));
}

/** The published packages' folders, by name. */
export function publishedFolders(): Map<string, string> {
  const folders = readdirSync(packages)
    .map((name) => join(packages, name))
    .filter((folder) => existsSync(join(folder, 'package.json')));
  return new Map(folders.flatMap((folder) => (manifestAt(folder).private ? [] : [[manifestAt(folder).name, folder]])));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Changes whenever anything that a tarball holds changes. */
function contentKey(folders: Iterable<string>): string {
  const hash = createHash('sha256').update(readFileSync(join(repositoryRoot, 'pnpm-workspace.yaml')));
  for (const folder of folders) {
    const held = ['dist', 'bin'].map((name) => join(folder, name)).filter((path) => existsSync(path));
    const files = [...held.flatMap(filesBelow), join(folder, 'package.json'), join(folder, 'README.md')];
    for (const file of files.filter((path) => existsSync(path) && !path.endsWith('.tsbuildinfo')).sort()) {
      hash.update(`\0${file}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 20);
}

/**
 * Builds what has changed and packs every published package, as `pnpm publish` would. Asked again while nothing has
 * changed, in this process or another, it returns the same tarballs.
 */
export async function packAll(): Promise<Tarballs> {
  const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, '-b', ...publishedFolders().values()], { cwd: repositoryRoot });
  const folders = publishedFolders();
  const pack = async (target: string) => {
    const pnpm = manifestAt(repositoryRoot).packageManager ?? 'pnpm';
    const args = ['--yes', pnpm, '--filter', './packages/*', '-r', 'pack', '--pack-destination', target];
    await run('npx', args, { cwd: repositoryRoot, maxBuffer: 64 * 1024 * 1024 });
  };
  const target = await keptFolder({ name: 'packed', key: contentKey(folders.values()), make: pack });
  const tarballOf = ([name, folder]: [string, string]): [string, string] => {
    const file = `${name.replace('@', '').replace('/', '-')}-${manifestAt(folder).version}.tgz`;
    return [name, join(target, file)];
  };
  return Object.fromEntries([...folders].map(tarballOf));
}
