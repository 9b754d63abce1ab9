import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from './server-fixture.js';

/** The command as it is installed, on the built package: `npm test` builds first, `npx tsc -b packages/server` does by hand. */
const command = join(import.meta.dirname, '../bin/tollgate.js');

/** Making a new database takes seconds, and many of them on a machine that is busy. */
const startDeadlineMs = 90_000;

export interface Run {
  child: ChildProcess;
  /** Everything on standard output, and on standard error, so far. */
  out(): string;
  err(): string;
  /** Waits for a match on standard output. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits for the end; null for an end by signal. */
  ended: Promise<number | null>;
  /** Ctrl-C, and waits for the end. */
  stop(): Promise<number | null>;
}

const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(TOLLGATE_|DATABASE_URL|REDIS_URL|NODE_OPTIONS|VITEST)/.test(name),
    ),
  );

/** Starts the `tollgate` command in a process of its own. */
export function tollgate(args: string[], options: { cwd?: string; env?: Record<string, string> } = {}): Run {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: options.cwd,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    child,
    out: () => out,
    err: () => err,
    seen: async (pattern) => {
      return eventually(
        `${pattern} on standard output`,
        () => {
          const match = pattern.exec(out);
          if (!match && child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${out}${err}`);
          return match ?? undefined;
        },
        startDeadlineMs,
      );
    },
    ended,
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

/** Runs a command to its end. */
export async function finished(args: string[], options?: Parameters<typeof tollgate>[1]) {
  const run = tollgate(args, options);
  const code = await run.ended;
  return { code, out: run.out(), err: run.err() };
}
