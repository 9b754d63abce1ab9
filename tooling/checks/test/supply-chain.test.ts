import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Incident,
  knownBadPackages,
  lockedPackages,
  unexplainedDependencies,
  unpinnedPackages,
} from '../src/index.js';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const incidents: Incident[] = JSON.parse(read('tooling/checks/known-bad.json'));

const lockfileWith = (...packages: string[]) =>
  [
    "lockfileVersion: '9.0'",
    'importers:',
    '  .:',
    '    devDependencies:',
    'packages:\n',
    ...packages.map(
      (name) => `  ${name.startsWith('@') ? `'${name}'` : name}:\n    resolution: {integrity: sha512-x==}\n`,
    ),
    'snapshots:\n',
    "  'never-read@1.0.0(peer@2.0.0)': {}",
    '',
  ].join('\n');

describe('the lockfile', () => {
  test('3.89.1 accepts the lockfile of this repository: no package in it is known to be bad', () => {
    expect(knownBadPackages(read('pnpm-lock.yaml'), incidents)).toEqual([]);
  });

  test('3.89.1 accepts only a lockfile that pins every package by a hash of its content', () => {
    expect(unpinnedPackages(read('pnpm-lock.yaml'))).toEqual([]);
  });

  test('is read whole: what is surely installed is found in it', () => {
    const locked = lockedPackages(read('pnpm-lock.yaml'));
    expect(locked).toContain('typescript@7.0.2');
    expect(locked).toContain('@electric-sql/pglite@0.5.16');
    expect(locked).toContain('express@4.22.3');
    expect(locked.length).toBeGreaterThan(400);
  });

  test('3.89.1 rejects a lockfile with a compromised debug, chalk, scoped or later package in it', () => {
    const planted = ['debug@4.4.2', 'chalk@5.6.1', '@duckdb/node-api@1.3.3', '@ctrl/tinycolor@4.1.2', 'keyv@6.0.0'];
    const found = knownBadPackages(lockfileWith('debug@4.4.3', ...planted), incidents);
    expect(found.map(({ problem }) => problem.split(' ')[0])).toEqual(planted);
  });

  test('3.89.1 rejects a compromised package planted into the real lockfile', () => {
    const lockfile = read('pnpm-lock.yaml').replace(
      '\npackages:\n',
      '\npackages:\n\n  chalk@5.6.1:\n    engines: {}\n',
    );
    expect(knownBadPackages(lockfile, incidents)).toHaveLength(1);
    expect(unpinnedPackages(lockfile)).toHaveLength(1);
  });

  test('may hold other versions of the same packages', () => {
    expect(knownBadPackages(lockfileWith('debug@4.4.3', 'chalk@5.6.2', 'chalk@4.1.2'), incidents)).toEqual([]);
  });
});

describe('the list of known-bad packages', () => {
  test('names the whole set of 8 September 2025', () => {
    const september = incidents.find(({ incident }) => incident.includes('8 September 2025'));
    const names = Object.keys(september?.versions ?? {});
    expect(names).toEqual(
      expect.arrayContaining(['debug', 'chalk', 'ansi-styles', 'strip-ansi', 'color-convert', 'error-ex']),
    );
    expect(names).toHaveLength(28);
  });

  test('gives a source and exact versions for each incident', () => {
    for (const { source, versions } of incidents) {
      expect(source).toMatch(/^(https:\/\/|CVE-)/);
      for (const list of Object.values(versions))
        for (const version of list) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});

describe('every dependency', () => {
  test('has its reason written down', () => {
    const note = read('docs/decisions/0002-dependencies.md');
    expect(unexplainedDependencies(read('pnpm-workspace.yaml'), note)).toEqual([]);
  });

  test('without a reason is found', () => {
    const catalog = "packages:\n  - a\ncatalog:\n  '@scope/new': 1.0.0\n  known: 1.0.0\n\nother: 1\n";
    expect(unexplainedDependencies(catalog, '- `known`: because').map(({ problem }) => problem)).toEqual([
      'no reason is written down for @scope/new',
    ]);
  });
});
