import type { CatalogDocument } from '@tollgate/contract';
import type { EngineOptions, EnvironmentEngine } from '@tollgate/engine';
import type { TestEnvironment } from './test-environment.js';

export interface EnvironmentOptions {
  /** What is sold: a catalog document, or the path of a `.ts`, `.js` or `.json` file that holds one. */
  catalog: CatalogDocument | string;
  /** Where the clock stands at first: epoch milliseconds, a Date or an ISO 8601 string. Default: the present. */
  now?: number | Date | string;
  /**
   * Whether what is due is done as soon as the clock is moved, as a server does it by itself. It makes events timely and
   * changes no answer. Default true.
   */
  sweeper?: boolean;
}

export interface StackOptions extends EnvironmentOptions {
  /** `'pglite'` (default), a database in memory, or the URL of a Postgres, where a schema of its own comes and goes. */
  storage?: string;
  /** `'embedded'` (default): clients call the engine in this process. `'http'`: a real server on a free port. */
  transport?: 'embedded' | 'http';
  /** Who collects payments: `'manual'` (default), `'sandbox'`, or a provider of your own. */
  billing?: NonNullable<EngineOptions['billing']>;
  /** A file that `createPgliteTemplate` wrote, from which PGlite starts faster. Default: `TOLLGATE_TEST_TEMPLATE`. */
  template?: string;
}

/** A test environment with its engine in this process. */
export interface TestStack extends TestEnvironment {
  /** The engine itself, for looking past every cache and for changing the catalog. */
  engine: EnvironmentEngine;
  /** Closes clients, server and engine, in this order. */
  close(): Promise<void>;
}

/** An environment that a server serves, for a client that is not made from `clientOptions`. */
export interface Served {
  /** For `baseUri`, such as `http://127.0.0.1:40123`. */
  url: string;
  apiKey: string;
}

export interface HttpStack extends TestStack, Served {}

/** Options as `startStack` goes by them. */
export type CheckedStackOptions = Required<Omit<StackOptions, 'template' | 'now'>> & {
  template: string | undefined;
  now: number | undefined;
};
