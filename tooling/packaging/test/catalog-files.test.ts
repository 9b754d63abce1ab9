import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installedFolder, packAll } from '../src/index.js';

const run = promisify(execFile);
let folder: string;

const catalog = {
  products: { 'product-one': { displayName: 'One' } },
  features: { 'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' } },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-one',
      pricingType: 'FREE',
      entitlements: { 'feature-sso': true },
    },
  },
};
const text = JSON.stringify(catalog, null, 2);
/** Each form in which a catalog may be written; TypeScript with a type in it, so that it is surely not run as it is. */
const files: [string, string][] = [
  ['tollgate.catalog.json', text],
  ['esm.catalog.mjs', `export default ${text};\n`],
  ['common.catalog.cjs', `module.exports = ${text};\n`],
  ['plain.catalog.js', `export default ${text};\n`],
  [
    'typed.catalog.ts',
    `import type { CatalogDocument } from '@tollgate/client';\nconst catalog: CatalogDocument = ${text};\nexport default catalog;\n`,
  ],
];

beforeAll(async () => {
  folder = await installedFolder(await packAll());
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tollgate = (...args: string[]) => run(join(folder, 'node_modules/.bin/tollgate'), args, { cwd: folder });

test.each(files.map(([name]) => name))('the packed command reads %s outside the workspace', async (name) => {
  const { stdout } = await tollgate('catalog', 'check', name);
  expect(stdout).toContain(name);
});

test('the packed command refuses a malformed catalog with its line and field', async () => {
  const bad = text.replace('"FREE"', '"CHEAP"');
  writeFileSync(join(folder, 'bad.json'), bad);
  const line = bad.split('\n').findIndex((candidate) => candidate.includes('CHEAP')) + 1;
  const failure = (await tollgate('catalog', 'check', 'bad.json').catch((error) => error)) as {
    stderr: string;
    code: number;
  };
  expect(failure.code).toBe(1);
  expect(failure.stderr).toContain(`bad.json:${line}`);
  expect(failure.stderr).toContain('plans.plan-free.pricingType');
});
