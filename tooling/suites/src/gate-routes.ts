import type { SuiteCall, SuiteReply, SuiteRequest, SuiteRoute } from './gate-variant.js';

const headerOf = ({ headers }: SuiteRequest, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** What the request says it uses: the `x-amount` header, else 1. */
const amount = (request: SuiteRequest): number => Number(headerOf(request, 'x-amount') ?? 1);

const echo = ({ admission }: SuiteCall): SuiteReply => ({
  status: 200,
  body: {
    customerId: admission.customerId,
    resourceId: admission.resourceId,
    entitlements: admission.entitlements,
  },
});

/** Answers with the status that the `x-status` header asks for. */
const answerAsAsked = ({ headers }: SuiteCall): SuiteReply => ({
  status: Number(headers['x-status'] ?? 200),
  body: { answered: true },
});

/** Measures what the `x-measured` header says, if it says something. */
const measureAsAsked = ({ admission, headers }: SuiteCall): void => {
  const measured = headers['x-measured'];
  if (typeof measured === 'string') admission.measure(Number(measured));
};

/** The routes that most of the suite's tests use. `onHang` hears when the handler that never answers was reached. */
export function suiteRoutes(onHang: () => void): SuiteRoute[] {
  return [
    { method: 'GET', path: '/sso', entitlement: 'feature-sso', handler: echo },
    {
      method: 'POST',
      path: '/reports',
      entitlement: { feature: 'feature-reports', usage: amount },
      handler: (call) => {
        measureAsAsked(call);
        return call.headers['x-echo'] ? echo(call) : answerAsAsked(call);
      },
    },
    {
      method: 'GET',
      path: '/reports',
      entitlement: { feature: 'feature-reports', usage: amount },
      handler: answerAsAsked,
    },
    {
      method: 'OPTIONS',
      path: '/reports',
      entitlement: { feature: 'feature-reports', usage: amount },
      handler: answerAsAsked,
    },
    {
      method: 'POST',
      path: '/stream',
      entitlement: { feature: 'feature-reports', usage: 1 },
      handler: (call) => {
        measureAsAsked(call);
        call.sendPart('a first part');
        return 'open';
      },
    },
    {
      method: 'POST',
      path: '/hang',
      entitlement: { feature: 'feature-reports', usage: 1 },
      handler: () => {
        onHang();
        return new Promise(() => {});
      },
    },
    {
      method: 'POST',
      path: '/throw',
      entitlement: { feature: 'feature-reports', usage: amount },
      handler: () => {
        throw new Error('the handler failed');
      },
    },
    {
      method: 'POST',
      path: '/projects',
      entitlement: { feature: 'feature-projects', usage: 1 },
      handler: answerAsAsked,
    },
    {
      method: 'DELETE',
      path: '/projects',
      entitlement: { feature: 'feature-projects', usage: -1 },
      handler: answerAsAsked,
    },
    { method: 'POST', path: '/calls', entitlement: { feature: 'feature-calls', usage: 1 }, handler: echo },
    {
      method: 'POST',
      path: '/upload',
      entitlement: { feature: 'feature-upload', atMost: (request) => headerOf(request, 'x-size') ?? Number.NaN },
      handler: echo,
    },
    {
      method: 'GET',
      path: '/export',
      entitlement: { feature: 'feature-export', values: (request) => headerOf(request, 'x-format')?.split(',') ?? [] },
      handler: echo,
    },
    {
      method: 'POST',
      path: '/credits',
      entitlement: { currency: 'credits-ai', usage: amount },
      handler: (call) => {
        measureAsAsked(call);
        return call.headers['x-echo'] ? echo(call) : answerAsAsked(call);
      },
    },
    { method: 'GET', path: '/credits', entitlement: { currency: 'credits-ai' }, handler: echo },
    { method: 'POST', path: '/chat', entitlement: { feature: 'feature-chat', usage: amount }, handler: answerAsAsked },
    {
      method: 'POST',
      path: '/reports-and-credits',
      entitlement: [
        { feature: 'feature-chat', usage: 1 },
        { currency: 'credits-ai', usage: amount },
      ],
      handler: answerAsAsked,
    },
    {
      method: 'GET',
      path: '/sso-of-site',
      entitlement: {
        feature: 'feature-sso',
        customer: (request) => ({ customerId: headerOf(request, 'x-customer') ?? '', resourceId: 'site-of-nobody' }),
      },
      handler: echo,
    },
    {
      method: 'POST',
      path: '/searches',
      entitlement: { feature: 'feature-searches', usage: 1 },
      handler: answerAsAsked,
    },
    {
      method: 'POST',
      path: '/reports-and-searches',
      entitlement: [
        { feature: 'feature-reports', usage: 1 },
        { feature: 'feature-searches', usage: 1 },
      ],
      handler: answerAsAsked,
    },
    {
      method: 'POST',
      path: '/reports-or-credits',
      entitlement: {
        any: [
          { feature: 'feature-reports', usage: 1 },
          { currency: 'credits-ai', usage: 5 },
        ],
      },
      handler: echo,
    },
    {
      method: 'POST',
      path: '/sso-with-reports-or-two',
      entitlement: [
        {
          any: [
            { all: [{ feature: 'feature-reports', usage: amount }, 'feature-sso'] },
            { feature: 'feature-reports', usage: 2 },
          ],
        },
        { all: ['feature-upload'] },
      ],
      handler: echo,
    },
    {
      method: 'POST',
      path: '/sso-or-reports',
      entitlement: { any: ['feature-sso', { feature: 'feature-reports', usage: 1 }] },
      handler: echo,
    },
    { method: 'GET', path: '/sso-or-chat', entitlement: { any: ['feature-sso', 'feature-chat'] }, handler: echo },
    {
      method: 'POST',
      path: '/both',
      entitlement: [{ feature: 'feature-reports', usage: 1 }, 'feature-sso'],
      handler: echo,
    },
  ];
}
