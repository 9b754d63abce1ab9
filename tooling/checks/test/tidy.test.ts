import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  brokenLinks,
  deepFolders,
  emptyNames,
  type Finding,
  hiddenInputs,
  importCycles,
  looseVersions,
  machinePaths,
  misnumberedDecisions,
  missingReadmes,
  overlongFiles,
  readTree,
  reExports,
  type SourceFile,
  silencedTests,
  type Tree,
  unfinished,
  unloadableByRequire,
  wrongArrows,
  wrongEngineOrder,
} from '../src/index.js';

const repository = readTree(join(import.meta.dirname, '../../..'));

const file = (path: string, text = ''): SourceFile => ({ path, text });
const lines = (count: number) => 'export {};\n'.repeat(count);
/** Words that this file itself must not contain are put together where they are planted. */
const joined = (...parts: string[]) => parts.join('');

interface Rule {
  readonly rule: string;
  readonly check: (tree: Tree) => Finding[];
  /** Each list breaks the rule once. */
  readonly broken: readonly Tree[];
  /** Looks like a breach and is none. */
  readonly fine: Tree;
}

const RULES: readonly Rule[] = [
  {
    rule: 'packages import each other only along the arrows',
    check: wrongArrows,
    broken: [
      [file('packages/contract/src/a.ts', "import { x } from '@tollgate/client';")],
      [file('packages/client/src/a.ts', "export { x } from '@tollgate/server/embedded';")],
      [file('packages/engine/src/a.ts', "const x = await import('@tollgate/server');")],
      [file('packages/express/src/a.ts', "const x = require('@tollgate/redis');")],
      [file('packages/redis/src/a.ts', "import type { X } from '@tollgate/client';")],
      [file('packages/fastify/test/a.test.ts', "import { startStack } from '@tollgate/testing';")],
      [file('packages/nestjs/src/a.ts', "import '@tollgate/suites';")],
      [file('packages/server/src/serve.ts', "import { redisCache } from '@tollgate/redis';")],
      [file('packages/client/src/a.ts', "import { x } from '../../engine/src/index.js';")],
      [file('packages/client/package.json', '{"devDependencies": {"@tollgate/server": "workspace:^"}}')],
      [file('packages/client/package.json', '{"peerDependencies": {"@tollgate/engine": "workspace:^"}}')],
      [file('packages/unheard-of/src/a.ts', "import '@tollgate/contract';")],
      [file('examples/express/src/a.ts', "import '@tollgate/services';")],
    ],
    fine: [
      file('packages/server/src/cache-sync.ts', "import { redisCache } from '@tollgate/redis';"),
      file('packages/testing/src/a.ts', "import { x } from '@tollgate/server/embedded';"),
      file('packages/express/src/a.ts', "import { gate } from '@tollgate/client/gate';"),
      file('packages/engine/src/a.ts', "// import '@tollgate/server';\nconst text = `import '@tollgate/server'`;"),
      file(
        'packages/client/src/a.ts',
        "const text = \"import x from '@tollgate/server'\"; const r = /from '@tollgate\\/server'/;",
      ),
      file('packages/contract/src/a.ts', "export * from './generated/operations.js';"),
      file('packages/contract/src/generated/operations.ts'),
      file('tooling/suites/src/a.ts', "import '@tollgate/server';"),
      file('packages/server/package.json', '{"dependencies": {"@tollgate/redis": "workspace:^"}}'),
    ],
  },
  {
    rule: 'folders of the engine import each other only in their order',
    check: wrongEngineOrder,
    broken: [
      [file('packages/engine/src/catalog/a.ts', "import '../usage/b.js';")],
      [file('packages/engine/src/usage/a.ts', "import '../credit/b.js';")],
      [file('packages/engine/src/credit/a.ts', "import '../entitlement/b.js';")],
      [file('packages/engine/src/customer/a.ts', "import '../pricing/b.js';")],
      [file('packages/engine/src/entitlement/a.ts', "import '../storage/b.js';")],
      [file('packages/engine/src/subscription/a.ts', "import type { X } from '../engine.js';")],
      [file('packages/engine/src/storage/a.ts', "import '../catalog/b.js';")],
      [file('packages/engine/src/misc/a.ts')],
    ],
    fine: [
      file('packages/engine/src/engine.ts', "import './storage/a.js';\nimport './usage/a.js';\nimport './clock.js';"),
      file(
        'packages/engine/src/entitlement/a.ts',
        "import '../usage/b.js';\nimport '../catalog/c.js';\nimport './d.js';",
      ),
      file('packages/engine/src/storage/a.ts', "import './migrations.generated.js';"),
    ],
  },
  {
    rule: 'no file imports itself through others',
    check: importCycles,
    broken: [
      [file('packages/a/src/a.ts', "import './b.js';"), file('packages/a/src/b.ts', "import './a.js';")],
      [
        file('packages/a/src/a.ts', "export * from './b.js';"),
        file('packages/a/src/b.ts', "import type { C } from './c.js';"),
        file('packages/a/src/c.ts', "const a = import('./a.js');"),
      ],
    ],
    fine: [
      file('packages/a/src/a.ts', "import './b.js';\nimport './c.js';"),
      file('packages/a/src/b.ts', "import './c.js';"),
      file('packages/a/src/c.ts'),
    ],
  },
  {
    rule: 'no name says nothing',
    check: emptyNames,
    broken: [
      [file('packages/client/src/utils.ts')],
      [file('packages/common/src/index.ts')],
      [file('tooling/shared/index.ts')],
      [file('packages/client/src/lib/x.ts')],
    ],
    fine: [file('packages/client/src/library.ts')],
  },
  {
    rule: 'every package and example has a README',
    check: missingReadmes,
    broken: [
      [file('packages/client/package.json')],
      [file('examples/nestjs/package.json'), file('examples/README.md')],
    ],
    fine: [file('packages/client/package.json'), file('packages/client/README.md')],
  },
  {
    rule: 'library code takes time, chance and a logger as parameters',
    check: hiddenInputs,
    broken: [
      [file('packages/client/src/a.ts', 'const now = Date.now();')],
      [file('packages/client/src/a.ts', 'const now = new Date();')],
      [file('packages/client/src/a.ts', 'const now = new Date;')],
      [file('packages/client/src/a.ts', 'const clock = Date.now;')],
      [file('packages/client/src/a.ts', 'const x = Math.random();')],
      [file('packages/client/src/a.ts', "console.log('x');")],
    ],
    fine: [
      file('packages/client/src/clock.ts', 'export const wallClock = () => Date.now();'),
      file(
        'packages/client/src/a.ts',
        '// Date.now() is wrong here.\nconst when = new Date(1000); const s = "Math.random()";',
      ),
      file('packages/client/test/a.test.ts', 'const now = Date.now();'),
      file('tooling/tour/src/a.ts', "console.log('x');"),
    ],
  },
  {
    rule: 'published code can be loaded by require',
    check: unloadableByRequire,
    broken: [
      [file('packages/client/src/a.ts', 'const url = import.meta.url;')],
      [file('packages/client/src/a.ts', "const x = await import('node:fs');")],
      [file('packages/client/src/a.ts', 'for await (const x of y) { z(x); }')],
    ],
    fine: [
      file(
        'packages/client/src/a.ts',
        'export async function f() { await g(); }\nexport const h = async () => await g();',
      ),
      file('tooling/tour/src/a.ts', 'await import.meta.resolve("x");'),
    ],
  },
  {
    rule: 'no file names a path of one machine',
    check: machinePaths,
    broken: [
      [file('README.md', joined('see /ro', 'ot/project'))],
      [file('packages/client/src/a.ts', joined("const x = '/ho", "me/me/x';"))],
      [file('docs/a.md', joined('/Us', 'ers/me/x'))],
      [file('docs/a.md', joined('cd /wo', 'rk/main'))],
    ],
    fine: [file('docs/a.md', 'https://example.com/home/me/x and /tmp/x and packages/client/work/x')],
  },
  {
    rule: 'no test is silenced',
    check: silencedTests,
    broken: ['skip', 'only', 'todo', 'concurrent.skip'].map((word) => [
      file('packages/client/test/a.test.ts', `test.${word}('x', () => {});`),
    ]),
    fine: [file('packages/client/test/a.test.ts', "test('x', () => { stream.skip(1); /* test.skip */ });")],
  },
  {
    rule: 'no work is put off and no check switched off',
    check: unfinished,
    broken: [
      [file('packages/client/src/a.ts', joined('// TO', 'DO later'))],
      [file('docs/a.md', joined('FIX', 'ME'))],
      [file('packages/client/src/a.ts', joined('// @ts-', 'ignore'))],
    ],
    fine: [file('packages/client/src/a.ts', '// What is left to do is said elsewhere.')],
  },
  {
    rule: 'no file is longer than one idea',
    check: overlongFiles,
    broken: [[file('packages/client/src/a.ts', lines(401))], [file('packages/client/src/index.ts', lines(41))]],
    fine: [
      file('packages/client/src/a.ts', lines(400)),
      file('packages/client/src/index.ts', lines(40)),
      file('packages/contract/src/generated/operations.ts', lines(5000)),
    ],
  },
  {
    rule: 'no package passes on another package',
    check: reExports,
    broken: [
      [file('packages/client/src/index.ts', "export * from '@tollgate/contract';")],
      [file('packages/client/src/index.ts', "import { x } from '@tollgate/contract';\nexport { x };")],
    ],
    fine: [file('packages/client/src/index.ts', "export { x } from './x.js';")],
  },
  {
    rule: 'sources lie flat',
    check: deepFolders,
    broken: [[file('packages/engine/src/usage/window/a.ts')]],
    fine: [file('packages/engine/src/usage/a.ts'), file('packages/engine/src/storage/migrations/0001_first.sql')],
  },
  {
    rule: 'every decision note has a number of its own',
    check: misnumberedDecisions,
    broken: [
      [file('docs/decisions/toolchain.md', '# Toolchain')],
      [file('docs/decisions/0001-a.md', '# 0001 A'), file('docs/decisions/0001-b.md', '# 0001 B')],
      [file('docs/decisions/0001-a.md', '# 0002 A')],
    ],
    fine: [file('docs/decisions/0002-b.md', '# 0002 B'), file('docs/decisions/0001-a.md', '# 0001 A')],
  },
  {
    rule: 'links in documents lead somewhere',
    check: brokenLinks,
    broken: [
      [file('README.md', '[a](docs/a.md)')],
      [file('docs/a.md', '[b](../README.md#missing)'), file('README.md', '# Start')],
      [file('docs/a.md', '[b](#nowhere)')],
    ],
    fine: [
      file('README.md', '# Start here, please\n[a](docs/a.md) [b](docs) [c](https://example.com/x) `[d](missing.md)`'),
      file('docs/a.md', '[r](../README.md#start-here-please)\n```\n[x](missing.md)\n```'),
    ],
  },
  {
    rule: 'dependencies name one exact version',
    check: looseVersions,
    broken: [
      [file('packages/client/package.json', '{"dependencies": {"ws": "^8.0.0"}}')],
      [file('package.json', '{"devDependencies": {"ws": "latest"}}')],
    ],
    fine: [
      file(
        'packages/client/package.json',
        '{"dependencies": {"ws": "catalog:", "x": "1.2.3", "y": "npm:z@4.0.0"}, "peerDependencies": {"ws": "^8.0.0"}}',
      ),
    ],
  },
];

describe.each(RULES)('$rule', ({ check, broken, fine }) => {
  test('in this repository', () => {
    expect(check(repository)).toEqual([]);
  });

  test('and a breach is found', () => {
    const found = broken.map((tree) => check(tree).length > 0);
    expect(found).toEqual(broken.map(() => true));
  });

  test('and what only looks like one is not', () => {
    expect(check(fine)).toEqual([]);
  });
});
