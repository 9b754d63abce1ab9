import type { ApiKeyKind } from '@tollgate/engine';
import { Command, Option } from 'commander';
import { createStack } from '../stack.js';
import { databaseOption, environmentOption, schemaOption, type Terminal } from './terminal.js';

interface CreateKeyOptions {
  database: string;
  schema: string;
  environment: string;
  kind: ApiKeyKind;
}

export function keysCommand(terminal: Terminal): Command {
  const create = new Command('create')
    .description('make an API key and print it, once: only its hash is stored')
    .addOption(databaseOption())
    .addOption(schemaOption())
    .addOption(environmentOption('production'))
    .addOption(
      new Option('--kind <kind>', 'server: everything in the environment; client: what a page may show')
        .choices(['server', 'client'])
        .default('server'),
    )
    .action(async ({ kind, ...options }: CreateKeyOptions) => {
      const stack = await createStack({ ...options, migrate: false });
      try {
        // The key alone on standard output, so that it can go straight into a secret store.
        terminal.say(await stack.createApiKey(kind));
        terminal.warn(`A ${kind} key of environment "${options.environment}". It cannot be shown again.`);
      } finally {
        await stack.close();
      }
    });
  return new Command('keys').description('API keys').addCommand(create);
}
