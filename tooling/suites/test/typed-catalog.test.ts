import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineCatalog } from '@tollgate/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, type Diagnostics } from '../src/compile.js';
import { type Line, notOfKind, onlyFor, registered } from '../src/registered-lines.js';

const document = {
  products: { app: { displayName: 'App' } },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-size': { displayName: 'Size', featureType: 'NUMBER' },
    'feature-width': { displayName: 'Width', featureType: 'NUMBER', meterType: 'None' },
    'feature-formats': {
      displayName: 'Formats',
      featureType: 'ENUM',
      enumConfiguration: [{ value: 'pdf', displayName: 'PDF' }],
    },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-seats': { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
  },
  plans: {},
  customCurrencies: { 'credits-ai': { displayName: 'AI credits' } },
};
const catalogFile = `import { defineCatalog } from '@tollgate/client';
export const catalog = defineCatalog(${JSON.stringify(document, null, 2)});
`;

/** What `tollgate catalog types` makes of the same catalog as JSON. */
function writtenTypes(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-written-types-'));
  try {
    writeFileSync(join(folder, 'catalog.json'), JSON.stringify(document));
    const command = join(import.meta.dirname, '../../../packages/server/bin/tollgate.js');
    return execFileSync(process.execPath, [command, 'catalog', 'types', join(folder, 'catalog.json')], {
      encoding: 'utf8',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const register = (type: string) => `declare module '@tollgate/client' { interface Register { catalog: ${type} } }\n`;

const prelude = `
import { Tollgate, typed as typedClient, type CurrencyId, type FeatureId } from '@tollgate/client';
import { entitlementsHandler, requireEntitlement, typed as typedExpress } from '@tollgate/express';
import { entitlementsHandler as showInHono, requireEntitlement as requireInHono, typed as typedHono } from '@tollgate/hono';
import { entitlementsHandler as showInFastify, tollgatePlugin, typed as typedFastify } from '@tollgate/fastify';
import { RequireAll, RequireAny, RequireCredits, RequireEntitlement, entitlementsHandler as showInNest, typed as typedNest } from '@tollgate/nestjs';
import Fastify, { type FastifyContextConfig } from 'fastify';
import { embedded } from '@tollgate/server/embedded';
import type { TestEnvironment } from '@tollgate/testing';
declare const environment: TestEnvironment;
declare const client: Tollgate;
declare const customerId: string;
const route = (config: FastifyContextConfig) => config;
const app = Fastify();
const handler = async () => 'done';
`;

const unregistered: Line[] = [
  ["requireEntitlement('anything', { usage: 1 });"],
  ["requireEntitlement('anything', { values: (req) => String(req.params.format) });"],
  [
    "requireEntitlement([{ feature: 'anything', atMost: 1 }, { currency: 'any', usage: (req) => req.body.n }], { skip: () => true });",
  ],
  ['((id: string) => requireEntitlement(id, { usage: 1 }));'],
  ["route({ entitlement: { feature: 'anything', usage: (request) => request.url.length } });"],
  ["class N1 { @RequireEntitlement('anything', { usage: (context) => context.getArgs().length }) a() {} }"],
  ["class N2 { @RequireCredits('anything', { usage: 1 }) a() {} }"],
  ["void client.getMeteredEntitlement({ customerId, featureId: 'anything' });"],
  ['void client.reportUsage({ customerId, featureId: customerId, value: 1 });'],
  ["void client.reserve({ customerId, items: [{ featureId: 'a', amount: 1 }, { currencyId: 'b', amount: 1 }] });"],
  ["Tollgate.initialize({ apiKey: 'k', entitlementsFallback: { anything: { hasAccess: true } } });"],
  ['void embedded({ database: "memory", catalog });'],
  ["requireEntitlement('anything', { useage: 1 });", /'useage' does not exist.*|Did you mean to write 'usage'/],
  ["requireEntitlement({ feature: 'a', currency: 'b' });", /not assignable/],
];

/** What handlers find on a request, without a word of our types at each of them. */
const admissions: Line[] = [
  ["router.post('/', (req) => req.tollgate?.measure(1));"],
  ["router.post('/', (req) => req.tollgate?.entitlements['a']?.remaining?.toFixed());"],
  ["router.post('/', (req) => req.tollgate.measure(1));", /possibly 'undefined'/],
  ["router.post('/', (req) => req.tollgate?.mesure(1));", /Did you mean 'measure'/],
  ["router.post('/', (req) => admissionOf(req)?.customerId.length);"],
  ["app.post('/', async (request) => request.tollgate?.entitlements['a']?.resetAt);"],
  ["app.post('/', async (request) => request.tollgate.measure(1));", /possibly 'null'/],
  ["app.post('/', async (request) => app.tollgate.check(request, { feature: 'a', usage: 1 }));"],
  ["app.setNotFoundHandler({ preHandler: app.tollgate.requireEntitlement('a') }, handler);"],
  ["app.setNotFoundHandler({ preHandler: app.tollgate.requireEntitlement({ feture: 'a' }) }, handler);", /'feture'/],
];

const otherCatalog = `{ features: { 'other-switch': { featureType: 'BOOLEAN' }, 'other-count': { featureType: 'NUMBER', meterType: 'INCREMENTAL' } } }`;
const several: Line[] = [
  [`type Other = ${otherCatalog};`],
  ['const one = typedExpress<typeof catalog>(); const other = typedExpress<Other>();'],
  ["one.requireEntitlement('feature-reports', { usage: (req) => req.body.n });"],
  ["other.requireEntitlement('other-count', { usage: 1 });"],
  ["one.requireEntitlement('other-switch');", /'"other-switch"' is not assignable/],
  ["other.requireEntitlement('other-switch', { usage: 1 });", onlyFor('Metered')],
  ["other.requireEntitlement({ currency: 'credits-ai', usage: 1 });", /not assignable/],
  ["typedHono<Other>().requireEntitlement('other-count', { usage: 1 });"],
  ["typedHono<Other>().requireEntitlement('feature-sso');", /'"feature-sso"' is not assignable/],
  ['const { entitlement } = typedFastify<Other>();'],
  ["route({ entitlement: entitlement({ feature: 'other-count', usage: (request) => request.url.length }) });"],
  ["route({ entitlement: entitlement('feature-sso') });", /'"feature-sso"' is not assignable/],
  ['const nest = typedNest<Other>();'],
  ["class N1 { @nest.RequireEntitlement('other-count', { usage: 1 }) a() {} }"],
  ["class N2 { @nest.RequireEntitlement('other-switch', { usage: 1 }) a() {} }", onlyFor('Metered')],
  ["nest.entitlementsHandler({ features: ['feature-sso'] });", /'"feature-sso"' is not assignable/],
  ["class N3 { @nest.RequireCredits('credits-ai') a() {} }", /'"credits-ai"' is not assignable/],
  ["class N4 { @nest.RequireAny(['other-switch', { feature: 'other-count', usage: 1 }]) a() {} }"],
  ["class N5 { @nest.RequireAny(['feature-sso']) a() {} }", /'"feature-sso"' is not assignable/],
  ["one.entitlementsHandler({ features: ['feature-sso'] }); other.entitlementsHandler({ features: ['other-count'] });"],
  ["other.entitlementsHandler({ features: ['feature-sso'] });", /'"feature-sso"' is not assignable/],
  ["typedHono<Other>().entitlementsHandler({ features: ['feature-sso'] });", /'"feature-sso"' is not assignable/],
  ["typedFastify<Other>().entitlementsHandler({ features: ['feature-sso'] });", /'"feature-sso"' is not assignable/],
  ["const mine = typedClient<typeof catalog>().Tollgate.initialize({ apiKey: 'k' });"],
  ["void mine.reportUsage({ customerId, featureId: 'feature-reports', value: 1 });"],
  [
    "void mine.reportUsage({ customerId, featureId: 'feature-sso', value: 1 });",
    notOfKind('feature-sso', 'feature-reports'),
  ],
  ['tollgatePlugin.length; const borrowed: Tollgate = mine; void borrowed;'],
];

/** What `resolveJsonModule` makes of a JSON catalog: words are strings, so only the ids are known. */
const json: Line[] = [
  ["requireEntitlement('feature-sso');"],
  ["requireEntitlement('feature-sso', { usage: 1 });"],
  ["requireEntitlement('feature-sos');", /'"feature-sos"' is not assignable/],
];

/** What a catalog may get wrong in its own file. */
const mistakes: Line[] = [
  [
    "const features = { a: { displayName: 'A', featureType: 'BOOLEAN' } } as const; const products = {}; const plans = {};",
  ],
  ['defineCatalog({ products, plans, features });'],
  [
    "defineCatalog({ products, plans, features: { a: { displayName: 'A', featureType: 'BOOL' } } });",
    /'"BOOL"' is not assignable/,
  ],
  [
    "defineCatalog({ products, plans, features: { a: { displayName: 'A', featureType: 'NUMBER', unit: 1 } } });",
    /Did you mean to write 'units'/,
  ],
  [
    "defineCatalog({ products, plans: { p: { displayName: 'P', productId: 'x', pricingType: 'FREE', entitlements: { a: { usageLimt: 3 } } } }, features });",
    /Did you mean to write 'usageLimit'/,
  ],
  ['defineCatalog({ products, plans, features, customCurrencies: { c: {} } });', /'displayName' is missing/],
];

interface File {
  what: string;
  before: string;
  lines: Line[];
}

/** Each list is one program: what a file registers holds for all files of its program. */
const programs: File[][] = [
  [
    {
      what: 'a registered catalog',
      before: `import type { catalog } from './catalog.js';\n${register('typeof catalog')}${prelude}`,
      lines: registered,
    },
  ],
  [{ what: 'types that the command has written', before: `import './catalog-ids.js';${prelude}`, lines: registered }],
  [
    {
      what: 'a registered JSON catalog',
      before: `${register("{ features: { 'feature-sso': { featureType: string } } }")}${prelude}`,
      lines: json,
    },
  ],
  [
    {
      what: 'no registered catalog',
      before: `import { catalog } from './catalog.js';${prelude}`,
      lines: unregistered,
    },
    {
      what: 'requests that carry an admission [express.7] [fastify.2]',
      before: `import { Router } from 'express';
import { admissionOf, type WithTollgate } from '@tollgate/express';
import '@tollgate/fastify';
import Fastify from 'fastify';
declare global { namespace Express { interface Request extends WithTollgate {} } }
const router = Router();
const app = Fastify();
const handler = async () => 'done';
`,
      lines: admissions,
    },
    { what: 'several catalogs', before: `import { catalog } from './catalog.js';${prelude}`, lines: several },
    { what: 'a catalog file', before: "import { defineCatalog } from '@tollgate/client';\n", lines: mistakes },
  ],
];

describe.each(programs.map((files) => [files.map(({ what }) => what).join(', '), files] as const))('%s', (_, files) => {
  let found: ReadonlyMap<string, Diagnostics>;

  beforeAll(async () => {
    const texts = files.map(({ before, lines }) => `${before}${lines.map(([code]) => code).join('\n')}\n`);
    const named = Object.fromEntries(texts.map((text, index) => [`file-${index}.ts`, text]));
    const isWritten = files.some(({ before }) => before.includes('catalog-ids.js'));
    found = await compile({
      'catalog.ts': catalogFile,
      ...(isWritten && { 'catalog-ids.d.ts': writtenTypes() }),
      ...named,
    });
    // Neither the catalog nor the declarations of our own packages, which are checked with the ids in force.
    expect([...found.keys()].filter((file) => !(file in named))).toEqual([]);
  });

  describe.each(files.map((file, index) => ({ ...file, name: `file-${index}.ts` })))(
    '$what',
    ({ name, before, lines }) => {
      const first = before.split('\n').length;
      const messageAt = (line: number) => found.get(name)?.get(line);
      const cases = lines.map(([code, error], index) => ({ code, error, line: first + index }));
      const compiling = cases.filter(({ error }) => !error);
      const refused = cases.filter(({ error }) => error);

      test('the lines before', () => {
        expect([...(found.get(name) ?? [])].filter(([line]) => line < first)).toEqual([]);
      });

      test.each(compiling)('the compiler takes $code', ({ line }) => {
        expect(messageAt(line)).toBeUndefined();
      });

      test.each(refused)('the compiler refuses $code', ({ line, error }) => {
        expect(messageAt(line)).toMatch(error ?? expect.fail());
      });
    },
  );
});

test('a catalog is given back as it is', () => {
  const catalog = { products: {}, features: {}, plans: {} };
  expect(defineCatalog(catalog)).toBe(catalog);
});
