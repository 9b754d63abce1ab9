import { createHash } from 'node:crypto';
import { TollgateError } from '@tollgate/contract';
import { parserOf } from './column-types.js';
import type { Database } from './database.js';
import { type Driver, guardDatabase, type Row, type Session } from './guarded-database.js';

/** What the engine uses of a `pg` pool, so that any version of `pg` fits. */
export interface PgPool {
  query(statement: PgStatement): Promise<PgResult>;
  connect(): Promise<PgClient>;
}

export interface PgClient {
  query(statement: PgStatement): Promise<PgResult>;
  /** True or an error drops the connection instead of giving it back. */
  release(isBroken?: boolean | Error): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

export interface PgStatement {
  /** Given: the connection keeps the statement prepared under this name. */
  name?: string;
  text: string;
  values?: (string | null)[];
  types?: { getTypeParser(type: number): (text: string) => unknown };
}

export interface PgResult {
  rows: unknown[];
  command: string;
}

// Parsers given with the statement: the pool may be the application's, whose own parsers stay as they are.
const types = { getTypeParser: parserOf };

/** Opens a pool of its own, closed with the database. */
export async function openPgDatabase(url: string, schema: string): Promise<Database> {
  const { Pool } = (await import('pg')).default;
  const pool = new Pool({ connectionString: url, application_name: 'tollgate' });
  // Without a listener, an idle connection that the server drops would end the process. The pool replaces it anyway.
  pool.on('error', () => undefined);
  return guardDatabase(
    pgDriver(pool, statementNames(), () => pool.end()),
    schema,
  );
}

/**
 * Uses a pool that belongs to somebody else: it is never closed, and nothing of its sessions is changed. Statements are not
 * prepared: a pooler between the pool and the server may give each transaction another session.
 */
export function borrowPgDatabase(pool: PgPool, schema: string): Database {
  return guardDatabase(
    pgDriver(
      pool,
      () => ({}),
      async () => undefined,
    ),
    schema,
  );
}

/** Under which name a statement is prepared, if at all. */
type Naming = (text: string) => { name?: string };

/** Planning takes longer than running for most statements, and there are few: each connection plans each of them once. */
function statementNames(): Naming {
  const named = new Map<string, { name: string }>();
  return (text) => {
    const known = named.get(text);
    if (known) return known;
    const given = { name: createHash('sha256').update(text).digest('base64url') };
    named.set(text, given);
    return given;
  };
}

function pgDriver(pool: PgPool, naming: Naming, close: () => Promise<void>): Driver {
  return {
    query: async (text, values) => {
      try {
        return (await pool.query({ ...naming(text), text, values, types })).rows as Row[];
      } catch (error) {
        throw asUnavailable(error);
      }
    },
    transaction: async (modes, work) => {
      const client = await connect(pool);
      // A connection that breaks while it is out of the pool reports it here as well as through the statement.
      const ignore = () => undefined;
      client.on('error', ignore);
      let isBroken = false;
      try {
        return await inTransaction(client, naming, modes, work);
      } catch (error) {
        isBroken = !(await rollBack(client));
        throw asUnavailable(error);
      } finally {
        client.removeListener('error', ignore);
        client.release(isBroken);
      }
    },
    close,
  };
}

async function connect(pool: PgPool): Promise<PgClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw asUnavailable(error);
  }
}

async function inTransaction<T>(
  client: PgClient,
  naming: Naming,
  modes: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  await client.query({ text: `begin ${modes}` });
  const result = await work({
    query: async (text, values) => (await client.query({ ...naming(text), text, values, types })).rows as Row[],
    script: async (text) => void (await client.query({ text })),
  });
  // A statement that nobody awaited may have failed after all: Postgres then answers COMMIT with a rollback.
  if ((await client.query({ text: 'commit' })).command === 'ROLLBACK') {
    throw new TollgateError('INTERNAL', 'a statement that was not awaited failed: nothing was committed');
  }
  return result;
}

/** False when the connection cannot be used again. */
async function rollBack(client: PgClient): Promise<boolean> {
  try {
    await client.query({ text: 'rollback' });
    return true;
  } catch {
    return false;
  }
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
]);
/** Connection exceptions, a server that starts or stops, and a server without a free connection. */
const unavailableStates = /^(08...|57P0[123]|53300)$/;

/** Errors of SQL stay as they are, with their `code`; those of the way to the server get one of the engine's. */
function asUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TollgateError) return error;
  const code = 'code' in error ? String(error.code) : '';
  const isLost = networkCodes.has(code) || unavailableStates.test(code) || isConnectionText(error.message);
  return isLost
    ? new TollgateError('UNAVAILABLE', `the database cannot be reached: ${error.message}`, { cause: error })
    : error;
}

/** `pg` gives these no code. */
function isConnectionText(message: string): boolean {
  return /connection terminated|connection error|not queryable|timeout exceeded when trying to connect/i.test(message);
}
