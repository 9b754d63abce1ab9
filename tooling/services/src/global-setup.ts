import type { TestProject } from 'vitest/node';
import type { Service } from './child.js';
import { freshPostgres } from './fresh.js';
import { pgliteTemplate } from './pglite-template.js';
import { postgresService } from './postgres.js';
import { redisService } from './redis.js';

/**
 * Runs once before all tests: finds or starts what they talk to, and hands them the addresses through `inject`.
 * What it started it stops; what it found it leaves as it was.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const started: Service[] = [];
  const stop = async () => {
    for (const service of started.reverse()) await service.close();
  };
  try {
    const postgres = await postgresService();
    started.push(postgres);
    // A database of the run's own: whatever tests leave behind, killed ones too, goes with it.
    const database = await freshPostgres(postgres.url);
    started.push({ ...database, origin: postgres.origin, close: database.drop });
    const redis = await redisService();
    started.push(redis);
    project.provide('postgresUrl', database.url);
    project.provide('redisUrl', redis.url);
    project.provide('pgliteTemplate', await pgliteTemplate());
    process.stdout.write(`Postgres: ${postgres.origin}. Redis: ${redis.origin}.\n`);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
