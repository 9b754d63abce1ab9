import 'reflect-metadata';
import { Controller, type DynamicModule, Get, Header, Post, type Type } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOperation, DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { expect, it } from 'vitest';
import { RequireCredits, RequireEntitlement, SkipEntitlement, TollgateModule } from '../src/index.js';
import { createDocument } from '../src/swagger.js';
import { platforms, startApp } from './nest-app.js';
import { offlineClient, offlineOptions } from './offline-client.js';

@Controller('reports')
@RequireEntitlement('feature-calls', { usage: 1 })
class Reports {
  @Post()
  @RequireEntitlement('feature-reports', { usage: 1 })
  create() {
    return {};
  }

  @Get('formats')
  @SkipEntitlement()
  formats() {
    return [];
  }
}

@Controller()
class Others {
  @Get('export')
  @ApiOperation({ operationId: 'another-id' })
  @ApiForbiddenResponse({ description: 'In the words of the application' })
  @RequireEntitlement('feature-export', { values: 'pdf' })
  @Header('cache-control', 'private')
  export() {
    return {};
  }

  @Get('chat')
  @RequireCredits('credits-ai', { instance: 'eu' })
  chat() {
    return {};
  }

  @Get('open')
  open() {
    return {};
  }
}

const main = TollgateModule.forRoot({ client: offlineOptions, customer: () => 'acme' });
const eu = TollgateModule.forRoot({
  client: offlineOptions,
  customer: () => 'acme',
  name: 'eu',
  hideNotEntitled: true,
  missingCustomerStatus: 500,
  onUnavailable: 'allow',
});

async function documentOf(controllers: Type[], imports: DynamicModule[], openapi: '3.0.0' | '3.1.0' = '3.0.0') {
  const { app } = await startApp({ imports, controllers }, platforms[0]);
  try {
    return createDocument(app, new DocumentBuilder().setOpenAPIVersion(openapi).build());
  } finally {
    await app.close();
  }
}

interface Operation {
  responses: Record<string, { description: string; content?: Record<string, { schema: { $ref: string } }> }>;
  [extension: `x-${string}`]: unknown;
}

const operationOf = (document: OpenAPIObject, method: 'get' | 'post', path: string): Operation =>
  (document.paths[path]?.[method] ?? expect.fail(`${method} ${path} is not in the document`)) as never;

const wordsOf = ({ responses }: Operation) =>
  Object.fromEntries(Object.entries(responses).map(([status, { description }]) => [status, description]));

it('tells Swagger of the problems that a handler and its controller may refuse with [nest.8]', async () => {
  const document = await documentOf([Reports, Others], [main, eu]);
  const create = operationOf(document, 'post', '/reports');
  expect(create['x-entitlements']).toEqual(['feature-calls', 'feature-reports']);
  expect(wordsOf(create)).toEqual({
    201: '',
    401: '`customer-missing`',
    402: '`subscription-inactive`, `credits-exhausted`, `budget-exceeded`',
    403: '`customer-unknown`, `feature-not-entitled`, `limit-reached`',
    429: '`quota-exceeded`',
    503: '`state-unavailable`',
  });
  const schema = create.responses[402]?.content?.['application/problem+json']?.schema;
  expect(schema).toEqual({ $ref: '#/components/schemas/EntitlementProblem' });
  expect(document.components?.schemas?.EntitlementProblem).toMatchObject({
    required: ['type', 'title', 'status'],
    properties: { code: { type: 'string' }, resetAt: { type: 'string', nullable: true } },
  });
});

it('leaves the words of an operation, what is skipped, and what requires nothing [nest.8]', async () => {
  const document = await documentOf([Reports, Others], [main, eu]);
  const exported = operationOf(document, 'get', '/export');
  expect(wordsOf(exported)).toEqual({
    401: '`customer-missing`',
    402: '`subscription-inactive`',
    403: 'In the words of the application',
    503: '`state-unavailable`',
  });
  expect(Object.keys(exported.responses[403]?.content ?? {})).toContain('application/problem+json');
  for (const path of ['/reports/formats', '/open']) {
    const operation = operationOf(document, 'get', path);
    expect(operation['x-entitlements']).toBeUndefined();
    expect(wordsOf(operation)).toEqual({ 200: '' });
  }
});

it('follows the options of the instance that decides [nest.8]', async () => {
  const document = await documentOf([Others], [main, eu]);
  expect(wordsOf(operationOf(document, 'get', '/chat'))).toEqual({
    200: '',
    402: '`subscription-inactive`, `credits-exhausted`, `budget-exceeded`',
    403: '`customer-unknown`',
    404: 'Not Found',
    500: '`customer-missing`',
  });
  // What only watches refuses nothing.
  const watching = TollgateModule.forRoot({ client: offlineOptions, customer: () => 'acme', name: 'eu', shadow: true });
  const watched = operationOf(await documentOf([Others], [main, watching]), 'get', '/chat');
  expect([watched['x-entitlements'], wordsOf(watched)]).toEqual([['credits-ai'], { 200: '' }]);
  // The same handlers in another application: nothing is left of the first one's options.
  const client = offlineClient();
  const plain = TollgateModule.forRoot({ client, customer: () => 'acme', name: 'eu' });
  const other = await documentOf([Others], [main, plain], '3.1.0');
  expect(wordsOf(operationOf(other, 'get', '/chat'))[403]).toBe('`customer-unknown`, `feature-not-entitled`');
  expect(other.components?.schemas?.EntitlementProblem).toMatchObject({
    properties: { resetAt: { type: ['string', 'null'] } },
  });
  await client.close();
});
