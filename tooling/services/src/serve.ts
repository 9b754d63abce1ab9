import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogDocument } from '@tollgate/contract';
import { freePort, startChild, temporaryFolder } from './child.js';

/** A program of its own process, which answers over HTTP. */
export interface Served {
  readonly url: string;
  /** Ends it as a crash does: `kill -9`. */
  kill(): Promise<void>;
}

export interface ServeOptions {
  /** A Postgres URL. */
  readonly database: string;
  readonly environment: string;
  /** A server key, registered at the start. */
  readonly apiKey: string;
  readonly catalog?: CatalogDocument;
  /** Default: a free one. */
  readonly port?: number;
  /** The shared cache that it feeds. Default: none. */
  readonly redis?: { readonly url: string; readonly prefix: string };
}

const bin = fileURLToPath(new URL('../../../packages/server/bin/tollgate.js', import.meta.url));

/** Starts `tollgate serve`, as `tsc -b` built it, and waits until it is ready. */
export async function serveTollgate(options: ServeOptions): Promise<Served> {
  const { database, environment, apiKey, catalog, port, redis } = options;
  const folder = temporaryFolder('serve');
  const file = join(folder, 'tollgate.catalog.json');
  if (catalog) writeFileSync(file, JSON.stringify(catalog));
  const args = ['serve', '--database', database, '--environment', environment, '--api-key', apiKey];
  const feeding = redis ? ['--redis', redis.url, '--redis-prefix', redis.prefix] : [];
  const more = [...(catalog ? ['--catalog', file] : []), ...feeding, '--log-level', 'error'];
  return startProgram({ program: bin, args: [...args, ...more], folder, ...(port !== undefined && { port }) });
}

/**
 * Runs a built program of ours with Node, with `--host` and `--port` added to its arguments, and waits until its
 * `/readyz` answers.
 */
export async function startProgram(options: {
  program: string;
  args: readonly string[];
  /** Its working folder, removed with it. Default: a new one. */
  folder?: string;
  port?: number;
}): Promise<Served> {
  const { program, folder = temporaryFolder('program'), port = await freePort() } = options;
  const url = `http://127.0.0.1:${port}`;
  const kill = await startChild({
    command: process.execPath,
    args: [program, ...options.args, '--host', '127.0.0.1', '--port', String(port)],
    folder,
    stopSignal: 'SIGKILL',
    env: withoutOurs(process.env),
    ready: async () => {
      const { ok, status } = await fetch(`${url}/readyz`);
      if (!ok) throw new Error(`${url}/readyz answers ${status}`);
    },
  });
  return { url, kill };
}

/** What configures a command by itself must come from the arguments alone. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = (name: string): boolean =>
    name.startsWith('TOLLGATE_') || name === 'REDIS_URL' || name === 'DATABASE_URL';
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours(name)));
}
