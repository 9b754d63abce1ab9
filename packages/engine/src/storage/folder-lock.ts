/*
 * A lock on a folder that ends with its process, however that ends. The holder listens on a Unix socket inside the
 * folder: while it lives, a connection succeeds; after `kill -9` the socket file stays, but refuses connections.
 *
 * Taking over from a dead holder must be atomic. So sockets are numbered, and only the highest number counts:
 * - a newcomer listens first, under a name of its own, and is then linked as "highest + 1", which fails if it exists;
 * - it holds the lock if it still is the highest after that;
 * - the highest is never removed, not even on release, so numbers only grow, and nobody can slip in below a holder.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { TollgateError } from '@tollgate/contract';

export interface FolderLock {
  release(): Promise<void>;
}

/** Rejects with DATABASE_IN_USE, naming the folder and the process that holds it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const real = await realpath(folder);
  if (process.platform === 'win32') return lockPipe(real);
  const sockets = join(real, 'lock');
  await mkdir(sockets, { recursive: true });
  const own = join(sockets, randomUUID());
  const server = await withShortPath(own, listen);
  try {
    await claim(real, sockets, own);
  } catch (error) {
    await close(server);
    throw error;
  } finally {
    await rm(own, { force: true });
  }
  return { release: () => close(server) };
}

async function claim(folder: string, sockets: string, own: string): Promise<void> {
  for (;;) {
    const highest = await highestNumber(sockets);
    if (highest > 0) await refuseIfHeld(folder, join(sockets, String(highest)));
    const next = join(sockets, String(highest + 1));
    if (!(await linkIfFree(own, next))) continue;
    if ((await highestNumber(sockets)) === highest + 1) return removeBelow(sockets, highest + 1);
    await rm(next, { force: true });
  }
}

async function numbers(sockets: string): Promise<number[]> {
  return (await readdir(sockets)).filter((name) => /^\d+$/.test(name)).map(Number);
}

async function highestNumber(sockets: string): Promise<number> {
  return Math.max(0, ...(await numbers(sockets)));
}

async function removeBelow(sockets: string, number: number): Promise<void> {
  for (const older of await numbers(sockets)) {
    if (older < number) await rm(join(sockets, String(older)), { force: true });
  }
}

async function linkIfFree(own: string, next: string): Promise<boolean> {
  try {
    await link(own, next);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function refuseIfHeld(folder: string, path: string): Promise<void> {
  const answer = await withShortPath(path, askHolder);
  if (answer.isHeld) throw inUse(folder, answer.pid);
}

function inUse(folder: string, pid: string): TollgateError {
  const holder = pid === '' ? 'another process' : `process ${pid}`;
  return new TollgateError(
    'DATABASE_IN_USE',
    `${folder} is in use by ${holder}: only one process can open it at a time`,
    {
      details: { folder, ...(pid !== '' && { pid: Number(pid) }) },
    },
  );
}

/** Answers with its process id, for the message that a second process shows. */
function listen(path: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(String(process.pid));
  });
  server.unref();
  return new Promise((resolve, reject) => server.once('error', reject).listen(path, () => resolve(server)));
}

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** A holder that is too busy to say who it is still holds: the connection alone proves that it lives. */
const answerTimeoutMs = 1000;

function askHolder(path: string): Promise<{ isHeld: boolean; pid: string }> {
  return new Promise((resolve, reject) => {
    let pid = '';
    const socket = connect(path);
    socket.setEncoding('utf8').setTimeout(answerTimeoutMs, () => socket.destroy());
    socket.on('data', (text: string) => {
      pid += text;
    });
    socket.on('error', (error) => {
      const code = codeOf(error);
      // ENOENT: a newer holder cleaned up meanwhile; the next look at the folder finds that one.
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve({ isHeld: false, pid: '' });
      else if (code === 'EAGAIN' || code === 'ECONNRESET') resolve({ isHeld: true, pid });
      else reject(error);
    });
    socket.on('close', () => resolve({ isHeld: true, pid }));
  });
}

/** The system cuts socket paths off after about a hundred bytes; a link in the temporary folder shortens them. */
const longestPath = 100;

async function withShortPath<T>(path: string, use: (path: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(path) <= longestPath) return use(path);
  const shortcut = join(tmpdir(), `tg-${randomUUID().slice(0, 13)}`);
  await symlink(join(path, '..'), shortcut);
  try {
    return await use(join(shortcut, basename(path)));
  } finally {
    await rm(shortcut, { force: true });
  }
}

/** Windows ends a named pipe with its process and lets one process listen at a time, so the name alone is the lock. */
async function lockPipe(folder: string): Promise<FolderLock> {
  const { createHash } = await import('node:crypto');
  const path = `\\\\.\\pipe\\tollgate-${createHash('sha256').update(folder.toLowerCase()).digest('hex').slice(0, 32)}`;
  try {
    const server = await listen(path);
    return { release: () => close(server) };
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw inUse(folder, (await askHolder(path)).pid);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
