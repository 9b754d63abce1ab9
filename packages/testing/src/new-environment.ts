import { randomUUID } from 'node:crypto';
import type { CatalogDocument } from '@tollgate/contract';
import type { Engine, EnvironmentEngine } from '@tollgate/engine';
import type { TestClock } from '@tollgate/server/embedded';

/** An environment of its own in an engine that may have many. */
export interface NewEnvironment {
  environment: EnvironmentEngine;
  clock: TestClock;
  /** Brings the clock to an instant, and does what is due by then unless there is no sweeper. */
  move(instant: number): Promise<void>;
}

export interface NewEnvironmentOptions {
  document: CatalogDocument;
  clock: TestClock;
  sweeper: boolean;
}

/** Rejects with CATALOG_INVALID naming the field when the catalog is not one. */
export async function newEnvironment(
  engine: Engine,
  { document, clock, sweeper }: NewEnvironmentOptions,
): Promise<NewEnvironment> {
  const environmentId = `test-${randomUUID()}`;
  await engine.ensureEnvironment(environmentId, clock.now());
  const environment = await engine.environment(environmentId);
  await environment.applyCatalog(document, { dryRun: false }, clock.now());
  return {
    environment,
    clock,
    move: async (instant) => {
      clock.set(instant);
      if (sweeper) await sweepAll(environment, clock);
    },
  };
}

/** Only this environment: others in the same database have clocks of their own. */
async function sweepAll(environment: EnvironmentEngine, clock: TestClock): Promise<void> {
  const together = 1000;
  while ((await environment.sweep(clock.now(), together)) === together);
  await environment.resumeBilling(clock.now());
}
