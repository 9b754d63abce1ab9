import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogJsonSchema, validateCatalog } from '@tollgate/engine';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { schemaReference } from '../src/catalog-file.js';
import { catalog } from './catalog.js';

const read = async (name: string) => JSON.parse(await readFile(join(import.meta.dirname, '..', name), 'utf8'));

/** What a validator that knows nothing but the published schema says of a document: undefined when it is content. */
async function complaint(document: object): Promise<string | undefined> {
  const app = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false, strict: false } } });
  app.post('/', { schema: { body: await read('catalog.schema.json') } }, () => ({}));
  const { statusCode, body } = await app.inject({ method: 'POST', url: '/', payload: document });
  await app.close();
  return statusCode === 200 ? undefined : JSON.parse(body).message;
}

test('the JSON Schema that is published is the one of the shapes by which catalogs are checked', async () => {
  // Run `pnpm --filter @tollgate/server generate` after a build when this fails.
  expect(await read('catalog.schema.json')).toEqual(catalogJsonSchema());
});

test('the JSON Schema travels with the package, where files say that it is', async () => {
  const manifest = await read('package.json');
  expect(manifest.files).toContain('catalog.schema.json');
  expect(schemaReference).toBe(`./node_modules/${manifest.name}/catalog.schema.json`);
});

test('the JSON Schema takes a catalog that is right', async () => {
  const wide = {
    $schema: schemaReference,
    ...catalog,
    featureGroups: { all: { displayName: 'All', featureIds: ['feature-sso'] } },
    customCurrencies: { credits: { displayName: 'Credits', unitPrice: { amount: 0.01, currency: 'usd' } } },
  };
  expect(await complaint(wide)).toBeUndefined();
});

test('the catalog file in the README is right, by the schema and by every rule', async () => {
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  const document = JSON.parse(/```json\n([\s\S]+?)```/.exec(readme)?.[1] ?? '');
  expect(Object.keys(document)).toEqual(['$schema', 'products', 'features', 'plans', 'customCurrencies']);
  expect(document.$schema).toBe(schemaReference);
  expect(await complaint(document)).toBeUndefined();
  expect(Object.keys(validateCatalog(document).plans)).toEqual(['free', 'pro']);
});

test.each([
  ['an unknown section', { ...catalog, coupons: {} }],
  ['a section that is missing', { products: {}, features: {} }],
  ['an unknown field', { ...catalog, products: { p: { displayName: 'P', colour: 'red' } } }],
  ['an unknown value', { ...catalog, features: { f: { displayName: 'F', featureType: 'BOOL' } } }],
  [
    'an entitlement that is neither true nor an object',
    { ...catalog, plans: { p: { ...catalog.plans['plan-free'], entitlements: { 'feature-sso': 'yes' } } } },
  ],
])('the JSON Schema refuses %s', async (_, document) => {
  expect(await complaint(document)).toMatch(/^body/);
});
