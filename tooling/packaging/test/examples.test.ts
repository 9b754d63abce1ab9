import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installWithTarballs, packAll, repositoryRoot, type Tarballs } from '../src/index.js';

const run = promisify(execFile);
const examples = readdirSync(join(repositoryRoot, 'examples')).filter((name) =>
  existsSync(join(repositoryRoot, 'examples', name, 'package.json')),
);
const source = (name: string, file: string) =>
  readFileSync(join(repositoryRoot, 'examples', name, 'src', file), 'utf8');
let tarballs: Tarballs;
const copies: string[] = [];

beforeAll(async () => {
  tarballs = await packAll();
}, 300_000);

afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

/** The example as someone has it who copied its folder out of the repository, without what was built or installed. */
function copyOut(name: string): string {
  const copy = mkdtempSync(join(tmpdir(), `tollgate-example-${name}-`));
  copies.push(copy);
  cpSync(join(repositoryRoot, 'examples', name), copy, {
    recursive: true,
    filter: (path) => !['node_modules', 'dist', '.turbo'].includes(basename(path)),
  });
  return copy;
}

describe.each(examples)('the %s example, copied out of the repository', (name) => {
  test('installs with npm, builds, and passes its own test there', async () => {
    const copy = copyOut(name);
    await installWithTarballs(copy, tarballs);
    // The example's test is run by node:test, which says so when nothing failed.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !/^(VITEST|NODE_OPTIONS|NODE_TEST)/.test(key)),
    );
    const { stdout } = await run('npm', ['test'], { cwd: copy, env, maxBuffer: 16 * 1024 * 1024 });
    expect(stdout).toMatch(/^# pass [1-9]/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  }, 300_000);
});

test('the three web examples sell the same product and are tested alike', () => {
  for (const file of ['tollgate.catalog.ts', 'tollgate.register.ts', 'client.ts', 'app.test.ts']) {
    const [first, ...others] = ['express', 'fastify', 'nestjs'].map((name) => source(name, file));
    for (const other of others) expect(other, file).toBe(first);
  }
});
