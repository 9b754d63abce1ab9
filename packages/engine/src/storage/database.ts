/**
 * Where statements go: the whole database, or one transaction. Values are bound as `$1`, `$2`, …; rows are objects.
 * Every table is written with its schema, as in `select id from {schema}.customer`: `{schema}` stands for the quoted
 * name of the schema that holds the tables. Values are sent as text: an array becomes an array literal (`= any($1)`),
 * another object JSON, a JSON array is passed as `JSON.stringify(array)`. JSON columns come back parsed.
 */
export interface Queryable {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface TransactionOptions {
  /** Default `read committed`; a snapshot is read in `repeatable read`. */
  isolation?: 'read committed' | 'repeatable read';
  readOnly?: boolean;
}

/**
 * The storage port. PostgreSQL is the one dialect; int8 arrives as a JavaScript number, numeric as a string, timestamps
 * as epoch milliseconds, on every implementation. `query` from inside a running `transaction` callback is an error on
 * every implementation: PGlite would wait for itself, and Postgres would silently use another connection.
 */
export interface Database extends Queryable {
  transaction<T>(work: (tx: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Runs a text of several statements, without values. For migrations. */
  script(tx: Queryable, text: string): Promise<void>;
  /** The Postgres schema that holds the tables. */
  schema: string;
  close(): Promise<void>;
}
