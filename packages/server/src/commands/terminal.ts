import { InvalidArgumentError, Option } from 'commander';

/** What a command has of the world outside. */
export interface Terminal {
  /** A line on standard output. */
  say(line?: string): void;
  /** A line on standard error. */
  warn(line: string): void;
  /** Resolves when somebody asks the process to stop. */
  untilStopped(): Promise<void>;
}

export const databaseOption = () =>
  new Option('--database <url>', 'PostgreSQL to keep everything in').env('DATABASE_URL').makeOptionMandatory();

export const schemaOption = () =>
  new Option('--schema <name>', 'Postgres schema of the tables').env('TOLLGATE_SCHEMA').default('tollgate');

export const environmentOption = (initial: string) =>
  new Option('--environment <id>', 'environment to work in; made when it is new')
    .env('TOLLGATE_ENVIRONMENT')
    .default(initial);

export const hostOption = (initial: string) =>
  new Option('--host <address>', 'address to listen on').env('TOLLGATE_HOST').default(initial);

export const portOption = (initial: number) =>
  new Option('--port <number>', 'port to listen on; 0 for any free one')
    .env('TOLLGATE_PORT')
    .argParser(parsePort)
    .default(initial);

export const redisOption = () =>
  new Option('--redis <url>', 'Redis whose shared cache is fed from here').env('REDIS_URL');

export const redisPrefixOption = () =>
  new Option('--redis-prefix <prefix>', "the clients' `environmentPrefix` (default: the environment)").env(
    'TOLLGATE_REDIS_PREFIX',
  );

export const billingOption = () =>
  new Option('--billing <provider>', 'who collects payments: nobody, or a sandbox that you decide for')
    .choices(['manual', 'sandbox'])
    .default('manual');

export const catalogOption = () => new Option('--catalog <file>', 'catalog to apply at start: .ts, .js or .json');

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

/** An instant as people type it, such as 2026-01-31 or 2026-01-31T12:00:00Z, in epoch milliseconds. */
export function parseInstant(text: string): number {
  const instant = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  throw new InvalidArgumentError('An instant looks like 2026-01-31 or 2026-01-31T12:00:00Z.');
}
