import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keptFolder } from '../src/index.js';

const newKey = () => randomUUID();

test('is made once, however many ask at the same time', async () => {
  const key = newKey();
  let made = 0;
  const ask = () =>
    keptFolder({
      name: 'test',
      key,
      make: async (folder) => {
        made++;
        await new Promise((resolve) => setImmediate(resolve));
        writeFileSync(join(folder, 'content'), 'x');
      },
    });
  const folders = await Promise.all([ask(), ask(), ask()]);
  onTestFinished(() => rmSync(folders[0] ?? '', { recursive: true }));
  expect(made).toBe(1);
  expect(new Set(folders).size).toBe(1);
  expect(readFileSync(join(folders[0] ?? '', 'content'), 'utf8')).toBe('x');
});

test('is not there when making it has failed, and the next one may try', async () => {
  const key = newKey();
  const fail = async (folder: string) => {
    writeFileSync(join(folder, 'half'), 'x');
    throw new Error('broken on purpose');
  };
  await expect(keptFolder({ name: 'test', key, make: fail })).rejects.toThrow('broken on purpose');
  const folder = await keptFolder({ name: 'test', key, make: async () => undefined });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(existsSync(join(folder, 'half'))).toBe(false);
});

test('is made although a process that was making it has died', async () => {
  const key = newKey();
  const lockOf = (folder: string) => `${folder}.lock`;
  const first = await keptFolder({ name: 'test', key, make: async () => undefined });
  onTestFinished(() => rmSync(first, { recursive: true, force: true }));
  rmSync(first, { recursive: true });
  // No process has this id: it is above the largest that the kernel gives.
  writeFileSync(lockOf(first), '99999999');
  await expect(keptFolder({ name: 'test', key, make: async () => undefined })).resolves.toBe(first);
  expect(existsSync(lockOf(first))).toBe(false);
});
