import { Tollgate } from '@tollgate/client';
import {
  createEngine,
  type Database,
  type Engine,
  type EnvironmentEngine,
  migrate,
  openDatabase,
} from '@tollgate/engine';
import { durablePostgres, type FreshRedis, freshRedisPrefix, redisService, serveTollgate } from '@tollgate/services';
import { Pool } from 'pg';
import { benchCatalog } from './bench-catalog.js';

/** A Postgres that loses nothing it has confirmed, with an engine in this process and a server in another one. */
export interface BenchStage {
  database: Database;
  environment: EnvironmentEngine;
  serverUrl: string;
  apiKey: string;
  client: Tollgate;
  /** Fed by the server. */
  redis: FreshRedis;
  /** For what is written by hand: ten connections, as the engine has. */
  pool: Pool;
  close(): Promise<void>;
}

const apiKey = 'tg_bench_key_0123456789abcdef';
const environmentId = 'bench';

export async function openBenchStage(): Promise<BenchStage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const postgres = await durablePostgres();
    closing.push(() => postgres.close());
    const database = await openDatabase(postgres.url);
    closing.push(() => database.close());
    await migrate(database);
    const engine: Engine = await createEngine({ database });
    closing.push(() => engine.close());
    await engine.ensureEnvironment(environmentId, Date.now());
    const environment = await engine.environment(environmentId);
    await environment.applyCatalog(benchCatalog, { dryRun: false }, Date.now());
    const service = await redisService();
    closing.push(() => service.close());
    const redis = freshRedisPrefix(service.url);
    closing.push(() => redis.drop());
    const server = await serveTollgate({ database: postgres.url, environment: environmentId, apiKey, redis });
    closing.push(() => server.kill());
    const client = Tollgate.initialize({ baseUri: server.url, apiKey });
    closing.push(() => client.close({ deadlineMs: 0 }));
    await client.waitForInitialization();
    const pool = new Pool({ connectionString: postgres.url, max: 10 });
    closing.push(() => pool.end());
    return { database, environment, serverUrl: server.url, apiKey, client, redis, pool, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A customer with as many credits as nobody uses up here. */
export async function withCredits(
  { environment }: BenchStage,
  customerId: string,
  amount = '1000000000',
): Promise<void> {
  const now = Date.now();
  await environment.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-bench' } }, now);
  const grant = {
    customerId,
    grantId: `grant-of-${customerId}`,
    currencyId: 'credits',
    amount,
    displayName: 'Credits',
  };
  await environment.grantCredits({ ...grant, grantType: 'PAID' }, now);
}
