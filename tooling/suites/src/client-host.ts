import { randomUUID } from 'node:crypto';
import { Tollgate, type TollgateOptions } from '@tollgate/client';
import type { CustomerSubscriptionInput } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';
import { createStack, type Stack, type TestClock, testClock } from '@tollgate/server/embedded';
import { pgliteTemplate } from '@tollgate/services';
import { clientCatalog } from './client-catalog.js';
import { type TcpProxy, tcpProxy } from './tcp-proxy.js';

export const jan10 = Date.UTC(2026, 0, 10);

/** An engine for the client's tests, the way to it, and a count of what it is asked. */
export interface ClientHost {
  transport: 'embedded' | 'remote';
  stack: Stack;
  clock: TestClock;
  /** How often the engine was asked for snapshots of a customer. */
  snapshotReads(customerId: string): number;
  /** A client that is ready; closed with the host at the latest. */
  client(options?: TollgateOptions): Promise<Tollgate>;
  /** The same, of which nothing is known yet. */
  connect(options?: TollgateOptions): Tollgate;
  /** A new customer with a subscription, which no client has cached. */
  customer(plan?: CustomerSubscriptionInput): Promise<string>;
  /** Between remote clients and the server. */
  proxy: TcpProxy;
  close(): Promise<void>;
}

/** Opens it on PGlite in memory, or on the Postgres database at the given address. */
export async function clientHost(
  transport: ClientHost['transport'],
  postgresUrl?: string,
  catalog = clientCatalog,
): Promise<ClientHost> {
  const clock = testClock(jan10);
  const reads = new Map<string, number>();
  const watch = (environment: EnvironmentEngine): EnvironmentEngine => ({
    ...environment,
    snapshots: (customerId, resourceIds, now) => {
      reads.set(customerId, (reads.get(customerId) ?? 0) + 1);
      return environment.snapshots(customerId, resourceIds, now);
    },
  });
  const storage = postgresUrl ? { database: postgresUrl } : { database: 'memory', template: await pgliteTemplate() };
  const stack = await createStack({ ...storage, clock, watch, catalog });
  const server = await stack.listen({ port: 0 });
  const proxy = await tcpProxy(server.port);
  const apiKey = await stack.createApiKey();
  const clients: Tollgate[] = [];

  const connect = (options: TollgateOptions = {}): Tollgate => {
    const way =
      transport === 'embedded' ? { transport: stack.transport } : { apiKey, baseUri: `http://127.0.0.1:${proxy.port}` };
    const client = Tollgate.initialize({ logConfiguration: { logLevel: 'NONE' }, ...way, ...options });
    clients.push(client);
    return client;
  };
  return {
    transport,
    stack,
    clock,
    proxy,
    connect,
    client: (options) => connect(options).waitForInitialization(),
    snapshotReads: (customerId) => reads.get(customerId) ?? 0,
    customer: async (subscriptionParams = { planId: 'plan-free' }) => {
      const customerId = `c-${randomUUID()}`;
      await stack.environment.provisionCustomer({ customerId, subscriptionParams }, clock.now());
      return customerId;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close({ deadlineMs: 100 })));
      await proxy.close();
      await stack.close();
    },
  };
}

/** Resolves when the client hears of usage above 0 of one customer; provisioning tells of counters at 0 before. */
export function usageHeard(client: Tollgate, customerId: string): Promise<object> {
  return new Promise((resolve) =>
    client.addListener('usageUpdated', (change) => {
      if (change.customerId === customerId && change.currentUsage > 0) resolve(change);
    }),
  );
}

/** Resolves when the client hears of entitlements of one customer that hold a feature, or that do not. */
export function entitlementHeard(
  client: Tollgate,
  customerId: string,
  featureId: string,
  isHeld = true,
): Promise<object> {
  return new Promise((resolve) =>
    client.addListener('entitlementsUpdated', (change) => {
      const holds = change.entitlements.some(({ feature }) => feature?.id === featureId);
      if (change.customerId === customerId && holds === isHeld) resolve(change);
    }),
  );
}
