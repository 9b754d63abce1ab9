/** A line of a program, and what the compiler says about it; without that it compiles. */
export type Line = readonly [code: string, error?: RegExp];

const misfit = /is not assignable to type/;
const unknown = /'"feature-sos"' is not assignable to .*"feature-(sso|formats)"/;
/** The type that nothing is of, which stands where another kind has a field. */
export const onlyFor = (kind: 'Metered' | 'Numeric' | 'Enum') =>
  new RegExp(`is not assignable to type 'OnlyFor${kind}Features`);
export const notOfKind = (id: string, instead: string) => new RegExp(`'"${id}"' is not assignable to .*"${instead}"`);

/** With the catalog registered: what its ids and kinds allow, in every place where a requirement is written. */
export const registered: Line[] = [
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
