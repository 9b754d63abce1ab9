import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TollgateError } from '@tollgate/contract';
import { Command, Option } from 'commander';
import { firstCatalog, firstRegistration } from '../first-catalog.js';
import { type Framework, frameworks } from '../first-steps.js';
import type { Terminal } from './terminal.js';

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const names = Object.keys(frameworks) as Framework[];

export function initCommand(terminal: Terminal): Command {
  return new Command('init')
    .description('put a first catalog into an Express, Fastify or Nest application, and show what to add to it')
    .addOption(new Option('--framework <name>', 'in place of what package.json says').choices(names))
    .action((options: { framework?: Framework }) => init(options.framework, terminal));
}

async function init(asked: Framework | undefined, terminal: Terminal): Promise<void> {
  const manifest = await readManifest();
  const installed = { ...manifest.dependencies, ...manifest.devDependencies };
  const framework = asked ?? names.find((name) => frameworks[name].dependency in installed);
  if (!framework) {
    const wanted = names.map((name) => frameworks[name].dependency).join(', ');
    throw refused('CONFIGURATION', 'package.json', `names none of ${wanted}: --framework says which it is`);
  }
  if (!existsSync('tsconfig.json') && !('typescript' in installed)) {
    throw refused('CONFIGURATION', 'tsconfig.json', 'is not here: what init writes is TypeScript');
  }
  const folder = existsSync('src') ? 'src' : '.';
  const catalog = join(folder, 'tollgate.catalog.ts');
  const registration = join(folder, 'tollgate.register.ts');
  // Both or neither: half of it would be in the way of the next attempt.
  for (const path of [catalog, registration]) {
    if (existsSync(path)) throw refused('CONFLICT', path, 'is there already, and nothing was written');
  }
  await writeFile(catalog, firstCatalog, { flag: 'wx' });
  await writeFile(registration, firstRegistration, { flag: 'wx' });

  terminal.say(`Wrote ${catalog}, what you sell.`);
  terminal.say(`Wrote ${registration}, by which the compiler knows its ids.`);
  terminal.say(`\nThis is an application on ${frameworks[framework].dependency}. The rest is yours:`);
  const packages = ['@tollgate/client', `@tollgate/${framework}`, '@tollgate/server'].filter(
    (name) => !(name in installed),
  );
  const install = { where: 'Install', lines: [`npm install ${packages.join(' ')}`] };
  const steps = [...(packages.length > 0 ? [install] : []), ...frameworks[framework].steps];
  for (const [index, { where, lines }] of steps.entries()) {
    terminal.say(`\n${index + 1}. ${where}:\n`);
    for (const line of lines) terminal.say(`    ${line}`);
  }
  terminal.say(
    '\nA request to that route with the header `x-customer: acme` is then answered 403: `feature-export` is',
  );
  terminal.say('not in the plan "plan-free".');
}

async function readManifest(): Promise<Manifest> {
  try {
    return JSON.parse(await readFile('package.json', 'utf8')) as Manifest;
  } catch (cause) {
    const rule = existsSync('package.json') ? 'is not JSON' : "is not here: run this in the application's folder";
    throw refused('CONFIGURATION', 'package.json', rule, cause);
  }
}

function refused(code: 'CONFIGURATION' | 'CONFLICT', path: string, rule: string, cause?: unknown): TollgateError {
  return new TollgateError(code, `${path} ${rule}`, { field: path, cause });
}
