import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/*
 * The whole product as a user meets it: the program is started as `npm start` starts it, with an engine of its own in
 * memory and the customer `acme` on the Free plan. The same file stands in every example.
 */
let app: ChildProcess;
let url: string;

before(async () => {
  const { TOLLGATE_URL: _, ...env } = process.env;
  const program = fileURLToPath(new URL('main.js', import.meta.url));
  app = spawn(process.execPath, [program], { env: { ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: app.stdout as NodeJS.ReadableStream })) {
    const match = /^listening on (\S+)$/.exec(line);
    if (!match?.[1]) continue;
    url = match[1].replace('[::1]', 'localhost');
    return;
  }
  throw new Error('the program ended before it listened');
});

after(async () => {
  app.kill('SIGTERM');
  await once(app, 'exit');
});

interface Answer {
  status: number;
  body: {
    code?: string;
    resetAt?: string;
    limit?: number;
    used?: number;
    features?: Record<string, { hasAccess: boolean; currentUsage: number; usageLimit: number }>;
  };
}

async function send(method: string, path: string, body?: object, account: string | null = 'acme'): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (account) headers['x-account'] = account;
  if (body) headers['content-type'] = 'application/json';
  const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : {} };
}

test('single sign-on is not in the Free plan', async () => {
  const answer = await send('GET', '/sso');
  assert.equal(answer.status, 403);
  assert.equal(answer.body.code, 'feature-not-entitled');
});

test('the largest upload on Free is 10 megabytes', async () => {
  assert.equal((await send('POST', '/uploads', { megabytes: 10 })).status, 201);
  assert.equal((await send('POST', '/uploads', { megabytes: 11 })).status, 403);
});

test('Free exports CSV and nothing else', async () => {
  assert.equal((await send('GET', '/exports/csv')).status, 200);
  assert.equal((await send('GET', '/exports/pdf')).status, 403);
});

test('a deleted project makes room for another', async () => {
  assert.equal((await send('POST', '/projects')).status, 201);
  assert.equal((await send('POST', '/projects')).status, 201);
  const third = await send('POST', '/projects');
  assert.equal(third.status, 403);
  assert.equal(third.body.code, 'limit-reached');
  assert.equal((await send('DELETE', '/projects/1')).status, 204);
  assert.equal((await send('POST', '/projects')).status, 201);
});

test('the fourth report of the month is denied and says when to come back', async () => {
  for (let report = 1; report <= 3; report += 1) assert.equal((await send('POST', '/reports')).status, 201);
  const fourth = await send('POST', '/reports');
  assert.equal(fourth.status, 429);
  assert.equal(fourth.body.code, 'quota-exceeded');
  assert.equal(fourth.body.limit, 3);
  assert.equal(fourth.body.used, 3);
  assert.ok(Date.parse(fourth.body.resetAt ?? '') > Date.now());
});

test('the pages of the product see what the routes enforce', async () => {
  const { status, body } = await send('GET', '/entitlements');
  assert.equal(status, 200);
  const { 'feature-sso': sso, 'feature-reports': reports, ...others } = body.features ?? {};
  assert.equal(sso?.hasAccess, false);
  assert.deepEqual([reports?.hasAccess, reports?.currentUsage, reports?.usageLimit], [false, 3, 3]);
  assert.deepEqual(Object.keys(others), ['feature-projects']);
});

test('a soft limit is counted and not enforced', async () => {
  for (let call = 1; call <= 6; call += 1) assert.equal((await send('GET', '/data')).status, 200);
});

test('a request without an account is told so', async () => {
  const answer = await send('GET', '/sso', undefined, null);
  assert.equal(answer.status, 401);
  assert.equal(answer.body.code, 'customer-missing');
});
