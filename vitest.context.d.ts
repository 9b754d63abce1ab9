import 'vitest';

declare module 'vitest' {
  /** What `inject` gives to every test: see `tooling/services/src/global-setup.ts`. */
  export interface ProvidedContext {
    /** A Postgres server; a test file makes a database of its own in it. */
    postgresUrl: string;
    /** A Redis server, perhaps shared with others; a test file uses a key prefix of its own. */
    redisUrl: string;
    /** A file with a migrated, empty PGlite database: the `template` of `openDatabase`. */
    pgliteTemplate: string;
  }
}
