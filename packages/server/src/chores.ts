import type { Engine } from '@tollgate/engine';
import type { Clock } from './clock.js';

/** Only what a process left behind when it died waits for this; the rest is applied where it was accepted. */
const backlogIntervalMs = 5_000;
/** How late an event that time brings may be told. */
const sweepIntervalMs = 1_000;
const sweptTogetherMax = 1_000;
/** How late a server hears of what billing has settled by itself. */
const billingIntervalMs = 5_000;
/** How long rows that are over for good take up room, more or less. */
const purgeIntervalMs = 10_000;
const purgedTogetherMax = 5_000;
/** Many more than come in between two purges. */
const purgeStepsMax = 50;

export interface Chores {
  stop(): Promise<void>;
}

/**
 * What a server does by itself, now and then: it applies events that some process accepted and did not live to apply, goes
 * on with what billing has not settled, brings up customers for whom something is due, so that what time does is told when
 * it happens, and takes away what is over for good.
 */
export function startChores(engine: Engine, clock: Clock, onError: (error: unknown) => void): Chores {
  const chores = [
    repeat(() => engine.applyBacklog(clock.now()), backlogIntervalMs, onError),
    repeat(() => engine.resumeBilling(clock.now()), billingIntervalMs, onError, 'at once'),
    repeat(() => engine.sweep(clock.now(), sweptTogetherMax), sweepIntervalMs, onError),
    repeat(() => purge(engine, clock), purgeIntervalMs, onError, 'at once'),
  ];
  return {
    stop: async () => {
      await Promise.all(chores.map((chore) => chore.stop()));
    },
  };
}

/** Step by step, so that no transaction is long, until a step finds less than it may take. */
async function purge(engine: Engine, clock: Clock): Promise<void> {
  for (let step = 0; step < purgeStepsMax; step++) {
    if ((await engine.purge(clock.now(), purgedTogetherMax)) < purgedTogetherMax) return;
  }
}

/** Never runs twice at a time: one that takes longer than its interval is left to finish. */
function repeat(
  work: () => Promise<unknown>,
  intervalMs: number,
  onError: (error: unknown) => void,
  first: 'at once' | 'after the interval' = 'after the interval',
): Chores {
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      onError(error);
    } finally {
      running = undefined;
    }
  };
  if (first === 'at once') running = run();
  const timer = setInterval(() => {
    running ??= run();
  }, intervalMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
