import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCatalog, shownPath } from '../src/catalog-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-catalog-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const document = { products: { p: { displayName: 'P' } }, features: {}, plans: {} };
const literal = JSON.stringify(document);

describe('a catalog file', () => {
  test.each([
    ['catalog.json', literal],
    ['catalog-bom.json', `\uFEFF${literal}`],
    ['catalog.mjs', `export default ${literal};`],
    ['catalog.cjs', `module.exports = ${literal};`],
    ['compiled.cjs', `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${literal};`],
    ['catalog.ts', `type Id = string;\nconst catalog: Record<Id, unknown> = ${literal};\nexport default catalog;`],
    ['satisfies.mts', `export default ${literal} satisfies object;`],
  ])('is read from %s', async (name, text) => {
    const { document: read } = await readCatalog(await file(name, text));
    expect(JSON.parse(JSON.stringify(read))).toEqual(document);
  });

  test.each([
    [
      'broken.json',
      '{\n  "products": {\n}',
      /broken\.json:3:2 is not JSON: expected "," or "}", found the end of the file/,
    ],
    ['nothing.mjs', 'export const catalog = {};', /nothing\.mjs must export the catalog as its default export/],
    ['throws.mjs', 'throw new Error("boom");', /throws\.mjs cannot be loaded: boom/],
    ['broken.ts', 'export default {{', /broken\.ts cannot be loaded: /],
    ['broken-line.ts', 'export default {\n  products: {}\n  features: {},\n};', /broken-line\.ts:3:\d/],
    ['broken-line.mjs', 'export default {\n  products: {}\n  features: {},\n};', /broken-line\.mjs:3:\d/],
    ['broken-line.cjs', 'module.exports = {\n  products: {}\n  features: {},\n};', /broken-line\.cjs:3:\d/],
    [
      'twice.json',
      '{\n  "plans": {},\n  "plans": {}\n}',
      /twice\.json:3:3 is not JSON: expected each key once, found "plans" again/,
    ],
    ['catalog.yaml', 'products:', /catalog\.yaml must end in \.ts, \.js or \.json/],
  ])('such as %s is refused with what is wrong', async (name, text, message) => {
    await expect(readCatalog(await file(name, text))).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringMatching(message),
    });
  });

  test.each(['none.json', 'none.ts', 'none.mjs'])('that does not exist is said to be missing: %s', async (name) => {
    await expect(readCatalog(join(folder, name))).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringMatching(/none\.\w+ does not exist$/),
    });
  });

  test('knows the lines of JSON only', async () => {
    const json = await readCatalog(await file('lines.json', '{\n  "products": {\n    "p": {}\n  }\n}'));
    expect(json.lineOf('products.p.displayName')).toBe(3);
    const code = await readCatalog(await file('lines.mjs', `export default ${literal};`));
    expect(code.lineOf('products.p')).toBeUndefined();
  });

  test('is named the short way', () => {
    expect(shownPath('/a/b/c.json', '/a/b')).toBe('c.json');
    expect(shownPath('c.json', '/a/b')).toBe('c.json');
  });
});
