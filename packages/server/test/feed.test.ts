import {
  type ChangeBatchWire,
  ChangesDocument,
  ProvisionCustomerDocument,
  ReportUsageDocument,
  SetClockDocument,
} from '@tollgate/contract';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { eventually, type Fixture, startFixture } from './server-fixture.js';

let fixture: Fixture;
const clients: Client[] = [];
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.send(ProvisionCustomerDocument, {
    input: { customerId: 'acme', subscriptionParams: { planId: 'plan-free' } },
  });
});
afterAll(async () => {
  for (const client of clients) await client.dispose();
  await fixture?.close();
});

function connect(apiKey = fixture.apiKey, url = fixture.url): Client {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { apiKey },
    retryAttempts: 0,
  });
  clients.push(client);
  return client;
}

interface Following {
  batches: ChangeBatchWire[];
  errors: unknown[];
  isComplete: boolean;
  stop(): void;
}

function follow(client: Client, cursor: string | null = null, query = ChangesDocument.toString()): Following {
  const following: Following = { batches: [], errors: [], isComplete: false, stop: () => undefined };
  following.stop = client.subscribe<{ changes: ChangeBatchWire }>(
    { query, variables: { cursor } },
    {
      next: ({ data, errors }) => {
        if (data) following.batches.push(data.changes);
        if (errors) following.errors.push(errors);
      },
      error: (error) => following.errors.push(error),
      complete: () => {
        following.isComplete = true;
      },
    },
  );
  return following;
}

const report = (value: string) =>
  fixture.send(ReportUsageDocument, { usages: [{ customerId: 'acme', featureId: 'feature-reports', value }] });

const usageOf = (following: Following): string[] =>
  following.batches.flatMap(({ usage }) => usage.map(({ counter }) => counter.currentUsage));

describe('the feed over graphql-ws', () => {
  test('begins at once, and brings the new number of a counter', async () => {
    const following = follow(connect());
    const first = await eventually('the first batch', () => following.batches[0]);
    expect(first).toMatchObject({ isResync: false, isClockFrozen: true, usage: [], grants: [], catalog: 1 });
    await report('1');
    await eventually('the usage', () => usageOf(following).includes('1'));
    following.stop();
  });

  test('is resumed from a cursor without missing anything', async () => {
    const client = connect();
    const before = follow(client);
    const { cursor } = await eventually('the first batch', () => before.batches.at(-1));
    before.stop();
    await report('0.5');
    const after = follow(client, cursor);
    await eventually('what was missed', () => usageOf(after).includes('1.5'));
    expect(after.batches.some(({ isResync }) => isResync)).toBe(false);
    after.stop();
  });

  test('asks to fetch everything again when the cursor is of another database', async () => {
    const following = follow(connect(), 'not a cursor of ours');
    const first = await eventually('an answer', () => following.batches[0] ?? following.errors[0]);
    expect(first).toMatchObject({ isResync: true });
    following.stop();
  });

  test('tells every follower at once when the test clock moves', async () => {
    const followers = [follow(connect()), follow(connect())];
    for (const following of followers) await eventually('the first batch', () => following.batches[0]);
    await fixture.send(SetClockDocument, { now: '2026-01-20T00:00:00Z' });
    for (const following of followers) {
      const last = await eventually('the new time', () =>
        following.batches.find(({ now }) => now === '2026-01-20T00:00:00.000Z'),
      );
      expect(last.isClockFrozen).toBe(true);
      following.stop();
    }
  });

  test('closes with 4403 for an unknown key, so that clients stop trying', async () => {
    const following = follow(connect('an-unknown-key'));
    const error = await eventually('the refusal', () => following.errors[0]);
    expect(error).toMatchObject({ code: 4403, reason: 'Forbidden' });
    expect(fixture.logged.join()).not.toContain('an-unknown-key');
  });

  test('closes with 4403 for no key at all', async () => {
    const socket = new WebSocket(`${fixture.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    expect(await closed).toBe(4403);
  });

  test('refuses a client key', async () => {
    const following = follow(connect(await fixture.stack.createApiKey('client')));
    const error = await eventually('the refusal', () => following.errors[0]);
    expect(error).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('refuses what is no subscription, and fields that nobody knows', async () => {
    const client = connect();
    for (const query of ['{ ping }', 'subscription { changes { colour } }', 'subscription {']) {
      const following = follow(client, null, query);
      const error = await eventually(`the refusal of ${query}`, () => following.errors[0]);
      expect(error).toMatchObject([{ extensions: { code: 'INVALID_ARGUMENT', field: 'query' } }]);
    }
  });

  test('takes variables by whatever name, and names the wrong one', async () => {
    const client = connect();
    const renamed = follow(client, null, 'subscription ($cursor: String) { changes(cursor: $cursor) { cursor now } }');
    await eventually('the first batch', () => renamed.batches[0]);
    renamed.stop();
    const other = 'subscription ($from: Int) { changes(cursor: "x") { cursor } }';
    const errors: unknown[] = [];
    client.subscribe(
      { query: `${other.replace('cursor: "x"', '')}`.replace('()', ''), variables: { from: 'seven' } },
      { next: () => undefined, error: (error) => errors.push(error), complete: () => undefined },
    );
    expect(await eventually('the refusal', () => errors[0])).toMatchObject([
      { extensions: { code: 'INVALID_ARGUMENT' } },
    ]);
  });

  test('lets one connection have ten subscriptions and no more', async () => {
    const client = connect();
    const ten = Array.from({ length: 10 }, () => follow(client));
    for (const following of ten) await eventually('the first batch', () => following.batches[0]);
    const eleventh = follow(client);
    expect(await eventually('the refusal', () => eleventh.errors[0])).toMatchObject([
      { message: expect.stringContaining('at most 10'), extensions: { code: 'INVALID_ARGUMENT' } },
    ]);
    for (const following of ten) following.stop();
  });

  test('is not found on other paths', async () => {
    const socket = new WebSocket(`${fixture.url.replace('http', 'ws')}/elsewhere`, 'graphql-transport-ws');
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toContain('404');
  });

  test('sends its followers away when the server stops', async () => {
    const server = await fixture.stack.listen({ port: 0 });
    const following = follow(connect(fixture.apiKey, server.url));
    await eventually('the first batch', () => following.batches[0]);
    await server.close();
    expect(await eventually('the end', () => following.errors[0])).toMatchObject({ code: 1001 });
  });
});
