export type Framework = 'nestjs' | 'fastify' | 'express';

/** Something to do by hand: where, and the lines to put there. */
export interface Step {
  where: string;
  lines: readonly string[];
}

/** By which dependency an application is told to use which framework; Nest brings one of the others along. */
export const frameworks: Readonly<Record<Framework, { dependency: string; steps: readonly Step[] }>> = {
  nestjs: {
    dependency: '@nestjs/core',
    steps: [
      {
        where: 'With the imports of the root module, app.module.ts',
        lines: [
          "import { TollgateModule } from '@tollgate/nestjs';",
          "import { embedded } from '@tollgate/server/embedded';",
          "import catalog from './tollgate.catalog.js';",
        ],
      },
      {
        where: 'In `imports` of that module',
        lines: [
          'TollgateModule.forRoot({',
          "  // An engine in this process. With a server: `client: { apiKey: '…', baseUri: '…' }`.",
          "  client: { transport: embedded({ database: 'memory', catalog }) },",
          '  // The account that pays: from your session or token.',
          "  customer: (context) => context.switchToHttp().getRequest().headers['x-customer'],",
          '}),',
        ],
      },
      { where: 'With the imports of main.ts', lines: ["import { Tollgate } from '@tollgate/client';"] },
      {
        where: 'Before `app.listen` in main.ts',
        lines: [
          'app.enableShutdownHooks();',
          '// Where a customer signs up:',
          "await app.get(Tollgate).provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-free' } });",
        ],
      },
      {
        where: 'With the imports of a controller',
        lines: ["import { RequireEntitlement } from '@tollgate/nestjs';"],
      },
      { where: 'Above a handler of it', lines: ["@RequireEntitlement('feature-export')"] },
    ],
  },
  fastify: {
    dependency: 'fastify',
    steps: [
      {
        where: 'With the imports of the file that makes the app',
        lines: [
          "import { tollgatePlugin } from '@tollgate/fastify';",
          "import { embedded } from '@tollgate/server/embedded';",
          "import catalog from './tollgate.catalog.js';",
        ],
      },
      {
        where: 'Below `const app = Fastify()`',
        lines: [
          'app.register(tollgatePlugin, {',
          "  // An engine in this process. With a server: `client: { apiKey: '…', baseUri: '…' }`.",
          "  client: { transport: embedded({ database: 'memory', catalog }) },",
          '  // The account that pays: from your session or token.',
          "  customer: (request) => request.headers['x-customer']?.toString(),",
          '});',
          '// Where a customer signs up:',
          "app.addHook('onReady', async () => {",
          "  await app.tollgate.client.provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-free' } });",
          '});',
        ],
      },
      {
        where: 'Between the path and the handler of a route',
        lines: ["{ config: { entitlement: 'feature-export' } },"],
      },
    ],
  },
  express: {
    dependency: 'express',
    steps: [
      {
        where: 'With the imports of the file that makes the app',
        lines: [
          "import { Tollgate } from '@tollgate/client';",
          "import { requireEntitlement, tollgate } from '@tollgate/express';",
          "import { embedded } from '@tollgate/server/embedded';",
          "import catalog from './tollgate.catalog.js';",
        ],
      },
      {
        where: 'Below `const app = express()`',
        lines: [
          "// An engine in this process. With a server: `Tollgate.initialize({ apiKey: '…', baseUri: '…' })`.",
          "const client = Tollgate.initialize({ transport: embedded({ database: 'memory', catalog }) });",
          '// Where a customer signs up:',
          "client.provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-free' } }).catch(console.error);",
          '// The account that pays: from your session or token.',
          "app.use(tollgate({ client, customer: (req) => req.get('x-customer') }));",
        ],
      },
      {
        where: 'Between the path and the handler of a route',
        lines: ["requireEntitlement('feature-export'),"],
      },
    ],
  },
};
