import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  type ChangeBatch,
  GetCustomerDocument,
  PingDocument,
  ProvisionCustomerDocument,
  ReportUsageDocument,
  SnapshotsDocument,
  type TollgateError,
} from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { testClock } from '../src/clock.js';
import { embedded } from '../src/embedded.js';
import { catalog } from './catalog.js';
import { eventually, type Fixture, start, startFixture } from './server-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ database: 'memory' });
});
afterAll(() => fixture?.close());

const rejection = async (call: Promise<unknown>): Promise<TollgateError> =>
  call.then(
    () => Promise.reject(new Error('was accepted')),
    (error: TollgateError) => error,
  );

describe('the embedded transport', () => {
  test('answers as the HTTP server does', async () => {
    const { transport } = fixture.stack;
    const input = {
      customerId: 'acme',
      metadata: { nested: [1, null, { a: 'b' }] },
      subscriptionParams: { planId: 'plan-free' },
    };
    await transport.execute(ProvisionCustomerDocument, { input });
    const usages = [{ customerId: 'acme', featureId: 'feature-reports', value: '2' }];
    await transport.execute(ReportUsageDocument, { usages } as never);
    for (const [operation, variables] of [
      [PingDocument, {}],
      [GetCustomerDocument, { customerId: 'acme' }],
      [SnapshotsDocument, { customerId: 'acme', resourceIds: [null, 'no-resource'] }],
    ] as const) {
      const remote = await fixture.send(operation, variables);
      const local = await transport.execute(operation as never, variables as never);
      expect(remote.errors).toBeUndefined();
      expect({ ...(local.data as object) }).toEqual(remote.data);
      expect(local.clock).toEqual({ now: start, isFrozen: true });
    }
  });

  test('fails as the HTTP server does', async () => {
    const usage = { customerId: 'acme', featureId: 'feature-reports' };
    for (const [operation, variables] of [
      [GetCustomerDocument, { customerId: 'nobody' }],
      [GetCustomerDocument, { customerId: 'no spaces' }],
      [GetCustomerDocument, {}],
      [ReportUsageDocument, { usages: [{ ...usage, value: '1.0000001' }] }],
      [ReportUsageDocument, { usages: [{ ...usage, value: Number.NaN }] }],
      [ProvisionCustomerDocument, { input: { customerId: 'acme', colour: 'red' } }],
      ['{ pong }', {}],
      ['{ ping', {}],
      ['subscription { changes { cursor } }', {}],
    ] as const) {
      const remote = (await fixture.send(operation as string, variables)).errors?.[0];
      const local = await rejection(fixture.stack.transport.execute(operation as never, variables as never));
      expect(remote).toBeDefined();
      expect({ message: local.message, code: local.code, field: local.field, details: local.details }).toEqual({
        message: remote?.message,
        code: remote?.extensions.code,
        field: remote?.extensions.field,
        details: remote?.extensions.details,
      });
    }
  });

  test('keeps nothing of what it was given', async () => {
    const input = { customerId: 'own', metadata: { plan: 'a' } };
    const given = structuredClone(input);
    await fixture.stack.transport.execute(ProvisionCustomerDocument, { input });
    expect(input).toEqual(given);
  });

  test('follows the feed, with the clock in every batch', async () => {
    const batches: ChangeBatch[] = [];
    const following = fixture.stack.transport.subscribe(null, {
      onChange: (batch) => batches.push(batch),
      onEnd: () => undefined,
    });
    const first = await eventually('the first batch', () => batches[0]);
    expect(first.clock).toEqual({ now: start, isFrozen: true });
    fixture.clock.set?.(start + 60_000);
    expect(batches.at(-1)).toMatchObject({ cursor: batches.at(-2)?.cursor, clock: { now: start + 60_000 } });
    following.close();
    const count = batches.length;
    fixture.clock.set?.(start + 120_000);
    expect(batches).toHaveLength(count);
  });

  test('starts at the first call, once, and ends with everything it opened', async () => {
    const transport = embedded({ database: 'memory', catalog, clock: testClock(start) });
    const ends: (TollgateError | null)[] = [];
    const batches: ChangeBatch[] = [];
    transport.subscribe(null, { onChange: (batch) => batches.push(batch), onEnd: (error) => ends.push(error) });
    const replies = await Promise.all([transport.execute(PingDocument, {}), transport.execute(PingDocument, {})]);
    expect(replies.map(({ data }) => data.ping)).toEqual([true, true]);
    await eventually('the first batch', () => batches[0]);
    await transport.close?.();
    await transport.close?.();
    expect((await rejection(transport.execute(PingDocument, {}))).code).toBe('CLOSED');
  });

  test('that was closed before it was used opens nothing', async () => {
    const transport = embedded({ database: 'postgres://nobody@127.0.0.1:1/none' });
    await transport.close?.();
    expect((await rejection(transport.execute(PingDocument, {}))).code).toBe('CLOSED');
  });

  test('rejects every call with what kept it from starting', async () => {
    const transport = embedded({ database: inject('postgresUrl'), catalog: 'no-such-catalog.json' });
    for (let call = 1; call <= 2; call += 1) {
      expect(await rejection(transport.execute(PingDocument, {}))).toMatchObject({
        code: 'CATALOG_INVALID',
        message: 'no-such-catalog.json does not exist',
      });
    }
    const error = await new Promise((resolve) =>
      transport.subscribe(null, { onChange: () => undefined, onEnd: resolve }),
    );
    expect(error).toMatchObject({ code: 'CATALOG_INVALID' });
    await transport.close?.();
  });

  test('says so when the database does not answer or is not there', async () => {
    const gone = embedded({ database: 'postgres://nobody@127.0.0.1:1/none' });
    expect((await rejection(gone.execute(PingDocument, {}))).code).toBe('UNAVAILABLE');
    const unmigrated = embedded({ database: inject('postgresUrl'), schema: 'server_test_never_made', migrate: false });
    expect(await rejection(unmigrated.execute(PingDocument, {}))).toMatchObject({
      code: 'CONFIGURATION',
      field: 'migrate',
    });
    const wrong = embedded({ database: 'mysql://127.0.0.1/x' });
    expect(await rejection(wrong.execute(PingDocument, {}))).toMatchObject({
      code: 'CONFIGURATION',
      field: 'database',
    });
  });
});

describe('the module graph', () => {
  const loadedBy = (entry: string): string[] => {
    const script = `
      import { createRequire } from 'node:module';
      await import(${JSON.stringify(join(import.meta.dirname, '../dist', entry))});
      const loaded = Object.keys(createRequire('/').cache);
      console.log(JSON.stringify(['fastify', 'mercurius'].filter((name) => loaded.some((path) => path.includes('/node_modules/' + name + '/')))));
    `;
    return JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
    ) as string[];
  };

  test('of the embedded entry holds neither Fastify nor Mercurius', () => {
    expect(loadedBy('embedded.js')).toEqual([]);
  });

  test('of the server holds both, so the look is worth something', () => {
    expect(loadedBy('server.js')).toEqual(['fastify', 'mercurius']);
  });
});
