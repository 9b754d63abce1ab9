import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTollgateError } from '@tollgate/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FolderLock, lockFolder } from '../src/storage/folder-lock.js';
import { bundleChild, startChild } from './child-process.js';

let root: string;
let folder: string;
let child: Awaited<ReturnType<typeof bundleChild>>;
beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tollgate-lock-')));
  child = await bundleChild('lock-child');
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'folder-'));
});
afterAll(() => {
  child.remove();
  rmSync(root, { recursive: true, force: true });
});

test('a second process is refused, and told the folder and the process that holds it', async () => {
  const lock = await lockFolder(folder);
  const second = await startChild(child.path, [folder]);
  expect(second.answer).toEqual({
    isHolder: false,
    code: 'DATABASE_IN_USE',
    message: `${folder} is in use by process ${process.pid}: only one process can open it at a time`,
  });
  await second.kill();
  await lock.release();
});

test('another path to the same folder meets the same lock', async () => {
  const lock = await lockFolder(folder);
  const roundabout = join(folder, '..', 'x', '..', folder.slice(root.length + 1));
  mkdirSync(join(root, 'x'), { recursive: true });
  await expect(lockFolder(roundabout)).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
  await lock.release();
});

test('a killed process leaves no lock behind', async () => {
  const first = await startChild(child.path, [folder]);
  expect(first.answer).toEqual({ isHolder: true });
  await expect(lockFolder(folder)).rejects.toMatchObject({
    code: 'DATABASE_IN_USE',
    details: { folder, pid: first.pid },
  });
  await first.kill();
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
  await lock.release();
});

test('of many that take over from a dead holder at once, one gets the lock, time after time', async () => {
  for (let round = 0; round < 25; round++) {
    const attempts = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(folder)));
    const holders = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    const refusals = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason] : []));
    expect(refusals.filter((error) => !isTollgateError(error) || error.code !== 'DATABASE_IN_USE')).toEqual([]);
    expect(holders).toHaveLength(1);
    await Promise.all(holders.map((lock: FolderLock) => lock.release()));
  }
  // What earlier holders left is cleaned up by later ones.
  expect(readdirSync(join(folder, 'lock')).length).toBeLessThan(4);
});

test('of several processes that start at once, one gets the lock', async () => {
  const children = await Promise.all(Array.from({ length: 4 }, () => startChild(child.path, [folder])));
  const holders = children.filter(({ answer }) => (answer as { isHolder: boolean }).isHolder);
  expect(holders).toHaveLength(1);
  await Promise.all(children.map((each) => each.kill()));
});

test('a folder whose path is longer than a socket path may be is locked all the same', async () => {
  const deep = join(folder, 'a'.repeat(120), 'b'.repeat(120));
  mkdirSync(deep, { recursive: true });
  const lock = await lockFolder(deep);
  await expect(lockFolder(deep)).rejects.toMatchObject({ code: 'DATABASE_IN_USE', details: { pid: process.pid } });
  await lock.release();
  await (await lockFolder(deep)).release();
});

test('a folder copied from elsewhere, with plain files where sockets were, can be locked', async () => {
  mkdirSync(join(folder, 'lock'));
  writeFileSync(join(folder, 'lock', '7'), '');
  const lock = await lockFolder(folder);
  expect(readdirSync(join(folder, 'lock'))).toEqual(['8']);
  await lock.release();
});
