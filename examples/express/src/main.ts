import type { AddressInfo } from 'node:net';
import { checkRoutes } from '@tollgate/express';
import { createApp } from './app.js';
import { createClient } from './client.js';

const client = createClient();
await client.waitForInitialization();
if (!process.env.TOLLGATE_URL)
  await client.provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-free' } });

const app = createApp(client);
await checkRoutes(app);
const server = app.listen(Number(process.env.PORT ?? 3001), '127.0.0.1');
server.on('listening', () => console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`));
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => server.close(() => client.close().then(() => process.exit(0))));
}
