import type { BillingContext } from './billing-context.js';
import { buildCatalog, type Catalog } from './catalog/catalog.js';
import { readCatalogEntries } from './storage/catalog-store.js';
import type { Database, Queryable } from './storage/database.js';

/** What every operation of an engine needs. */
export interface EngineContext {
  database: Database;
  epoch: string;
  randomId: () => string;
  /** How long idempotency keys are kept, and how far back usage may be dated. */
  idempotencyWindowMs: number;
  catalogs: CatalogCache;
  billing: BillingContext;
  /** Hears of failures that no caller waits for. */
  onError: (error: unknown) => void;
}

export interface CatalogCache {
  /** The catalog under a number that is committed: it never changes again. */
  read(db: Queryable, environmentId: string, number: number): Promise<Catalog>;
}

/** Keeps the catalog that is read now and, while a publish goes through, the one before it. */
export function createCatalogCache(): CatalogCache {
  const built = new Map<string, readonly Catalog[]>();
  return {
    read: async (db, environmentId, number) => {
      const known = built.get(environmentId)?.find((catalog) => catalog.number === number);
      if (known) return known;
      const catalog = buildCatalog(number, await readCatalogEntries(db, environmentId, number));
      // The list may have changed while the entries were read.
      const others = (built.get(environmentId) ?? []).filter((other) => other.number !== number);
      built.set(environmentId, [catalog, ...others].sort((a, b) => b.number - a.number).slice(0, 2));
      return catalog;
    },
  };
}
