import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { testEnvironment } from '@tollgate/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installedFolder, packAll, repositoryRoot } from '../src/index.js';

const run = promisify(execFile);

const nest11 = JSON.parse(readFileSync(join(repositoryRoot, 'tooling/nest11/package.json'), 'utf8')).devDependencies;
const ofNest = ['common', 'core', 'platform-express', 'swagger', 'terminus', 'testing'].map(
  (name) => `@nestjs/${name}`,
);
const needed = {
  ...Object.fromEntries(ofNest.map((name) => [name, nest11[name]])),
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  '@types/express': '5.0.6',
  '@types/jest': '30.0.0',
  '@types/node': '20.19.43',
  jest: '30.5.2',
  'ts-jest': '29.4.15',
  // The compiler of `nest new`, which ts-jest uses as a library.
  typescript: '5.9.3',
};

/** As `nest new` of Nest 11 writes them. */
const stockJest = {
  moduleFileExtensions: ['js', 'json', 'ts'],
  rootDir: 'src',
  testRegex: '.*\\.spec\\.ts$',
  transform: { '^.+\\.(t|j)s$': 'ts-jest' },
  collectCoverageFrom: ['**/*.(t|j)s'],
  coverageDirectory: '../coverage',
  testEnvironment: 'node',
};
const stockTsconfig = {
  compilerOptions: {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    resolvePackageJsonExports: true,
    esModuleInterop: true,
    isolatedModules: true,
    declaration: true,
    removeComments: true,
    emitDecoratorMetadata: true,
    experimentalDecorators: true,
    allowSyntheticDefaultImports: true,
    target: 'ES2023',
    sourceMap: true,
    outDir: './dist',
    baseUrl: './',
    incremental: true,
    skipLibCheck: true,
    strictNullChecks: true,
    forceConsistentCasingInFileNames: true,
    noImplicitAny: true,
    strictBindCallApply: true,
    noFallthroughCasesInSwitch: true,
  },
};

const catalog = {
  products: { 'product-app': { displayName: 'App' } },
  features: {
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: { 'feature-reports': { usageLimit: 1, resetPeriod: 'MONTH' } },
    },
  },
} as const;

const sources = {
  'catalog.ts': `export const catalog = ${JSON.stringify(catalog)} as const;\n`,
  'app.module.ts': `import { Controller, Get, Module, Post } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Admission, RequireEntitlement, TollgateModule } from '@tollgate/nestjs';
import { TollgateHealthIndicator } from '@tollgate/nestjs/terminus';

@Controller('reports')
export class ReportsController {
  @Post()
  @RequireEntitlement('feature-reports', { usage: 1 })
  create(@Admission() admission: Admission) {
    return { reportFor: admission.customerId };
  }
}

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly tollgate: TollgateHealthIndicator,
  ) {}

  @Get()
  check() {
    return this.health.check([() => this.tollgate.isHealthy('tollgate')]);
  }
}

@Module({
  imports: [
    TerminusModule,
    TollgateModule.forRoot({
      client: { apiKey: process.env.TOLLGATE_API_KEY, baseUri: process.env.TOLLGATE_URL },
      customer: (context) => context.switchToHttp().getRequest().headers['x-account'],
    }),
  ],
  controllers: [ReportsController, HealthController],
  providers: [TollgateHealthIndicator],
})
export class AppModule {}
`,
  'main.ts': `import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { createDocument } from '@tollgate/nestjs/swagger';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  app.enableShutdownHooks();
  SwaggerModule.setup('docs', app, () => createDocument(app, new DocumentBuilder().build()));
  await app.listen(0, '127.0.0.1');
  console.log(app.getHttpServer().address().port);
}
bootstrap();
`,
  'app.spec.ts': `import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TollgateTestingModule } from '@tollgate/nestjs/testing';
import { type TestEnvironment, testEnvironment } from '@tollgate/testing';
import { AppModule } from './app.module';
import { catalog } from './catalog';

describe('reports', () => {
  let environment: TestEnvironment;
  let app: INestApplication;

  beforeAll(async () => {
    environment = await testEnvironment({ catalog, now: '2026-01-15T12:00:00Z' });
    const client = environment.client();
    await client.provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-free' } });
    const imports = [AppModule, TollgateTestingModule.forRoot({ client })];
    app = (await Test.createTestingModule({ imports }).compile()).createNestApplication();
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app.close();
    await environment.close();
  });

  it('denies the second one of the month', async () => {
    const url = \`http://127.0.0.1:\${app.getHttpServer().address().port}/reports\`;
    const create = () => fetch(url, { method: 'POST', headers: { 'x-account': 'acme' } });
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(429);
    expect(await environment.usage('acme', 'feature-reports')).toBe(1);
  });
});
`,
};

/** The lines that the README of the adapter gives for Jest. */
function linesOfReadme(): object {
  const readme = readFileSync(join(repositoryRoot, 'packages/nestjs/README.md'), 'utf8');
  const [, json] = /## CommonJS, and Jest[\s\S]*?```json\n([\s\S]*?)```/.exec(readme) ?? expect.fail('no lines');
  return JSON.parse(json as string);
}

let folder: string;
beforeAll(async () => {
  folder = await installedFolder(await packAll(), needed);
  mkdirSync(join(folder, 'src'));
  const manifest = { name: 'app', private: true, jest: { ...stockJest, ...linesOfReadme() } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(stockTsconfig));
  for (const [file, source] of Object.entries(sources)) writeFileSync(join(folder, 'src', file), source);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without what this test's own runner has set. */
const clean = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_OPTIONS|NODE_ENV|JEST|TOLLGATE_TEST_ENGINE)/.test(name),
  ),
);
const inFolder = (program: string, args: string[] = []) =>
  run(process.execPath, [join(folder, 'node_modules', program), ...args], { cwd: folder, env: clean });

test('a CommonJS application on Nest 11 compiles, serves a protected route, and sends its usage when it is stopped [nest.10]', async () => {
  expect((await inFolder('typescript/bin/tsc')).stdout).toBe('');
  const environment = await testEnvironment({ catalog, transport: 'http' });
  const client = environment.client();
  await client.provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-free' } });
  const env = { ...clean, TOLLGATE_API_KEY: environment.apiKey, TOLLGATE_URL: environment.url };
  const child = spawn(process.execPath, ['dist/main'], { cwd: folder, env, stdio: 'pipe' });
  try {
    const errors = text(child.stderr);
    const ended = once(child, 'exit');
    const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const create = () =>
      fetch(`http://127.0.0.1:${port}/reports`, { method: 'POST', headers: { 'x-account': 'acme' } });
    const first = await create();
    expect([first.status, await first.json()]).toEqual([201, { reportFor: 'acme' }]);
    expect((await create()).status).toBe(429);
    const read = async (path: string) => (await fetch(`http://127.0.0.1:${port}/${path}`)).json();
    expect(await read('health')).toMatchObject({ details: { tollgate: { status: 'up', state: 'fresh' } } });
    expect(await read('docs-json')).toMatchObject({
      paths: { '/reports': { post: { 'x-entitlements': ['feature-reports'], responses: { 429: {} } } } },
    });
    child.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(await environment.usage('acme', 'feature-reports')).toBe(1);
    // `require` of an ES module would warn here, if it were not allowed to.
    expect(await errors).toBe('');
  } finally {
    child.kill('SIGKILL');
    await environment.close();
  }
}, 60_000);

test('its Jest test, with a client of its own, passes with the stock configuration and the lines of the README [nest.11]', async () => {
  const { stderr } = await inFolder('jest/bin/jest.js');
  expect(stderr).toMatch(/^Tests: +1 passed, 1 total$/m);
}, 120_000);
