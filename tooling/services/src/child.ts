import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A service that answers at `url`. `close` stops it if this process started it, and does nothing otherwise. */
export interface Service {
  readonly url: string;
  /** Where the service came from, for the line that the run prints. */
  readonly origin: string;
  close(): Promise<void>;
}

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The first executable of these names in the extra folders or on the PATH. */
export function findBinary(
  names: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  extraFolders: readonly string[] = [],
): string | undefined {
  const folders = [...extraFolders, ...(env.PATH ?? '').split(delimiter).filter(Boolean)];
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here: the next folder may have it.
      }
    }
  }
  return undefined;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** An account without rights of its own, for servers that refuse to run as root. */
export function unprivilegedAccount(): Account | undefined {
  if (!isRoot()) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The account does not exist on this machine.
    }
  }
  return undefined;
}

/** A new folder under the system's temporary folder, which every account may enter. */
export function temporaryFolder(name: string, owner?: Account): string {
  const folder = mkdtempSync(join(tmpdir(), `tollgate-${name}-`));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port was given');
  return address.port;
}

/** Asks again every 25 ms until `attempt` succeeds; gives up with the last error after `deadlineMs`. */
export async function untilReady(attempt: () => Promise<void>, deadlineMs: number, child?: ChildProcess) {
  const end = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (child && child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`, { cause: error });
      if (performance.now() > end) throw error;
      await delay(25);
    }
  }
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly account?: Account | undefined;
  readonly stopSignal: NodeJS.Signals;
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  ready(): Promise<void>;
}

/** Starts a server, waits until it answers, and returns what stops it and removes its folder. */
export async function startChild(options: ChildOptions): Promise<() => Promise<void>> {
  const { command, args, folder, account, stopSignal, env = process.env } = options;
  let output = '';
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...account });
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      output += String(error);
      resolve();
    });
    child.once('exit', () => resolve());
  });
  // A run that is interrupted must not leave a server behind.
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const stop = async () => {
    child.kill(stopSignal);
    await ended;
    process.off('exit', killAtExit);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(options.ready, 60_000, child);
  } catch (error) {
    await stop();
    throw new Error(`${command} did not start: ${String(error)}\n${output}`, { cause: error });
  }
  return stop;
}
