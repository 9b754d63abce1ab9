import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Analysis, checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedFolder, packAll, publishedFolders, type Tarballs } from '../src/index.js';

const run = promisify(execFile);
const folders = publishedFolders();
const names = [...folders.keys()];
let application: string;
let tarballs: Tarballs;

beforeAll(async () => {
  tarballs = await packAll();
  application = await installedFolder(tarballs);
}, 300_000);

afterAll(() => rmSync(application, { recursive: true, force: true }));

/** Runs a program in the application's folder; what it prints to stderr fails the test, warnings of Node included. */
async function runProgram(name: string, source: string): Promise<string> {
  writeFileSync(join(application, name), source);
  const { stdout, stderr } = await run(process.execPath, [name], { cwd: application });
  expect(stderr).toBe('');
  return stdout;
}

const tarballOf = (name: string): string => tarballs[name] ?? expect.fail(`${name} was not packed`);

/** Entry points for libraries that the examples do not have: loaded in `nest-commonjs.test.ts`, by an application that does. */
const needsMore = ['@tollgate/nestjs/swagger', '@tollgate/nestjs/terminus'];

function entriesOf(name: string): string[] {
  const manifest = JSON.parse(readFileSync(join(folders.get(name) ?? '', 'package.json'), 'utf8'));
  return Object.keys(manifest.exports)
    .filter((entry) => !entry.endsWith('.json') && !needsMore.includes(name + entry.slice(1)))
    .map((entry) => name + entry.slice(1));
}

test('every package loads by import and by require outside the workspace, with the same exports', async () => {
  const entries = names.flatMap(entriesOf);
  const ofEntry = (load: string) =>
    `{ const m = ${load}; console.log(JSON.stringify(Object.keys(m).filter((key) => key !== '__esModule').sort())); }`;
  // Nest's own decorators need it, as applications load it first.
  const first = 'reflect-metadata';
  const imports = entries.map((entry) => ofEntry(`await import('${entry}')`));
  const requires = entries.map((entry) => ofEntry(`require('${entry}')`));
  const imported = await runProgram('a.mjs', [`import '${first}';`, ...imports].join('\n'));
  const required = await runProgram('a.cjs', [`require('${first}');`, ...requires].join('\n'));
  const exported = imported.trim().split('\n');
  expect(exported).toHaveLength(entries.length);
  expect(exported).not.toContain('[]');
  expect(required).toBe(imported);
});

describe.each(names)('%s, packed and installed outside the workspace', (name) => {
  test('holds its readme and license, and nothing that only this repository needs', async () => {
    const { stdout } = await run('tar', ['tzf', tarballOf(name)]);
    const files = stdout.trim().split('\n');
    expect(files).toEqual(expect.arrayContaining(['package/README.md', 'package/LICENSE', 'package/dist/index.d.ts']));
    expect(files.filter((file) => /tsbuildinfo|\/(src|test|node_modules)\/|\.test\./.test(file))).toEqual([]);
  });

  test('asks a registry for nothing that is not there', () => {
    const manifest = JSON.parse(readFileSync(join(application, 'node_modules', name, 'package.json'), 'utf8'));
    const ranges = { ...manifest.dependencies, ...manifest.peerDependencies };
    expect(Object.values(ranges).filter((range) => /^(workspace|catalog|file|link):/.test(String(range)))).toEqual([]);
  });

  test('has a manifest without a fault', async () => {
    const tarball = readFileSync(tarballOf(name));
    const data = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) as ArrayBuffer;
    const { messages, pkg } = await publint({ pack: { tarball: data } });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  test('has types that resolve for everyone but those who cannot load modules at all', async () => {
    const { problems } = (await checkPackage(createPackageFromTarballData(readFileSync(tarballOf(name))))) as Analysis;
    const notSupported = ['node10', 'node16-cjs'];
    const isForUs = (problem: object) =>
      !('resolutionKind' in problem) || !notSupported.includes(String(problem.resolutionKind));
    expect(problems.filter(isForUs)).toEqual([]);
  });
});

test('only one copy of each package is installed', async () => {
  for (const name of names) {
    const copies = names.filter((other) => existsSync(join(application, 'node_modules', other, 'node_modules', name)));
    expect(copies, name).toEqual([]);
  }
});
