import type { Queryable } from './database.js';

type CatalogKind = 'product' | 'feature' | 'group' | 'currency' | 'addon' | 'plan';

export interface CatalogEntryRow {
  kind: CatalogKind;
  id: string;
  version: number;
  /** The catalog number that it was published under. */
  catalog: number;
  isForAll: boolean;
  isDraft: boolean;
  isArchived: boolean;
  content: unknown;
}

/** Keeps the catalog as it is until the transaction ends; any number of transactions may do so at once. */
export async function holdCatalog(tx: Queryable, environmentId: string): Promise<void> {
  await tx.query('select catalog from {schema}.environment where id = $1 for share', [environmentId]);
}

/** Every version of everything that was published under a catalog number or before. */
export async function readCatalogEntries(
  db: Queryable,
  environmentId: string,
  number: number,
): Promise<CatalogEntryRow[]> {
  return db.query<CatalogEntryRow>(
    `select kind, id, version, catalog, is_for_all as "isForAll", is_draft as "isDraft", archived as "isArchived", content
       from {schema}.catalog_entry where environment = $1 and catalog <= $2`,
    [environmentId, number],
  );
}

/** The catalog numbers that were published from an instant on, oldest first, with the one that held just before it. */
export async function readPublishes(
  db: Queryable,
  environmentId: string,
  from: number,
): Promise<{ catalog: number; publishedAt: number }[]> {
  return db.query(
    `select catalog, published_at as "publishedAt" from {schema}.catalog_publish
      where environment = $1 and catalog >= coalesce(
            (select max(catalog) from {schema}.catalog_publish where environment = $1 and published_at <= $2), 0)
      order by catalog`,
    [environmentId, from],
  );
}

/** Remembers from when on a catalog number counts. */
export async function insertPublish(tx: Queryable, environmentId: string, number: number, now: number): Promise<void> {
  await tx.query('insert into {schema}.catalog_publish (environment, catalog, published_at) values ($1, $2, $3)', [
    environmentId,
    number,
    now,
  ]);
}

/** Takes away the drafts of these entries: a draft is no history, it makes room for what follows it. */
export async function deleteDrafts(
  tx: Queryable,
  environmentId: string,
  entries: readonly Pick<CatalogEntryRow, 'kind' | 'id'>[],
): Promise<void> {
  await tx.query(
    `delete from {schema}.catalog_entry as entry using jsonb_to_recordset($2::jsonb) as e (kind text, id text)
      where entry.environment = $1 and entry.is_draft and entry.kind = e.kind and entry.id = e.id`,
    [environmentId, JSON.stringify(entries.map(({ kind, id }) => ({ kind, id })))],
  );
}

/** Writes versions under a catalog number: the one that a publish made, or, for drafts, the one that holds. */
export async function insertCatalogEntries(
  tx: Queryable,
  environmentId: string,
  number: number,
  entries: readonly Omit<CatalogEntryRow, 'catalog'>[],
): Promise<void> {
  await tx.query(
    `insert into {schema}.catalog_entry
            (environment, kind, id, version, catalog, content, archived, is_for_all, is_draft)
     select $1, kind, id, version, $2, content, "isArchived", "isForAll", "isDraft"
       from jsonb_to_recordset($3::jsonb) as e (kind text, id text, version int, content jsonb, "isArchived" boolean,
            "isForAll" boolean, "isDraft" boolean)`,
    [environmentId, number, JSON.stringify(entries)],
  );
}
