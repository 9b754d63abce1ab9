import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it, vi } from 'vitest';

const root = join(import.meta.dirname, '../../..');
// A user waits for a database to be made from nothing once; here it would be waited for in every run.
process.env.TOLLGATE_TEST_TEMPLATE = inject('pgliteTemplate');

/** The first program of a README, and the lines that it says it prints: `console.log(…); // → line`. */
function program(name: string): { code: string; printed: string[] } {
  const text = readFileSync(join(root, 'packages', name, 'README.md'), 'utf8');
  const code = /```[tj]s\n(.*?)```/s.exec(text)?.[1];
  if (!code) throw new Error(`packages/${name}/README.md holds no program`);
  return { code, printed: [...code.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1] as string) };
}

it.each([
  'client',
  'contract',
  'engine',
  'express',
  'fastify',
  'hono',
  'nestjs',
  'openfeature',
  'redis',
  'server',
  'testing',
])('runs the program that opens the README of %s, and it prints what it says', async (name) => {
  const { code, printed } = program(name);
  expect(printed.length).toBeGreaterThan(0);
  // Beside this file, so that imports resolve as they do for a user who installed the packages.
  const file = join(import.meta.dirname, `.readme-${name}.ts`);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  writeFileSync(file, code);
  try {
    await import(file);
    expect(log.mock.calls.map((values) => values.join(' '))).toEqual(printed);
  } finally {
    log.mockRestore();
    rmSync(file);
  }
});
