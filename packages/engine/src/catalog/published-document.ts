import type { CatalogDocument } from '@tollgate/contract';
import type { z } from 'zod';
import { type Catalog, type CatalogKind, type Drafts, draftKey, publishedContents } from './catalog.js';
import { addonShape, currencyShape, featureShape, groupShape, planShape, productShape } from './catalog-shape.js';

/** The catalog as a document. What is being drafted stands in it as a draft, in place of its published version. */
export function publishedDocument(catalog: Catalog, drafts: Drafts): CatalogDocument {
  const section = <Entry>(kind: CatalogKind, shape: z.ZodObject): Record<string, Entry> => {
    const contents = publishedContents(catalog, kind);
    for (const [key, content] of drafts) {
      const id = key.slice(draftKey(kind, '').length);
      if (draftKey(kind, id) === key) contents.set(id, content);
    }
    const inOrder = [...contents].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(inOrder.map(([id, content]) => [id, ordered(content, shape) as Entry]));
  };
  return {
    products: section('product', productShape),
    features: section('feature', featureShape),
    plans: section('plan', planShape),
    addons: section('addon', addonShape),
    featureGroups: section('group', groupShape),
    customCurrencies: section('currency', currencyShape),
  };
}

/** The database keeps no order of fields, so they come in that of the shape: the name first, entitlements last. */
function ordered(content: unknown, shape: z.ZodObject): unknown {
  const places = Object.keys(shape.shape);
  const fields = Object.entries(content as object);
  return Object.fromEntries(fields.sort(([a], [b]) => places.indexOf(a) - places.indexOf(b)));
}
