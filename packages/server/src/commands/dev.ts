import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isTollgateError, toIso } from '@tollgate/contract';
import { Command, Option } from 'commander';
import { watchActivity } from '../activity.js';
import { syncRedis } from '../cache-sync.js';
import { shownPath } from '../catalog-file.js';
import { systemClock, testClock } from '../clock.js';
import { defaultPort } from '../default-port.js';
import { createLogger } from '../log.js';
import type { RunningServer } from '../server.js';
import { createStack, type Stack } from '../stack.js';
import {
  billingOption,
  catalogOption,
  environmentOption,
  hostOption,
  parseInstant,
  portOption,
  redisOption,
  redisPrefixOption,
  type Terminal,
} from './terminal.js';

interface DevOptions {
  data: string;
  memory?: boolean;
  catalog?: string;
  environment: string;
  host: string;
  port: number;
  nextPort?: boolean;
  testClock?: number | true;
  billing: 'manual' | 'sandbox';
  redis?: string;
  redisPrefix?: string;
}

/** How many ports after the asked one `--next-port` tries. */
const portsTried = 20;

export function devCommand(terminal: Terminal): Command {
  return new Command('dev')
    .description('run everything in one process, on a database of its own, and show what is asked of it')
    .addOption(
      new Option('--data <folder>', 'folder that keeps the data and the key').env('TOLLGATE_DATA').default('.tollgate'),
    )
    .addOption(new Option('--memory', 'keep nothing after the end').conflicts('data'))
    .addOption(catalogOption())
    .addOption(environmentOption('development'))
    .addOption(hostOption('127.0.0.1'))
    .addOption(portOption(defaultPort))
    .option('--next-port', 'when the port is taken, take the next free one')
    .addOption(
      new Option('--test-clock [instant]', 'a clock that stands still until setClock moves it').argParser(parseInstant),
    )
    .addOption(billingOption())
    .addOption(redisOption())
    .addOption(redisPrefixOption())
    .action((options: DevOptions) => dev(options, terminal));
}

async function dev(options: DevOptions, terminal: Terminal): Promise<void> {
  const { testClock: start, environment } = options;
  const clock = start === undefined ? systemClock() : testClock(start === true ? undefined : start);
  const catalog = options.catalog ?? usualCatalog();
  const logger = createLogger('warn');
  let isTalking = false;
  const stack = await createStack({
    database: options.memory ? 'memory' : join(options.data, 'database'),
    catalog,
    environment,
    billing: options.billing,
    clock,
    onError: (error) => logger.error({ err: error }, 'the engine failed at something that nobody waits for'),
    watch: (watched) => watchActivity(watched, (line) => isTalking && terminal.say(line)),
  });
  try {
    const apiKey = options.memory ? newKey() : await keyOf(options.data);
    await stack.engine.registerApiKey(environment, 'server', apiKey, clock.now());
    const server = await listen(stack, options, terminal, logger);
    const environmentPrefix = options.redisPrefix ?? environment;
    const sync = options.redis
      ? await syncRedis(
          { url: options.redis, environmentPrefix },
          { environment: stack.environment, clock, log: logger },
        )
      : undefined;
    // Listened to before anybody is told that it runs: a signal that came in between would end it as it stands.
    const stopped = terminal.untilStopped();
    terminal.say('Tollgate is ready.');
    terminal.say(`  server      ${server.url}`);
    terminal.say(`  graphql     ${server.url}/graphql`);
    terminal.say(`  feed        ${server.url.replace(/^http/, 'ws')}/graphql`);
    terminal.say(`  server key  ${apiKey}`);
    terminal.say(`  data        ${options.memory ? 'in memory, gone at the end' : `${shownPath(options.data)}, kept`}`);
    terminal.say(`  catalog     ${catalog ? shownPath(catalog) : 'none: `tollgate catalog apply FILE` brings one'}`);
    if (clock.isFrozen) terminal.say(`  test clock  ${toIso(clock.now())}, moved by the mutation setClock`);
    if (stack.engine.sandbox) terminal.say(`  billing     sandbox, decided at ${server.url}/sandbox`);
    if (sync) terminal.say(`  redis       fed, with environmentPrefix "${environmentPrefix}"`);
    terminal.say('Ctrl-C stops it. Every call is shown below.');
    isTalking = true;
    await stopped;
    terminal.say('Stopping.');
    await sync?.close();
  } finally {
    await stack.close();
  }
}

/** A taken port is an error, or, when asked for, another port, said aloud. */
async function listen(
  stack: Stack,
  { host, port, nextPort }: DevOptions,
  terminal: Terminal,
  logger: ReturnType<typeof createLogger>,
): Promise<RunningServer> {
  for (let tried = port; ; tried++) {
    try {
      return await stack.listen({ host, port: tried, logger });
    } catch (error) {
      const isTaken = isTollgateError(error) && error.field === 'port';
      if (!isTaken || !nextPort || tried >= port + portsTried) throw error;
      terminal.say(`Port ${tried} is taken, trying ${tried + 1}.`);
    }
  }
}

/** The catalog that the folder, or the folder of sources in it, holds under its usual name. */
function usualCatalog(): string | undefined {
  const names = ['ts', 'js', 'json'].map((ending) => `tollgate.catalog.${ending}`);
  return [...names, ...names.map((name) => join('src', name))].find((file) => existsSync(file));
}

/** The key of a data folder, made at the first start, so that a restart does not send everybody back to their settings. */
async function keyOf(folder: string): Promise<string> {
  const file = join(folder, 'server-key');
  await mkdir(folder, { recursive: true });
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
  const key = newKey();
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  // Neither the key nor the data belongs into anybody's repository.
  await writeFile(join(folder, '.gitignore'), '*\n');
  return key;
}

const newKey = (): string => `tollgate_dev_${randomBytes(24).toString('base64url')}`;
