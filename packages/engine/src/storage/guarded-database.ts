import { AsyncLocalStorage } from 'node:async_hooks';
import { TollgateError } from '@tollgate/contract';
import { valueTexts } from './column-types.js';
import type { Database, Queryable, TransactionOptions } from './database.js';

export type Row = Record<string, unknown>;

/** One connection inside a transaction. */
export interface Session {
  query(text: string, values: (string | null)[]): Promise<Row[]>;
  /** Several statements, without values. */
  script(text: string): Promise<void>;
}

/** What differs between databases: how a statement and a transaction get there. */
export interface Driver {
  query(text: string, values: (string | null)[]): Promise<Row[]>;
  /** Begins with these modes, runs `work`, commits; rolls back when anything rejects, and then rejects with that. */
  transaction<T>(modes: string, work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Running {
  database: Database;
  session: Session;
  isOpen: boolean;
  failure: unknown;
  afterCommit: (() => void)[];
}

/** From what a transaction hands to its callback to the transaction itself, without widening the port. */
const runningOf = new WeakMap<Queryable, Running>();

/**
 * Calls back once the transaction is committed, and not at all when it is rolled back. The callback must not throw:
 * by then there is nothing left to undo.
 */
export function afterCommit(tx: Queryable, callback: () => void): void {
  openTransaction(tx).afterCommit.push(callback);
}

/** The database that a running transaction belongs to. */
export function databaseOf(tx: Queryable): Database {
  return openTransaction(tx).database;
}

/** Wraps a driver in the rules that hold for every database. */
export function guardDatabase(driver: Driver, schema: string): Database {
  assertSchema(schema);
  const current = new AsyncLocalStorage<Running>();
  const pending = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const qualified = (text: string) => text.replaceAll('{schema}', `"${schema}"`);

  /** PGlite would wait for itself, and a pool would silently use another connection. */
  function start<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (closing) return Promise.reject(new TollgateError('CLOSED', 'the database was closed'));
    if (current.getStore()?.isOpen) {
      const message = `${name}() was called inside a transaction of the same database: use the transaction it was given`;
      return Promise.reject(new TollgateError('INTERNAL', message));
    }
    const promise = work();
    pending.add(promise);
    const done = () => void pending.delete(promise);
    promise.then(done, done);
    return promise;
  }

  async function runTransaction<T>(work: (tx: Queryable) => Promise<T>, options: TransactionOptions): Promise<T> {
    const isolation = options.isolation ?? 'read committed';
    const modes = `isolation level ${isolation}, read ${options.readOnly ? 'only' : 'write'}`;
    let running: Running | undefined;
    const result = await driver.transaction(modes, async (session) => {
      const opened: Running = { database, session, isOpen: true, failure: undefined, afterCommit: [] };
      running = opened;
      try {
        const answer = await current.run(opened, () => work(transactionOf(opened, qualified)));
        if (opened.failure !== undefined) throw swallowed(opened.failure);
        return answer;
      } finally {
        opened.isOpen = false;
      }
    });
    for (const callback of running?.afterCommit ?? []) callback();
    return result;
  }

  const database: Database = {
    schema,
    query: <R>(text: string, values: readonly unknown[] = []) =>
      start('query', () => driver.query(qualified(text), valueTexts(values)) as Promise<R[]>),
    transaction: (work, options = {}) => start('transaction', () => runTransaction(work, options)),
    script: async (tx, text) => {
      const running = openTransaction(tx);
      await remembered(running, running.session.script(qualified(text)));
    },
    close: () => {
      closing ??= Promise.allSettled(pending).then(() => driver.close());
      return closing;
    },
  };
  return database;
}

function transactionOf(running: Running, qualified: (text: string) => string): Queryable {
  const tx: Queryable = {
    query: async <R>(text: string, values: readonly unknown[] = []) => {
      openTransaction(tx);
      return (await remembered(running, running.session.query(qualified(text), valueTexts(values)))) as R[];
    },
  };
  runningOf.set(tx, running);
  return tx;
}

function openTransaction(tx: Queryable): Running {
  const running = runningOf.get(tx);
  if (!running) throw new TollgateError('INTERNAL', 'this needs a transaction, as its callback receives it');
  if (!running.isOpen) throw new TollgateError('INTERNAL', 'the transaction is over: await every statement inside it');
  return running;
}

/** A failed statement aborts the transaction in Postgres, even when the callback catches the error. */
async function remembered<T>(running: Running, statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    running.failure ??= error;
    throw error;
  }
}

function swallowed(cause: unknown): TollgateError {
  const message = 'a statement of the transaction failed and its error was caught inside: nothing was committed';
  return new TollgateError('INTERNAL', message, { cause });
}

/** Rejects names that would need more than quotes, or that Postgres keeps for itself. */
export function assertSchema(schema: string): void {
  if (/^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/.test(schema) && !/^pg_/i.test(schema)) return;
  const rule = 'must have 1 to 63 letters, digits, _, $ or -, not start with a digit, and not start with "pg_"';
  throw new TollgateError('CONFIGURATION', `schema ${rule}`, { field: 'schema' });
}
