import { TollgateError } from '@tollgate/contract';
import { createEngine, openDatabase, requireMigrated } from '@tollgate/engine';
import { Command } from 'commander';
import { systemClock } from '../clock.js';
import { databaseOption, schemaOption, type Terminal } from './terminal.js';

interface VerifyOptions {
  database: string;
  schema: string;
  environment?: string;
  customer?: string;
}

export function verifyCommand(terminal: Terminal): Command {
  return new Command('verify')
    .description('recompute every balance and counter, and print what differs; ends with 1 when anything does')
    .addOption(databaseOption())
    .addOption(schemaOption())
    .option('--environment <id>', 'only this environment (default: every one)')
    .option('--customer <id>', 'only this customer (default: every one)')
    .action((options: VerifyOptions) => verify(options, terminal));
}

async function verify({ database: source, schema, environment, customer }: VerifyOptions, terminal: Terminal) {
  const database = await openDatabase(source, { schema });
  try {
    await requireMigrated(database);
    const engine = await createEngine({ database });
    // A name that is mistyped must not pass for one of which everything is right.
    if (environment !== undefined) await engine.environment(environment);
    const scope = { environmentId: environment ?? null, customerId: customer ?? null };
    let count = 0;
    for await (const { environmentId, customerId, name, stored, computed } of engine.verify(
      scope,
      systemClock().now(),
    )) {
      count += 1;
      terminal.say(`${environmentId} ${customerId} ${name} is ${stored}, and should be ${computed}`);
    }
    await engine.close();
    if (count > 0) throw new TollgateError('CONFLICT', `${count} ${count === 1 ? 'number differs' : 'numbers differ'}`);
    terminal.say('Every balance and counter is what usage and ledger say.');
  } finally {
    await database.close();
  }
}
