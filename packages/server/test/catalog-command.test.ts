import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CatalogDocument, ProvisionCustomerDocument, SnapshotsDocument } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { schemaReference } from '../src/catalog-file.js';
import { postOperation } from '../src/remote-operation.js';
import { catalog } from './catalog.js';
import { finished, type Run, tollgate } from './command.js';
import { dropSchema } from './server-fixture.js';

const schema = `catalog_cli_${randomBytes(6).toString('hex')}`;
const apiKey = `key-of-the-operator-${randomBytes(8).toString('hex')}`;
const reports = (usageLimit: number, more: object = {}): CatalogDocument => {
  const copy = structuredClone(catalog);
  Object.assign(copy.plans['plan-free']?.entitlements ?? {}, {
    'feature-reports': { usageLimit, resetPeriod: 'MONTH' },
  });
  Object.assign(copy.plans['plan-free'] ?? {}, more);
  return copy;
};

describe('tollgate catalog against a server', { timeout: 120_000 }, () => {
  let folder: string;
  let server: Run;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-catalog-'));
    const env = { DATABASE_URL: inject('postgresUrl'), TOLLGATE_SCHEMA: schema, TOLLGATE_API_KEY: apiKey };
    server = tollgate(['serve', '--host', '127.0.0.1', '--port', '0'], { cwd: folder, env });
    [, url = ''] = await server.seen(/serves environment "production" at (http:\S+)\/graphql/);
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    await dropSchema(inject('postgresUrl'), schema);
    await rm(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) =>
    finished(['catalog', ...args], { cwd: folder, env: { TOLLGATE_URL: url, TOLLGATE_API_KEY: apiKey } });
  const file = async (name: string, document: object): Promise<string> => {
    await writeFile(join(folder, name), JSON.stringify(document));
    return name;
  };
  const provision = (customerId: string) =>
    postOperation({ url, apiKey }, ProvisionCustomerDocument, {
      input: { customerId, subscriptionParams: { planId: 'plan-free' } },
    });
  const limitOf = async (customerId: string) => {
    const { snapshots } = await postOperation({ url, apiKey }, SnapshotsDocument, { customerId, resourceIds: [null] });
    return snapshots[0]?.grants.entitlements.find(({ feature }) => feature.featureId === 'feature-reports')?.usageLimit;
  };

  test('publishes to new customers, or to all', async () => {
    expect((await run('apply', await file('first.json', catalog))).code).toBe(0);
    await provision('early');
    const applied = await run('apply', await file('more.json', reports(5)), '--migration-type', 'NEW_CUSTOMERS');
    expect([applied.code, applied.out]).toEqual([0, expect.stringContaining('Applied as catalog number 2.')]);
    await provision('late');
    expect([await limitOf('early'), await limitOf('late')]).toEqual(['3', '5']);
    expect((await run('apply', await file('most.json', reports(7)))).code).toBe(0);
    expect([await limitOf('early'), await limitOf('late')]).toEqual(['7', '7']);
    const wrong = await run('apply', 'most.json', '--migration-type', 'NOBODY');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('Allowed choices are ALL_CUSTOMERS')]);
  });

  test('shows a draft as one, and stores it under the number that holds', async () => {
    await run('apply', await file('plain.json', catalog));
    await provision('drafted');
    const before = await limitOf('drafted');
    const name = await file('draft.json', reports(9, { draft: true }));
    const lines = [
      '~ plan plan-free',
      '    a draft: nothing is published',
      '    entitlements.feature-reports.usageLimit: 3 → 9',
    ].join('\n');
    expect((await run('diff', name)).out).toContain(lines);
    const applied = await run('apply', name);
    expect([applied.code, applied.out]).toEqual([0, expect.stringContaining(lines)]);
    expect(await limitOf('drafted')).toBe(before);
  });

  test('pulls what is published as a file that changes nothing when it is applied', async () => {
    await run('apply', await file('plain.json', catalog));
    const printed = await run('pull');
    expect(printed.code).toBe(0);
    const expected = { $schema: schemaReference, ...catalog, addons: {}, featureGroups: {}, customCurrencies: {} };
    expect(JSON.parse(printed.out)).toEqual(expected);
    expect(await run('pull', 'pulled.json')).toEqual({ code: 0, out: 'Wrote pulled.json.\n', err: '' });
    expect(await readFile(join(folder, 'pulled.json'), 'utf8')).toBe(printed.out);
    expect((await run('check', 'pulled.json')).code).toBe(0);
    expect((await run('diff', 'pulled.json')).out).toBe('Nothing would change.\n');
    expect((await run('apply', 'pulled.json')).out).toBe('Nothing to change.\n');
  });

  test('replaces a file only when told to, and writes no code', async () => {
    await file('mine.json', { mine: true });
    const refused = await run('pull', 'mine.json');
    expect([refused.code, refused.err]).toEqual([1, 'tollgate: mine.json is there already: --force replaces it\n']);
    expect(await readFile(join(folder, 'mine.json'), 'utf8')).toBe('{"mine":true}');
    expect((await run('pull', 'mine.json', '--force')).code).toBe(0);
    expect(JSON.parse(await readFile(join(folder, 'mine.json'), 'utf8'))).toHaveProperty('products');
    const code = await run('pull', 'tollgate.catalog.ts');
    expect([code.code, code.err]).toEqual([
      1,
      'tollgate: tollgate.catalog.ts must end in .json: only JSON is written\n',
    ]);
  });

  test('prints the ids of a catalog as types, of what is published or of a file', async () => {
    const document = structuredClone(catalog);
    document.customCurrencies = { 'credits-ai': { displayName: 'AI credits' } };
    await run('apply', await file('typed.json', document));
    const printed = await run('types');
    expect([printed.code, printed.err]).toEqual([0, '']);
    expect(printed.out).toContain("    'feature-sso': { featureType: 'BOOLEAN' };\n");
    expect(printed.out).toContain("    'feature-reports': { featureType: 'NUMBER'; meterType: 'INCREMENTAL' };\n");
    expect(printed.out).toContain("    'credits-ai': unknown;\n");
    expect(printed.out).toContain('  interface Register {\n    catalog: CatalogIds;\n');
    const ofFile = await finished(['catalog', 'types', 'typed.json'], { cwd: folder });
    expect(ofFile).toEqual(printed);
    expect((await run('types', '--no-register')).out).not.toContain('Register');
    const lost = await finished(['catalog', 'types'], { cwd: folder });
    expect([lost.code, lost.err]).toEqual([1, 'tollgate: name a catalog file, or give --api-key to ask the server\n']);
  });

  test('writes types anew where it wrote them, and over nothing else', async () => {
    await file('two.json', { ...catalog, plans: {}, addons: {} });
    expect(await run('types', 'two.json', '--out', 'ids.d.ts')).toEqual({ code: 0, out: 'Wrote ids.d.ts.\n', err: '' });
    const first = await readFile(join(folder, 'ids.d.ts'), 'utf8');
    const { 'feature-sso': _gone, ...features } = catalog.features;
    await file('two.json', { ...catalog, features, plans: {}, addons: {} });
    expect((await run('types', 'two.json', '--out', 'ids.d.ts')).code).toBe(0);
    const second = await readFile(join(folder, 'ids.d.ts'), 'utf8');
    expect([first.includes('feature-sso'), second.includes('feature-sso')]).toEqual([true, false]);
    await writeFile(join(folder, 'mine.ts'), 'export const mine = 1;\n');
    const refused = await run('types', 'two.json', '--out', 'mine.ts');
    const rule = 'tollgate: mine.ts is there already, and was not written by this command\n';
    expect([refused.code, refused.err]).toEqual([1, rule]);
    expect(await readFile(join(folder, 'mine.ts'), 'utf8')).toBe('export const mine = 1;\n');
    const wrong = await run('types', 'two.json', '--out', 'ids.json');
    expect([wrong.code, wrong.err]).toEqual([1, 'tollgate: ids.json must end in .ts: only types are written\n']);
  });

  test('names the subscriptions that a catalog would break', async () => {
    await run('apply', await file('plain.json', catalog));
    await provision('subscribed');
    const { 'plan-free': _gone, ...plans } = structuredClone(catalog.plans);
    Object.assign(plans['plan-pro'] ?? {}, { parentPlanId: undefined });
    const { code, err } = await run('apply', await file('breaking.json', { ...catalog, plans }));
    expect(code).toBe(1);
    expect(err).toMatch(/plans\.plan-free cannot be archived while subscriptions use it \(\d+: subscription-/);
  });
});
