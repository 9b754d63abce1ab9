import type { AddressInfo } from 'node:net';
import { Tollgate } from '@tollgate/client';
import { embedded } from '@tollgate/server/embedded';
import { createApp } from './app.js';
import catalog from './tollgate.catalog.js';

const client = Tollgate.initialize({ transport: embedded({ database: 'memory', catalog }) });
await client.waitForInitialization();
await client.provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-starter' } });

const server = createApp(client).listen(Number(process.env.PORT ?? 3004), '127.0.0.1');
server.on('listening', () => console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => server.close(() => client.close().then(() => process.exit(0))));
}
