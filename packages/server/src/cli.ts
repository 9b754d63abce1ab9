import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isTollgateError } from '@tollgate/contract';
import { Command, CommanderError } from 'commander';
import { catalogCommand } from './commands/catalog.js';
import { devCommand } from './commands/dev.js';
import { eventsCommand } from './commands/events.js';
import { initCommand } from './commands/init.js';
import { keysCommand } from './commands/keys.js';
import { migrateCommand } from './commands/migrate.js';
import { serveCommand } from './commands/serve.js';
import type { Terminal } from './commands/terminal.js';
import { verifyCommand } from './commands/verify.js';
import { withoutPasswords } from './log.js';

/** 0 when all went well. */
const exitCode = { failure: 1, usage: 2 } as const;

const terminal: Terminal = {
  say: (line = '') => console.log(line),
  warn: (line) => console.error(line),
  untilStopped: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => {
          // A second signal means that stopping takes too long for whoever sends it.
          process.once(signal, () => process.exit(exitCode.failure));
          resolve();
        });
      }
    }),
};

function program(): Command {
  const root = new Command('tollgate')
    .description('Entitlements, usage metering and credits, enforced where requests arrive.')
    .version(version())
    .showHelpAfterError('(--help says what there is)')
    .exitOverride();
  const commands = [
    initCommand,
    devCommand,
    serveCommand,
    migrateCommand,
    keysCommand,
    catalogCommand,
    eventsCommand,
    verifyCommand,
  ];
  for (const command of commands) root.addCommand(command(terminal));
  // A subcommand exits by itself unless told otherwise, all the way down.
  const override = (command: Command): void => {
    command.exitOverride().showHelpAfterError('(--help says what there is)');
    command.commands.forEach(override);
  };
  override(root);
  return root;
}

function version(): string {
  const start = dirname(realpathSync(process.argv[1] ?? '.'));
  return (JSON.parse(readFileSync(join(start, '../package.json'), 'utf8')) as { version: string }).version;
}

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** People get one line that says what to do; what nobody foresaw comes with its stack. */
function report(error: unknown): number {
  // Commander has already printed what was wrong with the arguments, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.usage;
  if (isTollgateError(error)) {
    console.error(`tollgate: ${withoutPasswords(error.message)}`);
    return exitCode.failure;
  }
  console.error(withoutPasswords(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  return exitCode.failure;
}

void main();
