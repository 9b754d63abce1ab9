import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that the tour started, and ends. */
export interface Program {
  /** What the awaited line said. */
  match: RegExpExecArray;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  args: string[];
  env?: Record<string, string>;
  /** The line that says "ready"; its groups are handed back. */
  ready: RegExp;
  /** Hears every line of its standard output. */
  onLine?: (line: string) => void;
}

/** Starts a Node program and waits for its ready line; rejects with what it printed when it ends before that. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const child = spawn(process.execPath, options.args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in the terminal reaches the tour alone, which then stops everything in order.
    detached: true,
  });
  const printed: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => printed.push(line));
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed.push(line);
      const found = options.ready.exec(line);
      if (found) resolve(found);
      options.onLine?.(line);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${printed.slice(-20).join('\n')}`)));
  });
  return { match, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(force);
}
