import {
  ApplyCatalogDocument,
  type ApplyCatalogMutation,
  type CatalogDocument,
  PublishedCatalogDocument,
  type PublishMigrationType,
  TollgateError,
} from '@tollgate/contract';
import { validateCatalog } from '@tollgate/engine';
import { Command, Option } from 'commander';
import {
  assertJsonPath,
  type CatalogFile,
  readCatalog,
  schemaReference,
  shownPath,
  writeCatalog,
} from '../catalog-file.js';
import { placedIssues } from '../catalog-issues.js';
import { catalogTypes, writeCatalogTypes } from '../catalog-types.js';
import { defaultPort } from '../default-port.js';
import { postOperation, type Target } from '../remote-operation.js';
import type { Terminal } from './terminal.js';

type CatalogDiff = ApplyCatalogMutation['applyCatalog'];
type ApplyOptions = Target & { migrationType: PublishMigrationType };

export function catalogCommand(terminal: Terminal): Command {
  const check = new Command('check')
    .description('check a catalog file, without a server')
    .argument('<file>', '.ts, .js or .json')
    .action(async (path: string) => {
      await checked(path);
      terminal.say(`${shownPath(path)} is a valid catalog.`);
    });
  const diff = withMigration(withTarget(new Command('diff')))
    .description('show what applying a catalog file would change')
    .argument('<file>', '.ts, .js or .json')
    .action(async (path: string, options: ApplyOptions) => {
      const found = await send(path, options, true);
      printChanges(found, terminal);
      terminal.say(
        found.changes.length === 0 ? 'Nothing would change.' : 'Nothing was changed yet: `catalog apply` does it.',
      );
    });
  const apply = withMigration(withTarget(new Command('apply')))
    .description('publish a catalog file')
    .argument('<file>', '.ts, .js or .json')
    .action(async (path: string, options: ApplyOptions) => {
      const done = await send(path, options, false);
      printChanges(done, terminal);
      terminal.say(done.isApplied ? `Applied as catalog number ${done.catalog}.` : 'Nothing to change.');
    });
  const pull = withTarget(new Command('pull'))
    .description('print the published catalog as JSON, or write it to a file')
    .argument('[file]', '.json')
    .option('--force', 'replace a file that is there')
    .action(async (path: string | undefined, options: Target & { force?: true }) => {
      if (path !== undefined) assertJsonPath(path);
      const { publishedCatalog } = await postOperation(options, PublishedCatalogDocument, {});
      const text = `${JSON.stringify({ $schema: schemaReference, ...(publishedCatalog as object) }, null, 2)}\n`;
      if (path === undefined) return terminal.say(text.trimEnd());
      await writeCatalog(path, text, options.force === true);
      terminal.say(`Wrote ${shownPath(path)}.`);
    });
  const types = new Command('types')
    .description('print TypeScript that makes the compiler know the ids of a catalog, or write it to a file')
    .argument('[file]', '.json, .ts or .js; without one, the published catalog of the server')
    .option('--out <file>', '.ts or .d.ts; replaced when this command wrote it')
    .option('--no-register', 'only the type, for a program with several catalogs')
    .addOption(urlOption())
    .addOption(apiKeyOption())
    .action(async (path: string | undefined, options: Partial<Target> & { out?: string; register: boolean }) => {
      const document = path === undefined ? await published(options) : (await checked(path)).document;
      const text = catalogTypes(document, options.register);
      if (options.out === undefined) return terminal.say(text.trimEnd());
      await writeCatalogTypes(options.out, text);
      terminal.say(`Wrote ${shownPath(options.out)}.`);
    });
  return new Command('catalog')
    .description('what is sold, as a file')
    .addCommand(check)
    .addCommand(diff)
    .addCommand(apply)
    .addCommand(pull)
    .addCommand(types);
}

const urlOption = () =>
  new Option('--url <url>', 'server to talk to').env('TOLLGATE_URL').default(`http://127.0.0.1:${defaultPort}`);

const apiKeyOption = () => new Option('--api-key <key>', 'server key').env('TOLLGATE_API_KEY');

const withTarget = (command: Command): Command =>
  command.addOption(urlOption()).addOption(apiKeyOption().makeOptionMandatory());

const withMigration = (command: Command): Command =>
  command.addOption(
    new Option('--migration-type <type>', 'who gets the new entitlements: everybody, or who subscribes from now on')
      .choices(['ALL_CUSTOMERS', 'NEW_CUSTOMERS'] satisfies PublishMigrationType[])
      .default('ALL_CUSTOMERS'),
  );

/** Reads a file and checks all of it. Rejects with every broken rule, each with its place. */
async function checked(path: string): Promise<CatalogFile> {
  const file = await readCatalog(path);
  try {
    validateCatalog(file.document);
    return file;
  } catch (error) {
    throw placedIssues(error, path, file);
  }
}

async function published({ url = '', apiKey }: Partial<Target>): Promise<CatalogDocument> {
  if (apiKey === undefined) {
    throw new TollgateError('CONFIGURATION', 'name a catalog file, or give --api-key to ask the server', {
      field: 'api-key',
    });
  }
  return (await postOperation({ url, apiKey }, PublishedCatalogDocument, {})).publishedCatalog as CatalogDocument;
}

async function send(path: string, options: ApplyOptions, dryRun: boolean): Promise<CatalogDiff> {
  const { migrationType } = options;
  const file = await checked(path);
  try {
    const reply = await postOperation(options, ApplyCatalogDocument, { catalog: file.document, dryRun, migrationType });
    return reply.applyCatalog;
  } catch (error) {
    throw placedIssues(error, path, file);
  }
}

function printChanges({ changes }: CatalogDiff, terminal: Terminal): void {
  const signs = { CREATE: '+', UPDATE: '~', ARCHIVE: '-' };
  for (const change of changes) {
    terminal.say(`${signs[change.action]} ${change.kind} ${change.id}`);
    for (const detail of change.details) terminal.say(`    ${detail}`);
  }
}
