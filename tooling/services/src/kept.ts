import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const KEPT_FOR_MS = 24 * 3_600_000;
const MAKING_TAKES_AT_MOST_MS = 300_000;

/** Inside `node_modules`, so that it goes with it and git never sees it. */
const cache = join(import.meta.dirname, '../../../node_modules/.cache/tollgate');

export interface Kept {
  /** What is kept, for the folder's name: `packed`, `pglite-template`. */
  readonly name: string;
  /** Changes whenever what would be made changes. */
  readonly key: string;
  /** Fills an empty folder. What it leaves there is found complete or not at all. */
  make(folder: string): Promise<void>;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** True if this process now holds the lock; a lock whose holder has died is taken over in the next attempt. */
function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
    if (holder !== '' && !isRunning(Number(holder))) rmSync(lock, { force: true });
    return false;
  }
}

/** Drops what was made from other contents a day ago or earlier: nobody can still be using it. */
function dropOld(name: string, now: number): void {
  for (const entry of readdirSync(cache).filter((each) => each.startsWith(`${name}-`))) {
    const path = join(cache, entry);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > KEPT_FOR_MS) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * The folder of something dear that many test files and runs need: made once by whoever asks first, while others wait,
 * and found by all later ones as long as its key stays the same. Treat what is in it as read-only.
 */
export async function keptFolder({ name, key, make }: Kept): Promise<string> {
  const target = join(cache, `${name}-${key}`);
  const lock = `${target}.lock`;
  mkdirSync(cache, { recursive: true });
  const deadline = performance.now() + MAKING_TAKES_AT_MOST_MS;
  while (!existsSync(target)) {
    if (!tryLock(lock)) {
      if (performance.now() > deadline)
        throw new Error(`${name} is being made by another process and does not get done: ${lock}`);
      await delay(50);
      continue;
    }
    const work = mkdtempSync(join(cache, `${name}-work-`));
    try {
      // Whoever held the lock before may have finished between the look at the folder and the lock.
      if (!existsSync(target)) {
        dropOld(name, Date.now());
        await make(work);
        renameSync(work, target);
      }
    } finally {
      rmSync(work, { recursive: true, force: true });
      rmSync(lock, { force: true });
    }
  }
  return target;
}
