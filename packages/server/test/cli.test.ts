import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ProvisionCustomerDocument,
  ReportUsageDocument,
  SetClockDocument,
  SnapshotsDocument,
} from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { catalog } from './catalog.js';
import { finished, type Run, tollgate } from './command.js';
import { dropSchema } from './server-fixture.js';

let folder: string;
const running: Run[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-cli-'));
});
afterAll(async () => {
  for (const run of running) if (run.child.exitCode === null) run.child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

const start = (args: string[], env?: Record<string, string>): Run => {
  const run = tollgate(args, { cwd: folder, env });
  running.push(run);
  return run;
};

async function post(url: string, apiKey: string, operation: object, variables: unknown) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ query: String(operation), variables }),
  });
  return (await response.json()) as { data: Record<string, unknown> | null; errors?: unknown[] };
}

describe('tollgate', () => {
  test('shows what there is, and its version', async () => {
    const help = await finished(['--help']);
    expect(help.code).toBe(0);
    for (const name of ['dev', 'serve', 'migrate', 'keys', 'catalog', 'events']) expect(help.out).toContain(name);
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      version: string;
    };
    expect(await finished(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  test.each([
    [['fly'], "unknown command 'fly'"],
    [['dev', '--port', 'many'], 'A port is a whole number'],
    [['dev', '--test-clock', 'yesterday'], 'An instant looks like'],
    [['serve'], "required option '--database <url>' not specified"],
    [['catalog', 'check'], "missing required argument 'file'"],
    [['keys', 'create', '--database', 'postgres://x/y', '--kind', 'admin'], 'Allowed choices are server, client'],
  ])('%j is a usage error: exit code 2, and what is wrong', async (args, message) => {
    const { code, out, err } = await finished(args, { cwd: folder });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});

describe('tollgate catalog check', () => {
  test.each([
    ['good.json', JSON.stringify(catalog)],
    ['good.js', `module.exports = ${JSON.stringify(catalog)};`],
    ['good.mjs', `export default ${JSON.stringify(catalog)};`],
    ['good.ts', `const catalog: object = ${JSON.stringify(catalog)};\nexport default catalog;`],
  ])('accepts %s without a server', async (name, text) => {
    expect(await finished(['catalog', 'check', await file(name, text)], { cwd: folder })).toEqual({
      code: 0,
      out: `${name} is a valid catalog.\n`,
      err: '',
    });
  });

  test('names file, line, field and rule of everything that is wrong with a JSON file', async () => {
    const name = await file(
      'bad.json',
      [
        '{',
        '  "products": {},',
        '  "features": {',
        '    "feature-x": {',
        '      "displayName": "X",',
        '      "featureType": "BOOL"',
        '    }',
        '  },',
        '  "plans": {},',
        '  "prices": {}',
        '}',
      ].join('\n'),
    );
    const { code, out, err } = await finished(['catalog', 'check', name], { cwd: folder });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^bad\.json:6: features\.feature-x\.featureType must be one of /m);
    expect(err).toMatch(/^bad\.json:10: prices is not a known field$/m);
    expect(err).toContain('2 rules are broken');
  });

  test('names the place where JSON ends to be JSON', async () => {
    const { code, err } = await finished(['catalog', 'check', await file('torn.json', '{\n  "products": {},\n')], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(err).toBe(
      'tollgate: torn.json:3:1 is not JSON: expected a key in double quotes, found the end of the file\n',
    );
  });

  test('names field and rule in a TypeScript file', async () => {
    const name = await file(
      'bad.ts',
      `export default { products: {}, features: {}, plans: { 'plan-x': { displayName: 'X' } } };`,
    );
    const { code, err } = await finished(['catalog', 'check', name], { cwd: folder });
    expect(code).toBe(1);
    expect(err).toMatch(/^bad\.ts: plans\.plan-x\.productId is required$/m);
  });
});

describe('tollgate dev', { timeout: 240_000 }, () => {
  test('does not start on a broken catalog, and names line, field and rule like `catalog check`', async () => {
    const name = await file('no-products.json', '{\n  "products": {},\n  "features": {},\n  "plans": 3\n}');
    const { code, err } = await finished(['dev', '--memory', '--port', '0', '--catalog', name], { cwd: folder });
    expect([code, err]).toEqual([
      1,
      'tollgate: one rule is broken\nno-products.json:4: plans must be an object keyed by id\n',
    ]);
  });

  test('keeps data and key over a restart, and refuses a second process on its folder', async () => {
    const name = await file('tollgate.catalog.json', JSON.stringify(catalog));
    const first = start(['dev', '--data', 'kept', '--port', '0', '--test-clock', '2026-01-10T12:00:00Z']);
    const [, url = ''] = await first.seen(/server {6}(http:\/\/127\.0\.0\.1:\d+)\n/);
    const [, key = ''] = await first.seen(/server key {2}(\S+)/);
    await first.seen(/test clock {2}2026-01-10T12:00:00\.000Z/);
    await first.seen(new RegExp(`catalog {5}${name}`));

    const customer = { customerId: 'acme', subscriptionParams: { planId: 'plan-free' } };
    await post(url, key, ProvisionCustomerDocument, { input: customer });
    await first.seen(/customer {3}acme: acme is on plan-free/);
    const usages = [
      { customerId: 'acme', featureId: 'feature-reports', value: '2' },
      { customerId: 'acme', featureId: 'feature-none', value: '1' },
    ];
    await post(url, key, ReportUsageDocument, { usages });
    await first.seen(/report {5}acme feature-reports \+2: now 2/);
    await first.seen(/report {5}acme feature-none \+1: refused, FEATURE_NOT_FOUND/);
    await post(url, key, SnapshotsDocument, { customerId: 'acme', resourceIds: [null] });
    await first.seen(/read {7}acme: feature-reports 2\/3/);
    expect((await post(url, key, SetClockDocument, { now: '2026-01-11T00:00:00Z' })).data).toEqual({ setClock: true });

    const second = await finished(['dev', '--data', 'kept', '--port', '0'], { cwd: folder });
    expect(second.code).toBe(1);
    expect(second.err).toMatch(new RegExp(`^tollgate: .*kept/database is in use by process ${first.child.pid}`));

    expect(await first.stop()).toBe(0);
    await mkdir(join(folder, 'src'));
    await rename(join(folder, name), join(folder, 'src', name));
    const again = start(['dev', '--data', 'kept', '--port', '0', '--test-clock', '2026-01-11T00:00:00Z']);
    const [, newUrl = ''] = await again.seen(/server {6}(http:\S+)\n/);
    await again.seen(new RegExp(`server key {2}${key}\n`));
    await again.seen(new RegExp(`catalog {5}src/${name}`));
    const { data } = await post(newUrl, key, SnapshotsDocument, { customerId: 'acme', resourceIds: [null] });
    expect(data).toMatchObject({ snapshots: [{ usage: [{ featureId: 'feature-reports', currentUsage: '2' }] }] });
    expect(await again.stop()).toBe(0);
  });

  test('names a taken port, and takes the next one when asked to', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    try {
      const args = ['dev', '--data', 'ports', '--port', String(port)];
      const refused = await finished(args, { cwd: folder });
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining(`port ${port} on 127.0.0.1 is taken`)]);
      const next = start([...args, '--next-port']);
      await next.seen(new RegExp(`Port ${port} is taken, trying ${port + 1}\\.`));
      await next.seen(/Ctrl-C stops it/);
      expect(await next.stop()).toBe(0);
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });
});

describe('tollgate on Postgres', { timeout: 120_000 }, () => {
  const schema = `cli_test_${randomBytes(6).toString('hex')}`;
  const env = () => ({ DATABASE_URL: inject('postgresUrl'), TOLLGATE_SCHEMA: schema });
  afterAll(() => dropSchema(inject('postgresUrl'), schema));

  test('migrates, makes keys, serves, and publishes catalogs', async () => {
    const early = await finished(['serve', '--no-migrate', '--port', '0'], { cwd: folder, env: env() });
    expect([early.code, early.err]).toEqual([1, expect.stringContaining('run "tollgate migrate" first')]);
    expect((await finished(['migrate'], { env: env() })).code).toBe(0);
    expect((await finished(['migrate'], { env: env() })).code).toBe(0);

    const chosen = `key-of-the-operator-${randomBytes(8).toString('hex')}`;
    const server = start(['serve', '--no-migrate', '--host', '127.0.0.1', '--port', '0'], {
      ...env(),
      TOLLGATE_API_KEY: chosen,
    });
    const [, url = ''] = await server.seen(/serves environment "production" at (http:\S+)\/graphql/);
    const made = await finished(['keys', 'create'], { env: env() });
    expect(made.code).toBe(0);

    const published = JSON.stringify(catalog);
    const name = await file('published.json', published);
    for (const apiKey of [chosen, made.out.trim()]) {
      const target = { TOLLGATE_URL: url, TOLLGATE_API_KEY: apiKey };
      const diff = await finished(['catalog', 'diff', name], { cwd: folder, env: target });
      expect(diff.code).toBe(0);
      expect(diff.out).toContain(apiKey === chosen ? '+ plan plan-pro' : 'Nothing would change.');
      const applied = await finished(['catalog', 'apply', name], { cwd: folder, env: target });
      expect(applied.code).toBe(0);
      expect(applied.out).toContain(apiKey === chosen ? 'Applied as catalog number 1.' : 'Nothing to change.');
    }

    const wrong = await finished(['catalog', 'apply', name, '--url', url, '--api-key', 'not-a-key-at-all'], {
      cwd: folder,
    });
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('the API key is not known')]);
    expect(server.out() + server.err()).not.toContain(chosen);
    expect(await server.stop()).toBe(0);
    const gone = await finished(['catalog', 'diff', name, '--url', url, '--api-key', chosen], { cwd: folder });
    expect([gone.code, gone.err]).toEqual([1, `tollgate: no Tollgate server answers at ${url}\n`]);
  });
});
