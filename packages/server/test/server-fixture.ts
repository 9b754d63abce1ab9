import { randomBytes } from 'node:crypto';
import { openDatabase } from '@tollgate/engine';
import { inject } from 'vitest';
import { type Clock, testClock } from '../src/clock.js';
import { createLogger } from '../src/log.js';
import { createStack, type Stack, type StackOptions } from '../src/stack.js';
import { catalog } from './catalog.js';

/** Where the test clock of a fixture starts. */
export const start = Date.parse('2026-01-10T12:00:00Z');

export interface GraphQLBody {
  data: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code: string; field?: string; details?: Record<string, unknown> } }[];
  extensions: { now: string; isClockFrozen: boolean };
}

export interface Fixture {
  stack: Stack;
  clock: Clock;
  url: string;
  apiKey: string;
  /** What the server has logged, as JSON lines. */
  logged: string[];
  schema: string;
  databaseUrl: string;
  /** Sends a body as it is. */
  post(body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: GraphQLBody }>;
  /** Sends an operation with the server key. */
  send(operation: { toString(): string }, variables?: unknown): Promise<GraphQLBody>;
  close(): Promise<void>;
}

/** A server on a Postgres schema of its own, with the catalog applied. */
export async function startFixture(options: Partial<StackOptions> = {}): Promise<Fixture> {
  const clock = options.clock ?? testClock(start);
  const schema = `server_test_${randomBytes(6).toString('hex')}`;
  const databaseUrl = inject('postgresUrl');
  const stack = await createStack({ database: databaseUrl, schema, catalog, ...options, clock });
  const logged: string[] = [];
  const logger = createLogger('info', { write: (line: string) => void logged.push(line) });
  const { url } = await stack.listen({ port: 0, logger });
  const apiKey = await stack.createApiKey();

  const post: Fixture['post'] = async (body, headers = { 'x-api-key': apiKey }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    });
    return { status: response.status, body: (await response.json()) as GraphQLBody };
  };
  return {
    stack,
    clock,
    url,
    apiKey,
    logged,
    schema,
    databaseUrl,
    post,
    send: async (operation, variables = {}) => (await post({ query: operation.toString(), variables })).body,
    async close() {
      await stack.close();
      await dropSchema(databaseUrl, schema);
    },
  };
}

export async function dropSchema(databaseUrl: string, schema: string): Promise<void> {
  const database = await openDatabase(databaseUrl, { schema });
  try {
    await database.query('drop schema if exists {schema} cascade');
  } finally {
    await database.close();
  }
}

/** Waits until `look` finds something; fails with the name after the deadline. */
export async function eventually<T>(name: string, look: () => T | undefined | false, deadlineMs = 20_000): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`${name} did not happen within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
