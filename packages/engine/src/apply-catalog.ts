import type { ApplyCatalogMutation, CatalogDocument, PublishMigrationType } from '@tollgate/contract';
import { buildCatalog, draftsOf } from './catalog/catalog.js';
import { type CatalogChange, diffCatalog } from './catalog/catalog-diff.js';
import { catalogEvents } from './catalog/catalog-events.js';
import { catalogInvalid } from './catalog/catalog-issue.js';
import { draftReferenceIssues } from './catalog/draft-references.js';
import { immutableIssues } from './catalog/immutable-fields.js';
import { publishedDocument } from './catalog/published-document.js';
import { validateCatalog } from './catalog/validate-catalog.js';
import { refuseBreaking } from './catalog-in-use.js';
import type { ApplyCatalogOptions } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { deleteDrafts, insertCatalogEntries, insertPublish, readCatalogEntries } from './storage/catalog-store.js';
import type { Queryable } from './storage/database.js';
import { appendEvents } from './storage/domain-event-store.js';
import { lockCatalogNumber, raiseCatalogNumber, readCatalogNumber } from './storage/environment-store.js';
import { appendPublish } from './storage/feed-store.js';

export type CatalogDiffWire = ApplyCatalogMutation['applyCatalog'];

interface CatalogWrite {
  environmentId: string;
  document: CatalogDocument;
  migrationType: PublishMigrationType;
  now: number;
}

/**
 * Compares a document with what is published, and publishes the difference unless it is a dry run. The same document
 * again changes nothing. Rejects with CATALOG_INVALID, or with CATALOG_BREAKS_SUBSCRIPTIONS.
 */
export async function applyCatalog(
  { database }: EngineContext,
  environmentId: string,
  input: unknown,
  { dryRun, migrationType }: ApplyCatalogOptions,
  now: number,
): Promise<CatalogDiffWire> {
  const document = validateCatalog(input);
  const write: CatalogWrite = { environmentId, document, migrationType: migrationType ?? 'ALL_CUSTOMERS', now };
  if (dryRun) {
    return database.transaction(
      async (tx) => {
        const number = await readCatalogNumber(tx, environmentId);
        return diffWire(await checkedChanges(tx, write, number), number, false);
      },
      { isolation: 'repeatable read', readOnly: true },
    );
  }
  return database.transaction(async (tx) => {
    const number = await lockCatalogNumber(tx, environmentId);
    const changes = await checkedChanges(tx, write, number);
    if (changes.length === 0) return diffWire(changes, number, false);
    return diffWire(changes, await storeChanges(tx, write, number, changes), true);
  });
}

/** The changes, once it is clear that all of them are allowed. */
async function checkedChanges(tx: Queryable, write: CatalogWrite, number: number): Promise<CatalogChange[]> {
  const { environmentId, document, migrationType, now } = write;
  // Read anew and not out of the cache of published catalogs: drafts change under one number.
  const entries = await readCatalogEntries(tx, environmentId, number);
  const published = buildCatalog(number, entries);
  const issues = [...immutableIssues(published, document), ...draftReferenceIssues(published, document)];
  if (issues.length > 0) throw catalogInvalid(issues);
  const changes = diffCatalog(published, draftsOf(entries), document);
  await refuseBreaking(tx, { environmentId, published, changes, migrationType }, now);
  return changes;
}

/**
 * Writes the changes and returns the catalog number after them. It is the number that moves every customer: not one of
 * their rows is touched or locked. Drafts alone leave it as it is, so that nothing that is cached becomes stale.
 */
async function storeChanges(
  tx: Queryable,
  { environmentId, migrationType, now }: CatalogWrite,
  number: number,
  changes: readonly CatalogChange[],
): Promise<number> {
  const isPublish = changes.some(({ writes }) => writes === 'PUBLISHED');
  const after = isPublish ? await raiseCatalogNumber(tx, environmentId) : number;
  await deleteDrafts(tx, environmentId, changes);
  if (isPublish) await insertPublish(tx, environmentId, after, now);
  const entries = changes.flatMap(({ kind, id, version, content, action, writes }) => {
    if (writes === 'NOTHING') return [];
    const isArchived = action === 'ARCHIVE';
    // Archiving changes nothing for whoever has the entry, so it moves nobody either.
    const isForAll = migrationType === 'ALL_CUSTOMERS' && !isArchived;
    return [{ kind, id, version, content, isArchived, isForAll, isDraft: writes === 'DRAFT' }];
  });
  await insertCatalogEntries(tx, environmentId, after, entries);
  const events = catalogEvents(changes).map(({ type, entity }, index) => {
    // Customers' changes have a / here; no id can hold the colon.
    return { messageId: `catalog:${after}/${index}`, type, at: now, customerId: null, entity };
  });
  await appendEvents(tx, environmentId, events);
  if (isPublish) await appendPublish(tx, environmentId);
  return after;
}

/** The catalog as it is published, with the drafts beside it: applying it again changes nothing. */
export async function readPublishedCatalog(
  { database }: EngineContext,
  environmentId: string,
): Promise<CatalogDocument> {
  return database.transaction(
    async (tx) => {
      const number = await readCatalogNumber(tx, environmentId);
      const entries = await readCatalogEntries(tx, environmentId, number);
      return publishedDocument(buildCatalog(number, entries), draftsOf(entries));
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

function diffWire(changes: readonly CatalogChange[], catalog: number, isApplied: boolean): CatalogDiffWire {
  return {
    changes: changes.map(({ action, kind, id, details }) => ({ action, kind, id, details })),
    catalog,
    isApplied,
  };
}
