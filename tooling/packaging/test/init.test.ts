import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedFolder, packAll } from '../src/index.js';

const run = promisify(execFile);

/** Applications as somebody has them who has never heard of us. A comment names each place that `init` may speak of. */
const bareApps: Record<string, { dependency: string; sources: Record<string, string> }> = {
  express: {
    dependency: 'express',
    sources: {
      'main.ts': `import express from 'express';
/* With the imports of the file that makes the app */
const app = express();
/* Below \`const app = express()\` */
app.get('/export', /* Between the path and the handler of a route */ (_req, res) => {
  res.send('all of it');
});
const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())));
`,
    },
  },
  fastify: {
    dependency: 'fastify',
    sources: {
      'main.ts': `import Fastify from 'fastify';
/* With the imports of the file that makes the app */
const app = Fastify();
/* Below \`const app = Fastify()\` */
app.get('/export', /* Between the path and the handler of a route */ async () => 'all of it');
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(JSON.stringify(app.server.address()));
`,
    },
  },
  nestjs: {
    dependency: '@nestjs/core',
    sources: {
      'export.controller.ts': `import { Controller, Get } from '@nestjs/common';
/* With the imports of a controller */
@Controller()
export class ExportController {
  @Get('export')
  /* Above a handler of it */
  all() {
    return 'all of it';
  }
}
`,
      'app.module.ts': `import { Module } from '@nestjs/common';
import { ExportController } from './export.controller.js';
/* With the imports of the root module, app.module.ts */
@Module({
  imports: [
    /* In \`imports\` of that module */
  ],
  controllers: [ExportController],
})
export class AppModule {}
`,
      'main.ts': `import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
/* With the imports of main.ts */
async function bootstrap() {
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  /* Before \`app.listen\` in main.ts */
  await app.listen(0, '127.0.0.1');
  console.log(JSON.stringify(app.getHttpServer().address()));
}
void bootstrap();
`,
    },
  },
};

const tsconfig = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    types: ['node'],
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};

let root: string;
/** Each with its end, so that one that ends by itself is not waited for in vain. */
const children: { child: ChildProcess; ended: Promise<unknown> }[] = [];

beforeAll(async () => {
  root = await installedFolder(await packAll());
}, 300_000);

afterAll(async () => {
  for (const { child } of children) child.kill('SIGKILL');
  await Promise.all(children.map(({ ended }) => ended));
  rmSync(root, { recursive: true, force: true });
});

function bareApp(name: string, { dependency, sources }: (typeof bareApps)[string]): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies: { [dependency]: '*' } }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  for (const [file, text] of Object.entries(sources)) writeFileSync(join(folder, 'src', file), text);
  return folder;
}

const init = (folder: string) => run(join(root, 'node_modules/.bin/tollgate'), ['init'], { cwd: folder });

/** The numbered steps as they are printed: where, and the indented lines below. */
function stepsIn(output: string): Map<string, string> {
  const steps = new Map<string, string>();
  for (const [, where = '', lines = ''] of output.matchAll(/^\d+\. (.*):\n\n((?: {4}.*\n)+)/gm)) {
    steps.set(where, lines.replace(/^ {4}/gm, ''));
  }
  return steps;
}

/** Puts every step at its place, and answers those that have none. */
function paste(folder: string, steps: Map<string, string>): string[] {
  const left = new Set(steps.keys());
  for (const file of readdirSync(join(folder, 'src'))) {
    const path = join(folder, 'src', file);
    let text = readFileSync(path, 'utf8');
    for (const [where, lines] of steps) {
      if (!text.includes(`/* ${where} */`)) continue;
      text = text.replace(`/* ${where} */`, () => lines);
      left.delete(where);
    }
    writeFileSync(path, text);
  }
  return [...left];
}

const compile = (folder: string) =>
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false']).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );

async function start(folder: string): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(VITEST|NODE_OPTIONS)/.test(key)));
  const child = spawn(process.execPath, ['dist/main.js'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push({ child, ended: once(child, 'exit') });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) return `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
  }
  throw new Error(`${folder} ended before it listened`);
}

/** The first answer that rests on something known: the engine starts while the first requests are answered 503. */
async function firstAnswer(url: string): Promise<{ status: number; code: string }> {
  const deadline = performance.now() + 60_000;
  for (; ; await delay(100)) {
    // While the database is made the process answers nobody, for so long that it gives up connections that wait.
    const response = await fetch(url, { headers: { 'x-customer': 'acme' } }).catch((error: unknown) => {
      if (performance.now() > deadline) throw error;
    });
    if (!response) continue;
    const text = await response.text();
    const code = response.ok ? text : (JSON.parse(text) as { code: string }).code;
    const isKnown = response.status !== 503 && code !== 'customer-unknown';
    if (isKnown || performance.now() > deadline) return { status: response.status, code };
  }
}

describe.each(Object.entries(bareApps))('a bare application on %s', (name, app) => {
  test('comes to its first 403 by the lines that init prints, and to nothing else', async () => {
    const folder = bareApp(name, app);
    const before = new Map(readdirSync(folder, { recursive: true }).map((file) => [String(file), '']));
    const { stdout } = await init(folder);
    const added = readdirSync(folder, { recursive: true }).filter((file) => !before.has(String(file)));
    expect(added.sort()).toEqual([join('src', 'tollgate.catalog.ts'), join('src', 'tollgate.register.ts')]);
    for (const [file, text] of Object.entries(app.sources)) {
      expect(readFileSync(join(folder, 'src', file), 'utf8')).toBe(text);
    }

    const steps = stepsIn(stdout);
    expect(steps.get('Install')).toBe(`npm install @tollgate/client @tollgate/${name} @tollgate/server\n`);
    expect(paste(folder, steps)).toEqual(['Install']);
    expect(await compile(folder)).toBe('');
    const url = await start(folder);
    expect(await firstAnswer(`${url}/export`)).toEqual({ status: 403, code: 'feature-not-entitled' });

    // The registration that it wrote is in force: an id that is misspelt does not compile.
    const misspelt = new Map(
      [...steps].map(([where, lines]) => [where, lines.replace('feature-export', 'feature-exprot')]),
    );
    for (const [file, text] of Object.entries(app.sources)) writeFileSync(join(folder, 'src', file), text);
    paste(folder, misspelt);
    expect(await compile(folder)).toMatch(
      /^\S+\(\d+,\d+\): error TS\d+: .*"feature-exprot"' is not assignable to .*"feature-export"/,
    );
  }, 120_000);
});

test('the catalog that init writes is valid where the client is installed', async () => {
  const folder = bareApp('checked', bareApps.express ?? expect.fail());
  await init(folder);
  const catalog = join('src', 'tollgate.catalog.ts');
  const checked = await run(join(root, 'node_modules/.bin/tollgate'), ['catalog', 'check', catalog], { cwd: folder });
  expect(checked).toEqual({ stdout: `${catalog} is a valid catalog.\n`, stderr: '' });
});
