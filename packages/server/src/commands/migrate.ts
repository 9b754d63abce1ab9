import { migrate, openDatabase } from '@tollgate/engine';
import { Command } from 'commander';
import { databaseOption, schemaOption, type Terminal } from './terminal.js';

export function migrateCommand(terminal: Terminal): Command {
  return new Command('migrate')
    .description('bring the tables up to this version; safe to run several times and at the same time')
    .addOption(databaseOption())
    .addOption(schemaOption())
    .action(async (options: { database: string; schema: string }) => {
      const database = await openDatabase(options.database, { schema: options.schema });
      try {
        await migrate(database);
        terminal.say(`The tables in schema "${options.schema}" are those of this version.`);
      } finally {
        await database.close();
      }
    });
}
