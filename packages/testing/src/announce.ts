import { runEngineVariable } from './open-environment.js';
import type { RunEngine } from './run-engine.js';

interface Announced {
  engine: Promise<RunEngine>;
  users: number;
}

/** Kept on the process, not in this module: a test runner may load setup and teardown as two copies of it. */
const place = Symbol.for('tollgate.test-engine');
const known = globalThis as { [place]?: Announced };

/**
 * Starts the engine of a test run in this process and says where it is in an environment variable, which processes that
 * are started from now on inherit. Where one is announced already, that one is used.
 */
export async function startOfRun(): Promise<void> {
  const announced = known[place];
  if (!announced && process.env[runEngineVariable]) return;
  const { startRunEngine } = await import('./run-engine.js');
  const running = known[place] ?? { engine: startRunEngine(), users: 0 };
  known[place] = running;
  running.users += 1;
  process.env[runEngineVariable] = (await running.engine).address;
}

/** Stops what `startOfRun` started, once for each time it was called. */
export async function endOfRun(): Promise<void> {
  const running = known[place];
  if (!running) return;
  running.users -= 1;
  if (running.users > 0) return;
  delete known[place];
  delete process.env[runEngineVariable];
  await (await running.engine).close();
}
