import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { finished } from './command.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** An application of which only the dependencies matter, in TypeScript unless said otherwise. */
async function application(dependencies: string[], devDependencies = ['typescript']): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-init-'));
  folders.push(folder);
  const listed = (names: string[]) => Object.fromEntries(names.map((name) => [name, '*']));
  const manifest = { dependencies: listed(dependencies), devDependencies: listed(devDependencies) };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
const init = (cwd: string, ...args: string[]) => finished(['init', ...args], { cwd });

test('writes beside the sources, or where there is no folder of them into the application itself', async () => {
  const flat = await application(['express']);
  expect((await init(flat)).code).toBe(0);
  expect((await readdir(flat)).sort()).toEqual(['package.json', 'tollgate.catalog.ts', 'tollgate.register.ts']);
  const withSources = await application(['express']);
  await mkdir(join(withSources, 'src'));
  expect((await init(withSources)).out).toContain('Wrote src/tollgate.catalog.ts');
  expect((await readdir(join(withSources, 'src'))).sort()).toEqual(['tollgate.catalog.ts', 'tollgate.register.ts']);
});

test.each(['tollgate.catalog.ts', 'tollgate.register.ts'])(
  'leaves a %s that is there alone, and writes neither',
  async (name) => {
    const folder = await application(['fastify']);
    await writeFile(join(folder, name), 'mine');
    const { code, out, err } = await init(folder);
    expect([code, out, err]).toEqual([1, '', `tollgate: ${name} is there already, and nothing was written\n`]);
    expect(await readFile(join(folder, name), 'utf8')).toBe('mine');
    expect((await readdir(folder)).sort()).toEqual(['package.json', name].sort());
  },
);

test('takes Nest for what it is, although it brings Express along, and asks to install only what is missing', async () => {
  const folder = await application(['express', '@nestjs/core', '@tollgate/client']);
  const { out } = await init(folder);
  expect(out).toContain('This is an application on @nestjs/core.');
  expect(out).toContain('    npm install @tollgate/nestjs @tollgate/server\n');
  const other = await application(['express', '@nestjs/core']);
  expect((await init(other, '--framework', 'express')).out).toContain('This is an application on express.');
});

test('says what it misses, and writes nothing', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'tollgate-init-'));
  folders.push(empty);
  expect((await init(empty)).err).toBe("tollgate: package.json is not here: run this in the application's folder\n");
  const koa = await application(['koa']);
  expect((await init(koa)).err).toBe(
    'tollgate: package.json names none of @nestjs/core, fastify, express: --framework says which it is\n',
  );
  const javaScript = await application(['express'], []);
  expect((await init(javaScript)).err).toBe('tollgate: tsconfig.json is not here: what init writes is TypeScript\n');
  expect([await readdir(empty), await readdir(koa), await readdir(javaScript)]).toEqual([
    [],
    ['package.json'],
    ['package.json'],
  ]);
});
