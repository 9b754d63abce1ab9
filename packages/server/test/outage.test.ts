import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { GetCustomerDocument, type TollgateError } from '@tollgate/contract';
import { type Database, openDatabase, type Queryable } from '@tollgate/engine';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dropSchema, eventually, type Fixture, startFixture } from './server-fixture.js';

/** A way to Postgres that a test can cut. */
interface Cable {
  url: string;
  cut(): void;
  mend(): Promise<void>;
}

async function layCable(): Promise<Cable & { close(): Promise<void> }> {
  const target = new URL(inject('postgresUrl'));
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((socket) => {
    if (isCut) return socket.destroy();
    const onward = connect(Number(target.port || 5432), target.hostname);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: url.href,
    cut,
    mend: async () => {
      isCut = false;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const probe = async (fixture: Fixture, path: string) => {
  const response = await fetch(`${fixture.url}${path}`);
  return [response.status, await response.json()];
};

async function tablesOf(db: Queryable, schema: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = $1 and table_type = 'BASE TABLE'",
    [schema],
  );
  return rows.map(({ name }) => `{schema}."${name}"`);
}

describe('while the database cannot be reached', () => {
  let cable: Awaited<ReturnType<typeof layCable>>;
  let fixture: Fixture;
  beforeAll(async () => {
    cable = await layCable();
    fixture = await startFixture({ database: cable.url });
  });
  afterAll(async () => {
    await cable?.mend();
    await fixture?.close();
    await cable?.close();
  });

  test('requests get UNAVAILABLE with 503, the server lives, is not ready, and comes back by itself', async () => {
    expect((await fixture.post({ query: '{ ping }' })).status).toBe(200);
    expect(await probe(fixture, '/readyz')).toEqual([200, { status: 'UP' }]);
    cable.cut();
    const { status, body } = await fixture.post({
      query: GetCustomerDocument.toString(),
      variables: { customerId: 'acme' },
    });
    expect(status).toBe(503);
    expect(body).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'UNAVAILABLE' } }],
      extensions: { isClockFrozen: true },
    });
    expect(await probe(fixture, '/livez')).toEqual([200, { status: 'UP' }]);
    expect(await probe(fixture, '/readyz')).toEqual([503, { status: 'DOWN' }]);
    await cable.mend();
    expect(await probe(fixture, '/readyz')).toEqual([200, { status: 'UP' }]);
    const known = await fixture.post({ query: GetCustomerDocument.toString(), variables: { customerId: 'acme' } });
    expect(known.body.errors?.[0]?.extensions.code).toBe('CUSTOMER_NOT_FOUND');
  });
});

describe('a failure of ours', () => {
  let fixture: Fixture;
  let database: Database;
  beforeAll(async () => {
    fixture = await startFixture();
    database = await openDatabase(fixture.databaseUrl, { schema: fixture.schema });
  });
  afterAll(async () => {
    await database?.close();
    await fixture?.close();
  });

  test('in an embedded call that takes too long is a TIMEOUT', async () => {
    const tables = await tablesOf(database, fixture.schema);
    await database.transaction(async (tx) => {
      await tx.query(`lock table ${tables.join(', ')} in access exclusive mode`);
      const call = fixture.stack.transport.execute(GetCustomerDocument, { customerId: 'acme' }, { timeoutMs: 50 });
      await expect(call).rejects.toMatchObject({ code: 'TIMEOUT' });
    });
  });

  test('is masked for the caller and logged in full under the same id', async () => {
    await dropSchema(fixture.databaseUrl, fixture.schema);
    const body = await fixture.send(GetCustomerDocument, { customerId: 'acme' });
    const { code, details } = body.errors?.[0]?.extensions ?? {};
    const errorId = String(details?.errorId);
    expect(code).toBe('INTERNAL');
    expect(errorId).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.errors?.[0]?.message).toBe(`internal error ${errorId}: the server's log has the details`);
    const line = await eventually('the log line', () => fixture.logged.find((text) => text.includes(errorId)));
    expect(JSON.parse(line)).toMatchObject({
      level: 50,
      err: { type: 'error', code: '42P01', message: expect.stringContaining('does not exist') },
    });
    const local = await fixture.stack.transport
      .execute(GetCustomerDocument, { customerId: 'acme' })
      .catch((error: TollgateError) => error);
    expect(local).toMatchObject({ code: 'INTERNAL', cause: { code: '42P01' } });
  });

  test('of missing tables leaves the server alive and not ready', async () => {
    expect(await probe(fixture, '/readyz')).toEqual([503, { status: 'DOWN' }]);
    expect(await probe(fixture, '/livez')).toEqual([200, { status: 'UP' }]);
  });
});

test('a taken port is named', async () => {
  const fixture = await startFixture();
  try {
    const { port } = new URL(fixture.url);
    await expect(fixture.stack.listen({ port: Number(port) })).rejects.toMatchObject({
      code: 'CONFIGURATION',
      field: 'port',
      message: expect.stringContaining(`port ${port} on 127.0.0.1 is taken`),
    });
    expect((await fixture.post({ query: '{ ping }' })).status).toBe(200);
  } finally {
    await fixture.close();
  }
});

test('stopping lets a running request finish', async () => {
  const fixture = await startFixture();
  const database = await openDatabase(fixture.databaseUrl, { schema: fixture.schema });
  try {
    const server = await fixture.stack.listen({ port: 0 });
    const tables = await tablesOf(database, fixture.schema);
    let answer: Promise<Response> | undefined;
    let stopping: Promise<void> | undefined;
    await fixture.post({ query: '{ ping }' });
    await database.transaction(async (tx) => {
      await tx.query(`lock table ${tables.join(', ')} in access exclusive mode`);
      answer = fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': fixture.apiKey },
        body: JSON.stringify({ query: '{ customer(customerId: "acme") { customerId } }' }),
      });
      await untilOneWaits(fixture.schema);
      stopping = server.close();
    });
    expect(await (await answer)?.json()).toMatchObject({ errors: [{ extensions: { code: 'CUSTOMER_NOT_FOUND' } }] });
    await stopping;
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
  } finally {
    await database.close();
    await fixture.close();
  }
});

test('stopping waits for no connection on which nothing was ever asked', async () => {
  const fixture = await startFixture();
  try {
    const server = await fixture.stack.listen({ port: 0 });
    const silent = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(silent, 'connect');
    // An answer on another connection: by now the server has taken the silent one too.
    await fetch(`${server.url}/livez`);
    const ended = once(silent, 'close');
    await server.close();
    await ended;
  } finally {
    await fixture.close();
  }
}, 20_000);

/** Until some statement waits for a lock on a table of the schema. */
async function untilOneWaits(schema: string): Promise<void> {
  const observer = await openDatabase(inject('postgresUrl'), { schema });
  try {
    for (let look = 0; look < 500; look += 1) {
      const waiting = await observer.query(
        `select 1 from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
         where not l.granted and n.nspname = $1`,
        [schema],
      );
      if (waiting.length > 0) return;
    }
    throw new Error('no statement waits for a lock');
  } finally {
    await observer.close();
  }
}
