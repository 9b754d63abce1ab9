import { Redis } from 'ioredis';
import { Client } from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { freshPostgres, freshRedisPrefix } from '../src/index.js';

async function rowsAt<Row>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}

describe("a test file's own database", () => {
  test('is empty, is not its neighbour, and is gone after drop, even with a connection left open', async () => {
    const one = await freshPostgres(inject('postgresUrl'));
    const other = await freshPostgres(inject('postgresUrl'));
    await rowsAt(one.url, 'create table mark (id int)');
    expect(await rowsAt(other.url, "select to_regclass('mark') as mark")).toEqual([{ mark: null }]);

    const forgotten = new Client({ connectionString: one.url });
    forgotten.on('error', () => undefined);
    await forgotten.connect();
    await one.drop();
    await other.drop();
    await expect(rowsAt(one.url, 'select 1')).rejects.toThrow(/does not exist/);
  });
});

describe("a test file's own key prefix", () => {
  test('drops its own keys and no others', async () => {
    const one = freshRedisPrefix(inject('redisUrl'));
    const other = freshRedisPrefix(inject('redisUrl'));
    const client = new Redis(inject('redisUrl'));
    await client.set(`${one.prefix}:a`, '1');
    await client.set(`{${one.prefix}:customer}:b`, '1');
    await client.set(`${other.prefix}:a`, '1');

    await one.drop();
    expect(await client.exists(`${one.prefix}:a`, `{${one.prefix}:customer}:b`)).toBe(0);
    expect(await client.exists(`${other.prefix}:a`)).toBe(1);
    await other.drop();
    expect(await client.exists(`${other.prefix}:a`)).toBe(0);
    client.disconnect();
  });
});
