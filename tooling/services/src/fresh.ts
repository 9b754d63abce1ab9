import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { Client } from 'pg';

/** Something of a test file's own; `drop` removes it with everything that is in it. */
export interface Fresh {
  readonly url: string;
  drop(): Promise<void>;
}

export interface FreshRedis extends Fresh {
  /** Every key that the test file writes starts with this. */
  readonly prefix: string;
}

const uniqueName = (): string => `tollgate_test_${randomBytes(6).toString('hex')}`;

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A new, empty database on the server at `serverUrl`. */
export async function freshPostgres(serverUrl: string): Promise<Fresh> {
  const name = uniqueName();
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  // A connection that a test forgot, or killed on purpose, must not keep its database alive.
  return { url: url.href, drop: () => onServer(serverUrl, `drop database if exists ${name} with (force)`) };
}

/** A new key prefix on the Redis at `url`. The Redis may be somebody's own: only keys with this prefix are removed. */
export function freshRedisPrefix(url: string): FreshRedis {
  const prefix = uniqueName();
  const drop = async () => {
    const client = new Redis(url);
    try {
      for await (const keys of client.scanStream({ match: `*${prefix}*`, count: 500 })) {
        if (keys.length > 0) await client.del(...(keys as string[]));
      }
    } finally {
      client.disconnect();
    }
  };
  return { url, prefix, drop };
}
