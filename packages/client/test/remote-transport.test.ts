import { createServer, type Server } from 'node:net';
import {
  ArchiveCustomerDocument,
  GrantCreditsDocument,
  HotOperationsDocument,
  type Operation,
  PingDocument,
} from '@tollgate/contract';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { remoteTransport } from '../src/remote-transport.js';
import { good, httpServer, listening } from './http-servers.js';

const unhandled: unknown[] = [];
const noteUnhandled = (thrown: unknown): void => void unhandled.push(thrown);

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', noteUnhandled);
});

afterEach(async () => {
  // Node tells of a rejection after the turn in which nobody took it.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', noteUnhandled);
  expect(unhandled).toEqual([]);
});

function transportTo(baseUri: string) {
  const transport = remoteTransport({
    apiKey: 'key-1',
    baseUri,
    wsUrl: 'ws://127.0.0.1:1',
    timeoutMs: 10_000,
    clientName: 'sdk',
    clientVersion: '1.2.3',
    instanceId: 'instance-1',
  });
  const execute = (operation: Operation<unknown, never> = PingDocument, timeoutMs?: number) =>
    transport.execute(operation, {} as never, timeoutMs === undefined ? {} : { timeoutMs });
  const close = async () => transport.close?.();
  onTestFinished(close);
  return { execute, close };
}

const pinged = { data: { ping: true }, clock: { now: Date.UTC(2026, 0, 1), isFrozen: false } };

describe('an operation', () => {
  test('is answered with its data and the clock, and says who asks', async () => {
    let heard: unknown;
    const { url } = await httpServer((request, response) => {
      heard = { path: request.url, ...request.headers };
      response.end(good);
    });
    expect(await transportTo(url).execute()).toEqual(pinged);
    expect(heard).toMatchObject({
      path: '/graphql',
      'x-api-key': 'key-1',
      'x-sdk-name': 'sdk',
      'x-sdk-version': '1.2.3',
      'x-sdk-instance-id': 'instance-1',
    });
  });

  test('that takes too long is a TIMEOUT and names the milliseconds', async () => {
    const { url, sockets } = await httpServer(() => {});
    await expect(transportTo(url).execute(PingDocument, 60)).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'the engine did not answer within 60 ms',
    });
    await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true);
  });

  test('whose body takes too long is a TIMEOUT as well', async () => {
    const { url } = await httpServer((_request, response) => {
      response.write(good.slice(0, 20));
    });
    await expect(transportTo(url).execute(PingDocument, 200)).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'the engine did not answer within 200 ms',
    });
  });

  test('under way is CLOSED by close, and so is one after it', async () => {
    let arrived = (): void => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { url, sockets } = await httpServer(() => arrived());
    const { execute, close } = transportTo(url);
    const closed = expect(execute()).rejects.toMatchObject({ code: 'CLOSED', message: 'the transport was closed' });
    await arrival;
    await close();
    await closed;
    await expect(execute()).rejects.toMatchObject({ code: 'CLOSED' });
    await expect.poll(() => sockets.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  test('is CLOSED where close comes before its first connection, and when there was none', async () => {
    const { url, sockets } = await httpServer((_request, response) => response.end(good));
    const first = transportTo(url);
    const closed = expect(first.execute()).rejects.toMatchObject({ code: 'CLOSED' });
    await first.close();
    await closed;
    const second = transportTo(url);
    await second.close();
    await expect(second.execute()).rejects.toMatchObject({ code: 'CLOSED' });
    expect(sockets).toEqual([]);
  });

  test('without anybody who listens is UNAVAILABLE and says why', async () => {
    const server: Server = createServer();
    const { port } = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(transportTo(`http://127.0.0.1:${port}`).execute()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: `the engine cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });
});

const repeatable: [string, Operation<unknown, never>][] = [
  ['Ping', PingDocument],
  ['HotOperations', HotOperationsDocument],
  ['GrantCredits', GrantCreditsDocument],
];

const cuts = ['before any answer', 'in the middle of the answer', 'after an answer to another'] as const;

/** A server that breaks its first connection in the given way, and answers on every other. */
async function cuttingServer(cut: (typeof cuts)[number]) {
  const served = await httpServer((request, response) => {
    const isFirst = request.socket === served.sockets[0];
    if (!isFirst || (cut === 'after an answer to another' && served.bodies.length === 1)) response.end(good);
    else if (cut !== 'in the middle of the answer') request.socket.destroy();
    else {
      response.writeHead(200, { 'content-length': good.length });
      response.write(good.slice(0, 20), () => request.socket.destroy());
    }
  });
  return served;
}

describe.each(cuts)('a connection that is cut %s', (cut) => {
  const before = cut === 'after an answer to another' ? 1 : 0;

  test.each(repeatable)('has %s sent once more', async (_name, operation) => {
    const { url, sockets, bodies } = await cuttingServer(cut);
    const { execute } = transportTo(url);
    if (before) await execute();
    expect(await execute(operation)).toEqual(pinged);
    expect([sockets.length, bodies.length]).toEqual([2, before + 2]);
    expect(bodies[before + 1]).toBe(bodies[before]);
  });

  test('has another mutation not sent twice', async () => {
    const { url, sockets, bodies } = await cuttingServer(cut);
    const { execute } = transportTo(url);
    if (before) await execute();
    await expect(execute(ArchiveCustomerDocument)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect([sockets.length, bodies.length]).toEqual([1, before + 1]);
  });
});

test('what is cut twice is sent no third time, and is UNAVAILABLE', async () => {
  const { url, bodies } = await httpServer((request) => request.socket.destroy());
  await expect(transportTo(url).execute()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'the engine cannot be reached: socket hang up',
  });
  expect(bodies).toHaveLength(2);
});

test.each([...repeatable, ['ArchiveCustomer', ArchiveCustomerDocument] as (typeof repeatable)[0]])(
  'a kept connection that the server closes while it is idle is no loss to %s',
  async (_name, operation) => {
    const { url, sockets, bodies } = await httpServer((_request, response) => response.end(good));
    const { execute } = transportTo(url);
    await execute();
    const [first] = sockets;
    const gone = new Promise((resolve) => first?.once('close', resolve));
    // Ended, and the other side has ended it as well: it knows that there is nothing to send on.
    first?.end();
    await gone;
    expect(await execute(operation)).toEqual(pinged);
    expect([sockets.length, bodies.length]).toEqual([2, 2]);
  },
);
