import { createApp } from './app.js';
import { createClient } from './client.js';

const client = createClient();
await client.waitForInitialization();
if (!process.env.TOLLGATE_URL)
  await client.provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-free' } });

const app = await createApp(client);
console.log(`listening on ${await app.listen({ port: Number(process.env.PORT ?? 3002), host: '127.0.0.1' })}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () =>
    app
      .close()
      .then(() => client.close())
      .then(() => process.exit(0)),
  );
}
