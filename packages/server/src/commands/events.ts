import type { EnvironmentEngine } from '@tollgate/engine';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createStack } from '../stack.js';
import { databaseOption, environmentOption, schemaOption, type Terminal } from './terminal.js';

interface EventsOptions {
  database: string;
  schema: string;
  environment: string;
  after?: string;
  limit?: number;
  follow?: boolean;
}

const pageSize = 1000;
const followIntervalMs = 1000;

export function eventsCommand(terminal: Terminal): Command {
  return new Command('events')
    .description('print what happened, one JSON object a line, each with the cursor to go on after it')
    .addOption(databaseOption())
    .addOption(schemaOption())
    .addOption(environmentOption('production'))
    .option('--after <cursor>', 'only what happened after this cursor (default: everything)')
    .addOption(new Option('--limit <number>', 'print so many at most').argParser(parseCount))
    .option('--follow', 'go on as things happen, until stopped')
    .action((options: EventsOptions) => printEvents(options, terminal));
}

async function printEvents({ after, limit, follow = false, ...options }: EventsOptions, terminal: Terminal) {
  // Whoever looks changes nothing: what is due is left to the server.
  const stack = await createStack({ ...options, migrate: false, chores: false });
  try {
    const place = { cursor: after ?? null, left: limit ?? Number.POSITIVE_INFINITY };
    await printAll(stack.environment, place, terminal);
    if (follow) await printAsTheyCome(stack.environment, place, terminal);
  } finally {
    await stack.close();
  }
}

interface Place {
  cursor: string | null;
  /** How many may still be printed. */
  left: number;
}

async function printAll(environment: EnvironmentEngine, place: Place, terminal: Terminal): Promise<void> {
  while (place.left > 0) {
    const page = await environment.events({ after: place.cursor, limit: Math.min(pageSize, place.left) });
    if (page.events.length === 0) return;
    for (const event of page.events) terminal.say(JSON.stringify(event));
    place.cursor = page.next;
    place.left -= page.events.length;
  }
}

async function printAsTheyCome(environment: EnvironmentEngine, place: Place, terminal: Terminal): Promise<void> {
  let isStopped = false;
  let wake = () => {};
  const stopped = terminal.untilStopped().then(() => {
    isStopped = true;
    wake();
  });
  while (!isStopped && place.left > 0) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, followIntervalMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (!isStopped) await printAll(environment, place, terminal);
  }
  if (place.left > 0) await stopped;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError('A limit is a whole number from 1.');
}
