import type { ApplyCatalogMutation, CatalogDocument } from '@tollgate/contract';
import { type Catalog, type CatalogKind, type Drafts, documentSection, draftKey, sectionOf } from './catalog.js';
import { equalJson } from './json.js';

export type CatalogChangeWire = ApplyCatalogMutation['applyCatalog']['changes'][number];

/** One entry that a document changes; `content` is what will be stored, the old content again when it is archived. */
export interface CatalogChange extends CatalogChangeWire {
  kind: CatalogKind;
  version: number;
  content: unknown;
  /** What the change writes: a version that counts, one that waits, or nothing where a draft is only dropped. */
  writes: 'PUBLISHED' | 'DRAFT' | 'NOTHING';
}

const kinds: readonly CatalogKind[] = ['product', 'feature', 'group', 'currency', 'addon', 'plan'];
const dropped = 'the draft is dropped';

/** What would change if the document were applied, in the order in which the kinds depend on each other. */
export function diffCatalog(published: Catalog, drafts: Drafts, document: CatalogDocument): CatalogChange[] {
  return kinds.flatMap((kind) => {
    const wanted = documentSection(document, kind);
    const isGone = (id: string) => !Object.hasOwn(wanted, id);
    const archived = [...sectionOf(published, kind).values()]
      .filter((entry) => !entry.isArchived && isGone(entry.id))
      .map(({ id, version, content }): CatalogChange => {
        const details = ['no longer in the catalog'];
        return { action: 'ARCHIVE', kind, id, details, version: version + 1, content, writes: 'PUBLISHED' };
      });
    const abandoned = [...drafts].flatMap(([key, content]): CatalogChange[] => {
      const id = key.slice(draftKey(kind, '').length);
      if (draftKey(kind, id) !== key || !isGone(id) || isLive(published, kind, id)) return [];
      return [{ action: 'ARCHIVE', kind, id, details: [dropped], version: 0, content, writes: 'NOTHING' }];
    });
    const changed = Object.entries(wanted).flatMap(([id, content]) => changeOf(published, drafts, kind, id, content));
    return [...changed, ...archived, ...abandoned];
  });
}

function changeOf(
  published: Catalog,
  drafts: Drafts,
  kind: CatalogKind,
  id: string,
  content: unknown,
): CatalogChange[] {
  const entry = sectionOf(published, kind).get(id);
  const draft = drafts.get(draftKey(kind, id));
  const isNew = !entry && draft === undefined;
  const change = { action: isNew ? ('CREATE' as const) : ('UPDATE' as const), kind, id, content };
  const version = (entry?.version ?? 0) + 1;
  if (isDraft(content)) {
    if (draft !== undefined && equalJson(draft, content)) return [];
    const details = ['a draft: nothing is published', ...differences(draft ?? entry?.content ?? {}, content)];
    return [{ ...change, details, version, writes: 'DRAFT' }];
  }
  if (isLive(published, kind, id) && equalJson(entry?.content, content)) {
    return draft === undefined ? [] : [{ ...change, details: [dropped], version: 0, writes: 'NOTHING' }];
  }
  const details = [
    ...(draft === undefined ? [] : ['was a draft']),
    ...(entry?.isArchived ? ['back in the catalog'] : []),
    ...differences(entry?.content ?? {}, content),
  ];
  // A first version is made when it is published, whatever was drafted before.
  return [{ ...change, action: entry ? 'UPDATE' : 'CREATE', details, version, writes: 'PUBLISHED' }];
}

/** Only plans and add-ons have the mark; nothing else passes the catalog's shapes with it. */
const isDraft = (content: unknown): boolean => (content as { draft?: boolean }).draft === true;

const isLive = (published: Catalog, kind: CatalogKind, id: string): boolean =>
  sectionOf(published, kind).get(id)?.isArchived === false;

/** One line per field that differs: `displayName: "Pro" → "Team"`. */
function differences(before: unknown, after: unknown): string[] {
  const [old, now] = [leaves(before), leaves(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].filter((path) => path !== 'draft');
  return paths.flatMap((path) => {
    const [from, to] = [old.get(path), now.get(path)];
    if (from === to) return [];
    if (from === undefined) return [`${path}: ${to}`];
    return [`${path}: ${from} → ${to ?? 'removed'}`];
  });
}

/** The values of a JSON object by their paths. A list is one value, because the place in it names nothing. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path, JSON.stringify(value)]]);
  return new Map(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .flatMap(([key, item]) => [...leaves(item, path ? `${path}.${key}` : key)]),
  );
}
