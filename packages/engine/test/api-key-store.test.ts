import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticate, createApiKey, registerApiKey } from '../src/storage/api-key-store.js';
import type { Database } from '../src/storage/database.js';
import {
  ensureEnvironment,
  lockCatalogNumber,
  raiseCatalogNumber,
  readCatalogNumber,
} from '../src/storage/environment-store.js';
import { implementations, type TestDatabase } from './databases.js';

const now = Date.UTC(2026, 0, 1);

describe.each(implementations)('environments and API keys on $name', ({ open }) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await open();
    database = opened.database;
    await ensureEnvironment(database, 'production', now);
    await ensureEnvironment(database, 'staging', now);
  });
  afterAll(() => opened.drop());

  test('an environment that is there already stays as it is', async () => {
    await database.transaction((tx) => raiseCatalogNumber(tx, 'staging'));
    await Promise.all(Array.from({ length: 5 }, () => ensureEnvironment(database, 'staging', now + 1000)));
    expect(await readCatalogNumber(database, 'staging')).toBe(1);
    expect(await database.query("select created_at from {schema}.environment where id = 'staging'")).toEqual([
      { created_at: now },
    ]);
  });

  test('publishes that come together raise the catalog number one by one', async () => {
    const publish = () =>
      database.transaction(async (tx) => {
        const before = await lockCatalogNumber(tx, 'production');
        return [before, await raiseCatalogNumber(tx, 'production')];
      });
    const numbers = await Promise.all([publish(), publish(), publish()]);
    expect(numbers.sort()).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  test('an environment that is not there is named', async () => {
    const missing = { code: 'ENVIRONMENT_NOT_FOUND', field: 'environmentId' };
    await expect(readCatalogNumber(database, 'nowhere')).rejects.toMatchObject(missing);
    await expect(createApiKey(database, 'nowhere', 'server', now)).rejects.toMatchObject(missing);
    await expect(registerApiKey(database, 'nowhere', 'server', 'a-key-of-nowhere', now)).rejects.toMatchObject(missing);
    await expect(ensureEnvironment(database, '', now)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('a new key opens its environment, as its kind, and no two are alike', async () => {
    const server = await createApiKey(database, 'production', 'server', now);
    const client = await createApiKey(database, 'staging', 'client', now);
    expect(await authenticate(database, server)).toEqual({ environmentId: 'production', kind: 'server' });
    expect(await authenticate(database, client)).toEqual({ environmentId: 'staging', kind: 'client' });
    expect(server.slice('tollgate_server_'.length)).toMatch(/^[\w-]{43}$/);
    expect(await createApiKey(database, 'production', 'server', now)).not.toBe(server);
  });

  test('only the hash of a key is stored', async () => {
    const key = await createApiKey(database, 'production', 'server', now);
    const hash = createHash('sha256').update(key).digest('hex');
    expect(await database.query('select hash from {schema}.api_key where hash = $1', [hash])).toEqual([{ hash }]);
    const rows = await database.query<{ row: string }>('select api_key::text as row from {schema}.api_key');
    expect(rows.filter(({ row }) => row.includes(key))).toEqual([]);
  });

  test('an unknown, an empty and a revoked key open nothing', async () => {
    const key = await createApiKey(database, 'production', 'server', now);
    await database.query('update {schema}.api_key set revoked_at = now() where hash = $1', [
      createHash('sha256').update(key).digest('hex'),
    ]);
    const answers = await Promise.all(
      [key, '', 'tollgate_server_x', `${key} `].map((each) => authenticate(database, each)),
    );
    expect(answers).toEqual([null, null, null, null]);
    await expect(registerApiKey(database, 'production', 'server', key, now)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  test('a key that the operator chose can be registered again, but not for something else', async () => {
    const key = 'chosen-by-the-operator';
    await Promise.all([1, 2, 3].map(() => registerApiKey(database, 'production', 'client', key, now)));
    expect(await authenticate(database, key)).toEqual({ environmentId: 'production', kind: 'client' });
    const conflict = { code: 'CONFLICT', field: 'key' };
    await expect(registerApiKey(database, 'production', 'server', key, now)).rejects.toMatchObject(conflict);
    await expect(registerApiKey(database, 'staging', 'client', key, now)).rejects.toMatchObject(conflict);
  });

  test.each(['', 'fifteen-letters', 'with a space in the middle'])('the key "%s" is refused', async (key) => {
    const refused = { code: 'INVALID_ARGUMENT', field: 'key' };
    await expect(registerApiKey(database, 'production', 'server', key, now)).rejects.toMatchObject(refused);
  });
});
