import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

/**
 * Tests run on sources, with no build step before them. Each entry of a package's `exports` that points into `dist`
 * gives one exact alias to the source it is built from.
 */
function sourceAliases(): { find: RegExp; replacement: string }[] {
  return ['packages', 'tooling'].flatMap((group) =>
    readdirSync(join(root, group)).flatMap((name) => {
      const folder = join(root, group, name);
      if (!existsSync(join(folder, 'package.json'))) return [];
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return Object.entries<string | { default: string }>(manifest.exports ?? {}).flatMap(([entry, target]) => {
        const built = typeof target === 'string' ? target : target.default;
        if (!built.startsWith('./dist/')) return [];
        const specifier = manifest.name + entry.slice(1);
        const source = built.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
        return [{ find: new RegExp(`^${specifier.replace(/[/.]/g, '\\$&')}$`), replacement: join(folder, source) }];
      });
    }),
  );
}

/** Nest 11 in place of Nest 12, for sources and tests alike. */
function nest11Aliases(): { find: RegExp; replacement: string }[] {
  const manifest = join(root, 'tooling/nest11/package.json');
  return Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).devDependencies).map((name) => ({
    find: new RegExp(`^${name}$`),
    replacement: createRequire(manifest).resolve(name),
  }));
}

const everything = ['packages/*/test/**/*.test.ts', 'tooling/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'];
// What is said once per process can be counted only in a process that has said nothing yet.
const oncePerProcess = ['reference-surface', 'releases/release-4.32.0'].map(
  (name) => `tooling/suites/test/${name}.test.ts`,
);
const nestOnly = ['packages/nestjs/test/**/*.test.ts', 'tooling/suites/test/*nest*.test.ts'];

export default defineConfig({
  // Vite would give our sources another copy of graphql (index.mjs) than Node gives the libraries that use it.
  resolve: { alias: [...sourceAliases(), { find: /^graphql$/, replacement: 'graphql/index.js' }] },
  // Nest's dependency injection reads the constructor types that the decorators leave behind.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    projects: [
      { extends: true, test: { name: 'all', include: everything, exclude: oncePerProcess } },
      { extends: true, test: { name: 'alone', include: oncePerProcess, isolate: true } },
      // The tests of the Nest adapter run a second time, on the other major that it supports.
      { extends: true, resolve: { alias: nest11Aliases() }, test: { name: 'nest 11', include: nestOnly } },
    ],
    globalSetup: ['tooling/services/src/global-setup.ts'],
    // One worker per core: by default one is left idle, and on two cores that is half of them.
    maxWorkers: '100%',
    // Files share a worker's modules, and with them the database in memory that environments are made in: importing
    // everything anew for each file costs more than most files take. A test that changes what is global puts it back.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
