import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { durablePostgres, freePort, postgresService, redisService } from '../src/index.js';

const emptyFolder = mkdtempSync(join(tmpdir(), 'tollgate-empty-'));
afterAll(() => rmSync(emptyFolder, { recursive: true, force: true }));

const nobodyAt = async (scheme: string) => `${scheme}://127.0.0.1:${await freePort()}`;

async function databaseAnswers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    return (await client.query('select 1 as one')).rows[0]?.one === 1;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('the Postgres of a run', () => {
  test('is the one at DATABASE_URL, which is left running', async () => {
    const service = await postgresService({ DATABASE_URL: inject('postgresUrl') });
    expect(service.origin).toBe('DATABASE_URL');
    await service.close();
    expect(await databaseAnswers(inject('postgresUrl'))).toBe(true);
  });

  test('is never another one than a DATABASE_URL that does not answer', async () => {
    const env = { DATABASE_URL: await nobodyAt('postgres') };
    await expect(postgresService(env)).rejects.toThrow(/DATABASE_URL is set, but no Postgres answers there/);
  });

  test('comes from the npm package where the machine has none, and is gone when it is closed', async () => {
    const places = { standardUrl: await nobodyAt('postgres'), debianFolder: emptyFolder };
    const service = await postgresService({ PATH: emptyFolder }, places);
    expect(service.origin).toBe('started from the npm package');
    expect(await databaseAnswers(service.url)).toBe(true);
    await service.close();
    expect(await databaseAnswers(service.url)).toBe(false);
  });
});

test('a durable Postgres is one of its own that writes through to the disk, and is gone when it is closed', async () => {
  const service = await durablePostgres();
  expect(service.url).not.toBe(inject('postgresUrl'));
  const client = new Client({ connectionString: service.url });
  await client.connect();
  const shown = async (name: string) => (await client.query(`show ${name}`)).rows[0]?.[name];
  expect([await shown('fsync'), await shown('synchronous_commit')]).toEqual(['on', 'on']);
  await client.end();
  await service.close();
  expect(await databaseAnswers(service.url)).toBe(false);
});

describe('the Redis of a run', () => {
  test('is the one at REDIS_URL, which is left running', async () => {
    const service = await redisService({ REDIS_URL: inject('redisUrl') });
    expect(service.origin).toBe('REDIS_URL');
    await service.close();
    const client = new Redis(inject('redisUrl'));
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  test('is never another one than a REDIS_URL that does not answer', async () => {
    const env = { REDIS_URL: await nobodyAt('redis') };
    await expect(redisService(env)).rejects.toThrow(/REDIS_URL is set, but no Redis answers there/);
  });

  test('is started where none is running, and is gone when it is closed', async () => {
    const service = await redisService({ PATH: process.env.PATH }, await nobodyAt('redis'));
    const client = new Redis(service.url, { retryStrategy: () => null });
    client.on('error', () => undefined);
    expect(await client.ping()).toBe('PONG');
    const [, folder = ''] = (await client.config('GET', 'dir')) as string[];
    client.disconnect();
    await service.close();
    expect(existsSync(folder)).toBe(false);
  });

  test('is not installed on a machine that is not CI: the run fails and says how to install it', async () => {
    await expect(redisService({ PATH: emptyFolder }, await nobodyAt('redis'))).rejects.toThrow(
      /apt-get install redis-server/,
    );
  });

  // A stand-in for Debian's package manager: it "installs" by linking the server that this machine has.
  const withInstaller = () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-installer-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const server = `[ "$1" = install ] && /bin/ln -s "$(PATH=${process.env.PATH} command -v redis-server)" ${folder}/redis-server`;
    writeFileSync(join(folder, 'apt-get'), `#!/bin/sh\n${server}\nexit 0\n`, { mode: 0o755 });
    return folder;
  };

  test('is installed on a Debian CI machine that has none, by root only', async () => {
    const isDebianRoot = process.getuid?.() === 0 && existsSync('/etc/debian_version');
    const attempt = redisService({ PATH: withInstaller(), CI: 'true' }, await nobodyAt('redis'));
    if (!isDebianRoot) return expect(attempt).rejects.toThrow(/apt-get install redis-server/);
    const service = await attempt;
    const client = new Redis(service.url);
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
    await service.close();
  });

  test('is not installed without CI, even where it could be', async () => {
    const env = { PATH: withInstaller() };
    await expect(redisService(env, await nobodyAt('redis'))).rejects.toThrow(/apt-get install redis-server/);
  });

  test('says what a server that does not start has printed', async () => {
    const broken = join(emptyFolder, 'redis-server');
    writeFileSync(broken, '#!/bin/sh\necho broken on purpose >&2\nexit 3\n', { mode: 0o755 });
    const env = { PATH: emptyFolder };
    await expect(redisService(env, await nobodyAt('redis'))).rejects.toThrow(/did not start[\s\S]*broken on purpose/);
    rmSync(broken);
  });
});
