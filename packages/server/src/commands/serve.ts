import { Command, Option } from 'commander';
import { syncRedis } from '../cache-sync.js';
import { defaultPort } from '../default-port.js';
import { createLogger, type LogLevel } from '../log.js';
import { createStack } from '../stack.js';
import {
  billingOption,
  catalogOption,
  databaseOption,
  environmentOption,
  hostOption,
  portOption,
  redisOption,
  redisPrefixOption,
  schemaOption,
  type Terminal,
} from './terminal.js';

interface ServeOptions {
  database: string;
  schema: string;
  migrate: boolean;
  environment: string;
  apiKey?: string;
  catalog?: string;
  billing: 'manual' | 'sandbox';
  host: string;
  port: number;
  logLevel: LogLevel;
  redis?: string;
  redisPrefix?: string;
}

export function serveCommand(terminal: Terminal): Command {
  return new Command('serve')
    .description('serve the engine on a PostgreSQL database')
    .addOption(databaseOption())
    .addOption(schemaOption())
    .option('--no-migrate', 'refuse to start on tables of another version instead of bringing them up to date')
    .addOption(environmentOption('production'))
    .addOption(new Option('--api-key <key>', 'server key of the environment, stored as a hash').env('TOLLGATE_API_KEY'))
    .addOption(catalogOption())
    .addOption(billingOption())
    .addOption(hostOption('0.0.0.0'))
    .addOption(portOption(defaultPort))
    .addOption(
      new Option('--log-level <level>', 'least severe lines that are logged')
        .env('TOLLGATE_LOG_LEVEL')
        .choices(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
        .default('info'),
    )
    .addOption(redisOption())
    .addOption(redisPrefixOption())
    .action((options: ServeOptions) => serve(options, terminal));
}

async function serve(options: ServeOptions, terminal: Terminal): Promise<void> {
  const { database, schema, migrate, environment, apiKey, catalog, host, port } = options;
  const logger = createLogger(options.logLevel);
  const stack = await createStack({
    database,
    schema,
    migrate,
    environment,
    catalog,
    billing: options.billing,
    onError: (error) => logger.error({ err: error }, 'the engine failed at something that nobody waits for'),
  });
  const { clock } = stack;
  try {
    if (apiKey) await stack.engine.registerApiKey(environment, 'server', apiKey, clock.now());
    const server = await stack.listen({ host, port, logger });
    const sync = options.redis
      ? await syncRedis(
          { url: options.redis, environmentPrefix: options.redisPrefix ?? environment },
          { environment: stack.environment, clock, log: logger },
        )
      : undefined;
    // Listened to before anybody is told that it runs: a signal that came in between would end it as it stands.
    const stopped = terminal.untilStopped();
    terminal.say(`Tollgate serves environment "${environment}" at ${server.url}/graphql`);
    await stopped;
    logger.info('stopping');
    await sync?.close();
  } finally {
    await stack.close();
  }
}
