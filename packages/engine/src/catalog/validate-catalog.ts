import { assertId, type CatalogDocument } from '@tollgate/contract';
import type { z } from 'zod';
import { type CatalogIssue, catalogInvalid, shapeIssues } from './catalog-issue.js';
import type { CatalogReading } from './catalog-reading.js';
import { ruleIssues } from './catalog-rules.js';
import {
  addonEntitlementShape,
  addonShape,
  currencyShape,
  featureShape,
  groupShape,
  planEntitlementShape,
  planShape,
  productShape,
} from './catalog-shape.js';

const sections = {
  products: { shape: productShape, entitlements: undefined, isRequired: true },
  features: { shape: featureShape, entitlements: undefined, isRequired: true },
  plans: { shape: planShape, entitlements: planEntitlementShape, isRequired: true },
  addons: { shape: addonShape, entitlements: addonEntitlementShape, isRequired: false },
  featureGroups: { shape: groupShape, entitlements: undefined, isRequired: false },
  customCurrencies: { shape: currencyShape, entitlements: undefined, isRequired: false },
} as const;
type SectionName = keyof typeof sections;

/** Checks a document that comes from outside. Rejects with CATALOG_INVALID that lists everything that is wrong with it. */
export function validateCatalog(input: unknown): CatalogDocument {
  if (!isObject(input)) throw catalogInvalid([{ path: 'catalog', rule: 'must be an object' }]);
  const issues: CatalogIssue[] = Object.keys(input)
    .filter((key) => key !== '$schema' && !Object.hasOwn(sections, key))
    .map((key) => ({ path: key, rule: 'is not a known field' }));
  const names = Object.keys(sections) as SectionName[];
  const reading: CatalogReading = {
    entries: { products: {}, features: {}, plans: {}, addons: {}, featureGroups: {}, customCurrencies: {} },
    ids: Object.fromEntries(names.map((name) => [name, new Set()])) as CatalogReading['ids'],
  };
  for (const name of names) issues.push(...readSection(name, input[name], reading));
  issues.push(...ruleIssues(reading));
  if (issues.length > 0) throw catalogInvalid(issues);
  return reading.entries;
}

function readSection(name: SectionName, raw: unknown, reading: CatalogReading): CatalogIssue[] {
  const { shape, entitlements, isRequired } = sections[name];
  if (raw === undefined) return isRequired ? [{ path: name, rule: 'is required' }] : [];
  if (!isObject(raw)) return [{ path: name, rule: 'must be an object keyed by id' }];
  return Object.entries(raw).flatMap(([id, entry]) => {
    const path = `${name}.${id}`;
    const issues = [...idIssues(id, path), ...check(shape, entry, path)];
    if (entitlements && isObject(entry)) issues.push(...entitlementIssues(entitlements, entry.entitlements, path));
    reading.ids[name].add(id);
    // What passed its shape has the type of its section: the one place where that is said to the compiler.
    if (issues.length === 0) Object.assign(reading.entries[name], { [id]: entry });
    return issues;
  });
}

function entitlementIssues(shape: z.ZodType, raw: unknown, path: string): CatalogIssue[] {
  if (!isObject(raw)) return [];
  return Object.entries(raw).flatMap(([featureId, value]) =>
    value === true ? [] : check(shape, value, `${path}.entitlements.${featureId}`),
  );
}

function check(shape: z.ZodType, value: unknown, path: string): CatalogIssue[] {
  const result = shape.safeParse(value, { reportInput: true });
  return result.success ? [] : shapeIssues(path, result.error.issues);
}

function idIssues(id: string, path: string): CatalogIssue[] {
  try {
    assertId(id, 'id');
    return [];
  } catch (error) {
    return [{ path, rule: error instanceof Error ? error.message.replace(/^id /, 'has an id that ') : 'has a bad id' }];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
