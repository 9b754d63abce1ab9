import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';

const { resolve: moduleAt } = createRequire(import.meta.url);
const root = join(import.meta.dirname, '../../..');
const tollgateTest = join(root, 'packages/testing/bin/tollgate-test.js');
const readme = readFileSync(join(root, 'packages/testing/README.md'), 'utf8');
/** Beside this file, so that imports resolve as they do for a user who installed the packages. */
const folder = mkdtempSync(join(import.meta.dirname, 'run-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines between the braces of a configuration that the README gives. */
function configured(heading: string): string {
  const block = new RegExp(`${heading}.*?\`\`\`js\\nmodule.exports = \\{\\n(.*?)\\};\\n\`\`\``, 's').exec(readme);
  if (!block?.[1]) throw new Error(`the README of testing has no configuration below ${heading}`);
  return block[1];
}

function vitestConfig(): string {
  const config = /```ts\n(export default defineConfig.*?)```/s.exec(readme)?.[1];
  if (!config) throw new Error('the README of testing has no configuration of vitest');
  // Here the packages are linked, not installed: only with the link in its path is a package one to vitest.
  return config.replace('{ test:', '{ resolve: { preserveSymlinks: true }, test:');
}

interface Runner {
  /** Besides the test files, by name. */
  files: Record<string, string>;
  test(index: number): string;
  command: string[];
}

const call = "import { fileOfARun } from '../../runners/file-of-a-run.js';\n";
const runners: Record<string, Runner> = {
  vitest: {
    files: { 'vitest.config.js': `import { defineConfig } from 'vitest/config';\n${vitestConfig()}` },
    test: (index) => `import { test } from 'vitest';\n${call}test('file', () => fileOfARun(${index}));\n`,
    command: [join(moduleAt('vitest/package.json'), '../vitest.mjs'), 'run', '--maxWorkers=3', '--testTimeout=60000'],
  },
  jest: {
    files: {
      'package.json': '{ "type": "commonjs" }',
      'jest.config.js': `module.exports = {\n${configured('\\*\\*Jest\\*\\*')}${configured('### Jest in CommonJS mode')}};\n`,
    },
    test: (index) =>
      `const { fileOfARun } = require('../../runners/file-of-a-run.js');\ntest('file', () => fileOfARun(${index}));\n`,
    command: [join(moduleAt('jest/package.json'), '../bin/jest.js'), '--maxWorkers=3', '--testTimeout=60000'],
  },
  'node:test': {
    files: {},
    test: (index) => `import { test } from 'node:test';\n${call}test('file', () => fileOfARun(${index}));\n`,
    command: [tollgateTest, process.execPath, '--test', '--test-concurrency=3'],
  },
};

interface Ended {
  code: number | null;
  output: string;
}

function start(args: string[], env: NodeJS.ProcessEnv, cwd: string): ChildProcess {
  // What our own runner sets is not what a user's shell has.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|TOLLGATE_|JEST_)/.test(name));
  const ours = { ...Object.fromEntries(inherited), TOLLGATE_TEST_TEMPLATE: inject('pgliteTemplate') };
  // A group of its own: whatever it leaves running is found there.
  return spawn(process.execPath, args, { cwd, env: { ...ours, ...env }, detached: true });
}

function ended(child: ChildProcess): Promise<Ended> {
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

const linesOf = (path: string): string[] => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []);

const isGroupRunning = (pid: number): boolean => {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
};

describe.each(Object.entries(runners))('a run of three test files with %s', (name, runner) => {
  it('has one engine, which gives each file an environment and a clock of its own, and leaves nothing running', async () => {
    const project = join(folder, name.replace(':', '-'));
    mkdirSync(project);
    for (const [file, text] of Object.entries(runner.files)) writeFileSync(join(project, file), text);
    for (const index of [1, 2, 3]) writeFileSync(join(project, `file-${index}.test.js`), runner.test(index));
    const [record, databases] = [join(project, 'record'), join(project, 'databases')];
    const env = {
      RUN_RECORD: record,
      RUN_DATABASES: databases,
      NODE_OPTIONS: `--require ${join(import.meta.dirname, 'runners/count-databases.cjs')}`,
    };
    const child = start(runner.command, env, project);
    const { code, output } = await ended(child);
    expect({ code, output }).toEqual({ code: 0, output: expect.any(String) });

    const seen = linesOf(record).map((line) => JSON.parse(line));
    const byTime = seen.sort((one, other) => one.madeAt.localeCompare(other.madeAt));
    expect(byTime.map(({ madeAt, now, used }) => ({ madeAt, now, used }))).toEqual([
      { madeAt: '2031-01-01T00:00:00.000Z', now: '2031-01-01T00:00:01.000Z', used: 11 },
      { madeAt: '2032-01-01T00:00:00.000Z', now: '2032-01-01T00:00:02.000Z', used: 12 },
      { madeAt: '2033-01-01T00:00:00.000Z', now: '2033-01-01T00:00:03.000Z', used: 13 },
    ]);
    // In worker processes of their own, not in the one that has the engine.
    expect(new Set(seen.map(({ pid }) => pid)).size).toBeGreaterThan(1);
    expect(linesOf(databases)).toEqual([String(child.pid)]);
    const engines = new Set<string>(seen.map(({ engine }) => engine));
    expect(engines.size).toBe(1);
    for (const engine of engines) await expect(fetch(engine)).rejects.toThrow('fetch failed');
    expect(isGroupRunning(child.pid as number)).toBe(false);
  }, 120_000);
});

describe('tollgate-test', () => {
  // Where an engine is announced already it starts none, so that these take no time.
  const announced = { TOLLGATE_TEST_ENGINE: 'http://127.0.0.1:1/none/' };
  const run = (...args: string[]) => ended(start([tollgateTest, ...args], announced, folder));

  it.each([
    ['as the command ends', [process.execPath, '-e', 'process.exit(7)'], 7],
    ['as a shell does when a signal ended the command', [process.execPath, '-e', 'process.kill(process.pid, 9)'], 137],
    ['as a shell does when there is no such command', ['no-such-command'], 127],
    ['with 2 when no command is given', [], 2],
    ['with 2 for an option of its own that it does not have', ['--watch'], 2],
  ])('ends %s', async (_, args, code) => {
    expect(await run(...args)).toMatchObject({ code });
  });

  it('hands arguments on as they are, and the announcement', async () => {
    const program = 'console.log(process.argv.slice(1).join("|"), process.env.TOLLGATE_TEST_ENGINE)';
    const { output } = await run('--', process.execPath, '-e', program, '--', 'one two', '--test', '*');
    expect(output).toBe(`one two|--test|* ${announced.TOLLGATE_TEST_ENGINE}\n`);
  });

  it('hands a signal on, and waits for what the command makes of it', async () => {
    const program = 'process.on("SIGTERM", () => process.exit(9)); console.log("ready"); setInterval(() => {}, 1000)';
    const child = start([tollgateTest, process.execPath, '-e', program], announced, folder);
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    expect(await ended(child)).toEqual({ code: 9, output: 'ready\n' });
    expect(isGroupRunning(child.pid as number)).toBe(false);
  });
});
