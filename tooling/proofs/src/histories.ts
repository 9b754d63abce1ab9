import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { playHistory } from './history-play.js';
import { steps } from './history-step.js';
import type { World } from './history-world.js';
import { type Host, pgliteHost, postgresHost } from './hosts.js';
import { count, type Proof } from './proof.js';

/** A short run ends with the history in which its time is up. */
const sizes = {
  short: { histories: 3, steps: 20, milliseconds: 8_000 },
  long: { histories: 100, steps: 40, milliseconds: Number.POSITIVE_INFINITY },
} as const;
const longAgo = Date.UTC(2026, 0, 1);

/** Two worlds of each database: the sweeper works in the first one, and nobody looks after the second one. */
async function worldsOf(hosts: readonly Host[]): Promise<[World, ...World[]]> {
  const worlds: World[] = [];
  for (const { name, engine } of hosts) {
    for (const isSwept of [true, false]) {
      const environmentId = `history-${randomUUID()}`;
      await engine.ensureEnvironment(environmentId, longAgo);
      const environment = await engine.environment(environmentId);
      worlds.push({ name: `${name}${isSwept ? ', swept' : ''}`, database: name, environment, isSwept });
    }
  }
  return worlds as [World, ...World[]];
}

export const histories: Proof = {
  name: 'histories',
  promise:
    'Standing follows from what was asked for and when: looked at once or step by step, on PGlite or Postgres, it is the same; one trial and one active subscription per place; nothing is granted past its end; the catalog of each instant is the one that counts.',
  run: async (length, seed) => {
    const { histories: most, steps: stepsMost, milliseconds } = sizes[length];
    const hosts = await Promise.all([pgliteHost(), postgresHost()]);
    try {
      const property = fc.asyncProperty(steps(stepsMost), async (history) =>
        playHistory(await worldsOf(hosts), history),
      );
      const started = performance.now();
      let done = 0;
      while (done < most && performance.now() - started < milliseconds) {
        // Each has a seed of its own, so that one that fails can be repeated alone. Only a long run looks for the
        // smallest history that fails.
        await fc.assert(property, { seed: seed + done, numRuns: 1, endOnFailure: length === 'short' });
        done += 1;
      }
      return count(done);
    } finally {
      for (const host of hosts) await host.close();
    }
  },
};
