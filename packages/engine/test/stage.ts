import type { CatalogDocument } from '@tollgate/contract';
import { createEngine, type EngineOptions } from '../src/engine.js';
import type { Engine, EnvironmentEngine } from '../src/engine-api.js';
import type { Database } from '../src/storage/database.js';
import type { Implementation } from './databases.js';

/** An engine on a database of its own, with one environment. */
export interface Stage {
  engine: Engine;
  environment: EnvironmentEngine;
  database: Database;
  /** A further environment of the same database, with the same catalog or another one. */
  another(environmentId: string, document?: CatalogDocument): Promise<EnvironmentEngine>;
  close(): Promise<void>;
}

export const at = (iso: string): number => Date.parse(iso);

/** Ids in the order in which they are made, so that tests can name them. */
export function countingIds(): () => string {
  let last = 0;
  return () => String(++last);
}

export async function openStage(
  implementation: Implementation,
  catalog: CatalogDocument,
  options: Partial<EngineOptions> = {},
): Promise<Stage> {
  const { database, drop } = await implementation.open();
  const engine = await createEngine({ database, ...options });
  const another = async (environmentId: string, document: CatalogDocument = catalog) => {
    await engine.ensureEnvironment(environmentId, at('2025-01-01T00:00:00Z'));
    const environment = await engine.environment(environmentId);
    await environment.applyCatalog(document, { dryRun: false }, at('2025-01-01T00:00:00Z'));
    return environment;
  };
  const environment = await another('test');
  const close = async () => {
    await engine.close();
    await drop();
  };
  return { engine, environment, database, another, close };
}
