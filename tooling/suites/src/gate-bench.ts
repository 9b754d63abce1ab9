import { request } from 'node:http';
import { gatePortKey, Tollgate, type TollgateOptions } from '@tollgate/client';
import { amountToNumber, type UsagePart } from '@tollgate/contract';
import { createStack, type Stack, testClock } from '@tollgate/server/embedded';
import { type Fresh, freshPostgres } from '@tollgate/services';
import { expect } from 'vitest';
import { gateCatalog } from './gate-catalog.js';
import type { GateVariant, StartedApp, SuiteOptions, SuitePage, SuiteRequest, SuiteRoute } from './gate-variant.js';

/** The instant at which the suite's clock stands. Quotas reset on the first of February. */
export const suiteNow = Date.UTC(2026, 0, 15, 12);

/** An answer as a caller sees it. */
export interface Answer {
  status: number;
  headers: Headers;
  // The suite asserts on bodies member by member.
  body: Record<string, unknown>;
}

/** A real engine on Postgres, a client on it, and applications of one framework in front. */
export interface GateBench {
  client: Tollgate;
  stack: Stack;
  /** A customer of its own for a test, on a plan or on none. */
  newCustomer(planId?: string): Promise<string>;
  /** What the engine has counted, past every cache. */
  usageOf(customerId: string, featureId: string): Promise<number>;
  /** The same counter, with what is held. */
  partOf(customerId: string, featureId: string): Promise<UsagePart | undefined>;
  start(
    routes: readonly SuiteRoute[],
    options?: Partial<SuiteOptions>,
    pages?: readonly SuitePage[],
  ): Promise<StartedApp>;
  /** Another client; closed with the bench. */
  newClient(options: TollgateOptions): Tollgate;
  close(): Promise<void>;
}

export const suiteCustomer = ({ headers }: SuiteRequest) => {
  const customerId = headers['x-customer'];
  return typeof customerId === 'string' ? { customerId } : undefined;
};

export async function openGateBench(variant: GateVariant, postgresUrl: string): Promise<GateBench> {
  const database: Fresh = await freshPostgres(postgresUrl);
  const stack = await createStack({ database: database.url, catalog: gateCatalog, clock: testClock(suiteNow) });
  const clients: Tollgate[] = [];
  const apps: StartedApp[] = [];
  const newClient = (options: TollgateOptions): Tollgate => {
    const made = Tollgate.initialize({ logConfiguration: { logLevel: 'NONE' }, ...options });
    clients.push(made);
    return made;
  };
  const client = newClient({ transport: stack.transport });
  await client.waitForInitialization();
  // What is on sale is known before the first denial, which would not wait for long on a busy machine.
  const [nobody] = await stack.environment.snapshots('nobody', [null], suiteNow);
  if (nobody) await client[gatePortKey].offers(nobody.grants.version, 10_000);
  let customers = 0;
  const partOf = async (customerId: string, featureId: string): Promise<UsagePart | undefined> => {
    const [snapshot] = await stack.environment.snapshots(customerId, [null], suiteNow);
    return snapshot?.usage.get(featureId);
  };
  return {
    client,
    stack,
    newClient,
    async newCustomer(planId) {
      customers += 1;
      const customerId = `customer-${customers}`;
      await client.provisionCustomer({ customerId, ...(planId && { subscriptionParams: { planId } }) });
      return customerId;
    },
    partOf,
    async usageOf(customerId, featureId) {
      return amountToNumber((await partOf(customerId, featureId))?.currentUsage ?? 0n);
    },
    async start(routes, options, pages) {
      const app = await variant.startApp({ client, customer: suiteCustomer, ...options }, routes, pages);
      apps.push(app);
      return app;
    },
    async close() {
      await Promise.all(apps.map((app) => app.close()));
      // Clients whose server is gone on purpose hold usage that nobody will take.
      await Promise.all(clients.map((made) => made.close({ deadlineMs: 100 })));
      await stack.close();
      await database.drop();
    },
  };
}

/** Expects what `read` answers sooner or later: usage is reported in the background. */
export function eventually(read: () => unknown): ReturnType<typeof expect.poll> {
  return expect.poll(read, { timeout: 10_000, interval: 20 });
}

/** Sends one request; `headers` are the suite's `x-…` ones. */
export async function send(
  app: StartedApp,
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(app.url + path, { method, headers });
  const text = await response.text();
  // A framework's own page for an exception that nobody caught is not ours to read.
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {} };
}

/** Sends a request and goes away, when the first piece of the answer is there or when `leave` resolves. */
export function sendAndLeave(
  app: StartedApp,
  path: string,
  headers: Record<string, string>,
  leave?: Promise<unknown>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(app.url + path, { method: 'POST', headers, agent: false });
    const go = (): void => {
      call.destroy();
      resolve();
    };
    call.on('response', (response) => response.on('error', () => {}).once('data', go));
    // After our own leaving the socket reports an error that nobody needs.
    call.on('error', (error) => (call.destroyed ? resolve() : reject(error)));
    leave?.then(go, reject);
    call.end();
  });
}
