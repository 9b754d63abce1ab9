import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { serve } from '@hono/node-server';
import type { Admission } from '@tollgate/client/gate';
import { admissionOf, requireEntitlement as requireInExpress, tollgate as tollgateInExpress } from '@tollgate/express';
import { tollgatePlugin } from '@tollgate/fastify';
import { requireEntitlement as requireInHono, tollgate as tollgateInHono } from '@tollgate/hono';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Door, newDoor } from '../src/door.js';
import { fastifyVariant } from '../src/fastify-variant.js';
import { eventually, type GateBench, openGateBench, sendAndLeave, suiteCustomer } from '../src/gate-bench.js';
import type { StartedApp } from '../src/gate-variant.js';

const doors = new Map<string, Door>();
const reports = { feature: 'feature-reports', usage: 3 };

/** Says after each part what it has cost so far. */
async function* parts({ customerId, measure }: Admission): AsyncGenerator<string> {
  yield 'data: one\n\n';
  measure(1);
  await doors.get(customerId)?.pass();
  yield 'data: two\n\n';
  measure(2.5);
}

const closeOf = (server: { close(done: () => void): unknown; closeAllConnections(): void }) => () =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
const urlOf = (server: { address(): unknown }) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const frameworks: [name: string, start: (bench: GateBench) => Promise<StartedApp>][] = [
  [
    'Express: a pipeline into the response',
    async ({ client }) => {
      const app = express();
      app.use(tollgateInExpress({ client, customer: suiteCustomer }));
      app.post('/events', requireInExpress(reports), (request, response, next) => {
        response.type('text/event-stream');
        pipeline(Readable.from(parts(admissionOf(request) as Admission)), response).catch(next);
      });
      const server = app.listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      return { url: urlOf(server), close: closeOf(server) };
    },
  ],
  [
    'Fastify: a stream that is sent',
    async ({ client }) => {
      const app = fastify({ forceCloseConnections: true });
      await app.register(tollgatePlugin, { client, customer: suiteCustomer });
      app.post('/events', { config: { entitlement: reports } }, (request, reply) =>
        reply.type('text/event-stream').send(Readable.from(parts(request.tollgate as Admission))),
      );
      return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
    },
  ],
  [
    'Hono: streamSSE',
    async ({ client }) => {
      const app = new Hono();
      app.use(tollgateInHono({ client, customer: (c) => c.req.header('x-customer') }));
      app.post('/events', requireInHono(reports), (c) =>
        streamSSE(c, async (stream) => {
          for await (const part of parts(c.get('tollgate'))) await stream.write(part);
        }),
      );
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
      await new Promise<void>((resolve) => server.once('listening', () => resolve()));
      return { url: urlOf(server), close: closeOf(server as Parameters<typeof closeOf>[0]) };
    },
  ],
];

/** Streams as each framework's users write them; those of Nest are in its own tests. */
describe('a stream', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
  });
  afterAll(() => bench?.close());

  const partOf = async (customer: string) => {
    const { currentUsage = 0n, held = 0n } = (await bench.partOf(customer, 'feature-reports')) ?? {};
    return { used: Number(currentUsage) / 1e6, held: Number(held) / 1e6 };
  };

  test.each(frameworks)(
    'in %s is charged with what it measured, at its end or when its reader leaves [settle.1] [settle.5]',
    async (_, start) => {
      const app = await start(bench);
      const openDoor = async () => {
        const customer = await bench.newCustomer('plan-free');
        const door = newDoor();
        doors.set(customer, door);
        return { customer, door };
      };
      const whole = await openDoor();
      const response = await fetch(`${app.url}/events`, { method: 'POST', headers: { 'x-customer': whole.customer } });
      await whole.door.reached;
      expect(await partOf(whole.customer)).toEqual({ used: 0, held: 3 });
      whole.door.open();
      expect(await response.text()).toBe('data: one\n\ndata: two\n\n');
      await eventually(() => partOf(whole.customer)).toEqual({ used: 2.5, held: 0 });

      const left = await openDoor();
      await sendAndLeave(app, '/events', { 'x-customer': left.customer }, left.door.reached);
      await eventually(() => partOf(left.customer)).toEqual({ used: 1, held: 0 });
      left.door.open();
      await app.close();
      expect(await partOf(left.customer)).toEqual({ used: 1, held: 0 });
    },
  );
});
