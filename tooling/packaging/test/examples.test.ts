import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleFolders, installedFolder, packAll } from '../src/index.js';

const run = promisify(execFile);
const examples = exampleFolders();
const source = (name: string, file: string) => readFileSync(join(examples.get(name) ?? '', 'src', file), 'utf8');
const sourcesOf = (folder: string) =>
  readdirSync(join(folder, 'src')).map((file) => readFileSync(join(folder, 'src', file), 'utf8'));
let root: string;

beforeAll(async () => {
  root = await installedFolder(await packAll());
}, 300_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The example as someone has it who copied its folder out of the repository, without what was built or installed. */
function copyOut(name: string, folder: string): string {
  const copy = join(root, name);
  const left = ['node_modules', 'dist', '.turbo'];
  cpSync(folder, copy, { recursive: true, filter: (path) => !left.includes(basename(path)) });
  return copy;
}

describe.each([...examples])('the %s example, copied out of the repository', (name, folder) => {
  test('builds, and passes its own test, on what npm installs from the tarballs', async () => {
    const copy = copyOut(name, folder);
    // The example's test is run by node:test, which says so when nothing failed.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !/^(VITEST|NODE_OPTIONS|NODE_TEST)/.test(key)),
    );
    const { stdout } = await run('npm', ['test'], { cwd: copy, env, maxBuffer: 16 * 1024 * 1024 });
    expect(stdout).toMatch(/^# pass [1-9]/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  }, 300_000);

  test('names in its manifest whatever it imports', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const named = new Set(Object.keys({ ...dependencies, ...devDependencies }));
    const imported = sourcesOf(folder).flatMap((text) =>
      [...text.matchAll(/^(?:import|export) [^;]*?'((?:@[^/']+\/)?[^./'][^/':]*)(?:\/[^':]*)?';/gm)].map(
        ([, id]) => id,
      ),
    );
    expect(imported).not.toEqual([]);
    expect(imported.filter((id) => !named.has(id ?? ''))).toEqual([]);
  });
});

test('the three web examples sell the same product and are tested alike', () => {
  for (const file of ['tollgate.catalog.ts', 'tollgate.register.ts', 'client.ts', 'app.test.ts']) {
    const [first, ...others] = ['express', 'fastify', 'nestjs'].map((name) => source(name, file));
    for (const other of others) expect(other, file).toBe(first);
  }
});
