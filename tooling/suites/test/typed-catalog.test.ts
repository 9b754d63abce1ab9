import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineCatalog } from '@tollgate/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, type Diagnostics } from '../src/compile.js';

/** A line of a program, and what the compiler says about it; without that it compiles. */
type Line = readonly [code: string, error?: RegExp];

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

const misfit = /is not assignable to type/;
const unknown = /'"feature-sos"' is not assignable to .*"feature-(sso|formats)"/;
/** The type that nothing is of, which stands where another kind has a field. */
const onlyFor = (kind: 'Metered' | 'Numeric' | 'Enum') =>
  new RegExp(`is not assignable to type 'OnlyFor${kind}Features`);
const notOfKind = (id: string, instead: string) => new RegExp(`'"${id}"' is not assignable to .*"${instead}"`);

const registered: Line[] = [
  // Middleware of Express
  ["requireEntitlement('feature-sso');"],
  ["requireEntitlement('feature-sso', { skip: (req) => req.path === '/' });"],
  ["requireEntitlement('feature-reports', { usage: 1, idempotent: true });"],
  ["requireEntitlement('feature-reports', { usage: (req) => Number(req.query.n), mode: 'reserve' });"],
  ["requireEntitlement('feature-size', { atMost: (req) => req.body.size });"],
  ["requireEntitlement('feature-formats', { values: (req) => String(req.params.format) });"],
  ["requireEntitlement({ feature: 'feature-formats', values: (req) => String(req.params.format) });"],
  ["requireEntitlement(['feature-sso', { currency: 'credits-ai', usage: 5 }], { skip: () => false });"],
  ["requireEntitlement('feature-sos');", unknown],
  ["requireEntitlement(['feature-sso', 'feature-sos']);", unknown],
  ["requireEntitlement({ feature: 'feature-sos' });", unknown],
  ["requireEntitlement('feature-sso', { usage: 1 });", onlyFor('Metered')],
  ["requireEntitlement('feature-sso', { mode: 'reserve' });", onlyFor('Metered')],
  ["requireEntitlement('feature-sso', { idempotent: true });", onlyFor('Metered')],
  ["requireEntitlement('feature-reports', { values: 'pdf' });", onlyFor('Enum')],
  ["requireEntitlement('feature-seats', { atMost: 3 });", onlyFor('Numeric')],
  ["requireEntitlement('feature-size', { usage: 3 });", onlyFor('Metered')],
  ["requireEntitlement('feature-width', { values: 'x' });", onlyFor('Enum')],
  ["requireEntitlement('feature-formats', { usage: 1 });", onlyFor('Metered')],
  ["requireEntitlement({ feature: 'feature-sso', usage: 1 });", onlyFor('Metered')],
  ["requireEntitlement({ feature: 'feature-reports', values: 'x' });", onlyFor('Enum')],
  ["requireEntitlement({ feature: 'feature-reports', values: (req) => req.path });", onlyFor('Enum')],
  ["requireEntitlement(['feature-seats', { feature: 'feature-sso', usage: 1 }]);", onlyFor('Metered')],
  ["requireEntitlement({ currency: 'credits-al', usage: 1 });", /'"credits-al"' is not assignable to .*"credits-ai"/],
  ["requireEntitlement({ currency: 'credits-ai', values: 'x' });", misfit],
  [
    "requireEntitlement({ any: ['feature-sso', { feature: 'feature-reports', usage: (req) => Number(req.query.n) }] });",
  ],
  [
    "requireEntitlement(['feature-sso', { any: [['feature-seats', 'feature-size'], { currency: 'credits-ai', usage: 2 }] }]);",
  ],
  ["requireEntitlement({ all: ['feature-sso', { feature: 'feature-seats', usage: 1 }] });"],
  ["requireEntitlement({ any: ['feature-sso', 'feature-sos'] });", unknown],
  ["requireEntitlement({ all: ['feature-sos'] });", unknown],
  ["requireEntitlement({ any: ['feature-sso', { feature: 'feature-sso', usage: 1 }] });", onlyFor('Metered')],
  ["requireEntitlement({ any: [{ any: ['feature-sso'] }] });", /not assignable|does not exist/],
  // Middleware of Hono
  ["requireInHono({ any: ['feature-sso', { currency: 'credits-ai', usage: (c) => c.req.path.length }] });"],
  ["requireInHono({ any: ['feature-sos'] });", unknown],
  ["requireInHono('feature-reports', { usage: (c) => c.req.path.length });"],
  ["requireInHono('feature-sos');", unknown],
  ["requireInHono('feature-sso', { usage: 1 });", onlyFor('Metered')],
  // A test's environment
  ["environment.grant('customer-1', 'feature-sso');"],
  ["environment.grant('customer-1', { featureId: 'feature-reports', usageLimit: 3 });"],
  ["environment.consume({ customerId, resourceId: 'site-1' }, 'feature-reports', 3);"],
  ["environment.consume('customer-1', { currencyId: 'credits-ai' }, 3);"],
  ["environment.grant('customer-1', 'feature-sos');", unknown],
  ["environment.deny('customer-1', 'feature-sos');", unknown],
  ["environment.consume('customer-1', 'feature-sso', 3);", notOfKind('feature-sso', 'feature-reports')],
  ["environment.usage('customer-1', 'feature-formats');", notOfKind('feature-formats', 'feature-reports')],
  // Route config of Fastify
  ["route({ entitlement: 'feature-sso' });"],
  ["route({ entitlement: { feature: 'feature-reports', usage: (request) => request.url.length } });"],
  ["route({ entitlement: ['feature-sso', { currency: 'credits-ai', usage: 2 }] });"],
  [
    "route({ entitlement: { any: ['feature-sso', { currency: 'credits-ai', usage: (request) => request.url.length }] } });",
  ],
  ["route({ entitlement: { any: ['feature-sso', 'feature-sos'] } });", unknown],
  ["route({ entitlement: 'feature-sos' });", unknown],
  ["route({ entitlement: { feature: 'feature-sso', usage: 1 } });", onlyFor('Metered')],
  ["route({ entitlement: { feature: 'feature-reports', values: 'x' } });", onlyFor('Enum')],
  ["route({ entitlement: [{ feature: 'feature-reports', values: 'x' }] });", onlyFor('Enum')],
  [
    "app.get('/', { config: { entitlement: { feature: 'feature-reports', usage: (request) => request.url.length } } }, handler);",
  ],
  ["app.get('/', { config: { entitlement: 'feature-sos' } }, handler);", unknown],
  // Fastify infers the type of a route's config, and then says only that it does not fit.
  ["app.get('/', { config: { entitlement: ['feature-sso', 'feature-sos'] } }, handler);", misfit],
  ["app.get('/', { config: { entitlement: { feature: 'feature-sos' } } }, handler);", misfit],
  ["app.get('/', { config: { entitlement: { feature: 'feature-sso', usage: 1 } } }, handler);", misfit],
  ["app.get('/', { config: { entitlement: { feature: 'feature-reports', values: 'x' } } }, handler);", misfit],
  [
    "app.route({ method: 'GET', url: '/', handler, config: { entitlement: { feature: 'feature-sso', usage: 1 } } });",
    misfit,
  ],
  // What pages are shown
  ["entitlementsHandler({ features: ['feature-sso'], currencies: ['credits-ai'] });"],
  ["entitlementsHandler({ features: ['feature-sos'] });", unknown],
  ["showInHono({ features: ['feature-sso'], customer: (c) => c.req.path });"],
  ["showInHono({ currencies: ['feature-sso'] });", notOfKind('feature-sso', 'credits-ai')],
  ["app.get('/mine', showInFastify({ features: ['feature-size'] }));"],
  ["showInFastify({ features: ['feature-sos'] });", unknown],
  ["class N0 extends showInNest({ features: ['feature-sso'], instance: 'eu' }) {}"],
  ["showInNest({ features: ['feature-sos'] });", unknown],
  // Decorators of Nest
  ["class N1 { @RequireEntitlement('feature-sso') a() {} }"],
  ["class N2 { @RequireEntitlement('feature-reports', { usage: (context) => context.getArgs().length }) a() {} }"],
  ["@RequireEntitlement('feature-sso', { instance: 'eu' }) class N3 {}"],
  ["class N4 { @RequireCredits('credits-ai', { usage: 5 }) a() {} }"],
  ["class N5 { @RequireEntitlement('feature-sos') a() {} }", unknown],
  ["class N6 { @RequireEntitlement('feature-sso', { usage: 1 }) a() {} }", onlyFor('Metered')],
  ["class N7 { @RequireEntitlement('feature-reports', { values: 'x' }) a() {} }", onlyFor('Enum')],
  ["class N8 { @RequireCredits('feature-sso', { usage: 5 }) a() {} }", notOfKind('feature-sso', 'credits-ai')],
  ["class N9 { @RequireCredits('credits-ai', { values: 'x' }) a() {} }", /'values' does not exist/],
  ["class N10 { @RequireAny(['feature-sso', [{ currency: 'credits-ai', usage: 5 }, 'feature-size']]) a() {} }"],
  [
    "@RequireAll(['feature-sso', { feature: 'feature-reports', usage: (context) => context.getArgs().length }]) class N11 {}",
  ],
  ["class N12 { @RequireAny(['feature-sso', 'feature-sos']) a() {} }", unknown],
  ["class N13 { @RequireAll([{ feature: 'feature-sso', usage: 1 }]) a() {} }", onlyFor('Metered')],
  // Getters
  ["void client.getBooleanEntitlement({ customerId, featureId: 'feature-sso' });"],
  ["void client.getMeteredEntitlement({ customerId, featureId: 'feature-seats', options: { requestedUsage: 1 } });"],
  ["void client.getCreditEntitlement({ customerId, currencyId: 'credits-ai' });"],
  ["void client.getEntitlementV2({ customerId, currencyId: 'credits-ai' });"],
  [
    "void client.getBooleanEntitlement({ customerId, featureId: 'feature-reports' });",
    notOfKind('feature-reports', 'feature-sso'),
  ],
  [
    "void client.getMeteredEntitlement({ customerId, featureId: 'feature-size' });",
    notOfKind('feature-size', 'feature-reports'),
  ],
  [
    "void client.getNumericEntitlement({ customerId, featureId: 'feature-seats' });",
    notOfKind('feature-seats', 'feature-size'),
  ],
  [
    "void client.getEnumEntitlement({ customerId, featureId: 'feature-sso' });",
    notOfKind('feature-sso', 'feature-formats'),
  ],
  ["void client.getEntitlementV2({ customerId, featureId: 'feature-sos' });", unknown],
  ["void client.getCreditEntitlement({ customerId, currencyId: 'credits' });", notOfKind('credits', 'credits-ai')],
  // Usage, reservations, credits, promotions
  ["void client.reportUsage({ customerId, featureId: 'feature-reports', value: 1 });"],
  [
    "void client.reserve({ customerId, items: [{ featureId: 'feature-seats', amount: 1 }, { currencyId: 'credits-ai', amount: 1 }] });",
  ],
  ["void client.consumeCredits({ customerId, currencyId: 'credits-ai', amount: 1, idempotencyKey: 'k' });"],
  [
    "void client.grantPromotionalEntitlements({ customerId, promotionalEntitlements: [{ featureId: 'feature-sso', period: 'lifetime' }] });",
  ],
  [
    "void client.reportUsage({ customerId, featureId: 'feature-sso', value: 1 });",
    notOfKind('feature-sso', 'feature-reports'),
  ],
  [
    "void client.reportUsageBulk({ usages: [{ customerId, featureId: 'feature-size', value: 1 }] });",
    notOfKind('feature-size', 'feature-reports'),
  ],
  [
    "void client.reserve({ customerId, items: [{ featureId: 'feature-formats', amount: 1 }] });",
    notOfKind('feature-formats', 'feature-reports'),
  ],
  [
    "void client.reserve({ customerId, items: [{ currencyId: 'credits', amount: 1 }] });",
    notOfKind('credits', 'credits-ai'),
  ],
  [
    "void client.consumeCredits({ customerId, currencyId: 'credits', amount: 1, idempotencyKey: 'k' });",
    notOfKind('credits', 'credits-ai'),
  ],
  [
    "void client.getUsageHistoryV2({ customerId, featureId: 'feature-sso', startDate: '2026-01-01' });",
    notOfKind('feature-sso', 'feature-reports'),
  ],
  ["void client.getCreditLedger({ customerId, currencyId: 'credits' });", notOfKind('credits', 'credits-ai')],
  ["void client.revokePromotionalEntitlements({ customerId, featureId: 'feature-sos' });", unknown],
  // Options, and ids that come as values
  ["Tollgate.initialize({ apiKey: 'k', entitlementsFallback: { 'feature-sso': { hasAccess: true } } });"],
  [
    "Tollgate.initialize({ apiKey: 'k', entitlementsFallback: { 'feature-sos': { hasAccess: true } } });",
    /''feature-sos'' does not exist in type '.*"feature-sso"/,
  ],
  [
    '((id: FeatureId, currencyId: CurrencyId) => [requireEntitlement(id), client.getCreditEntitlement({ customerId, currencyId })]);',
  ],
  ['((id: string) => requireEntitlement(id));', /'string' is not assignable to/],
];

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
