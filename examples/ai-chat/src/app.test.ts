import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Tollgate } from '@tollgate/client';
import { embedded } from '@tollgate/server/embedded';
import { createApp } from './app.js';
import catalog from './tollgate.catalog.js';

let client: Tollgate;
let server: Server;
let url: string;
let account = '';
let accounts = 0;

before(async () => {
  client = Tollgate.initialize({ transport: embedded({ database: 'memory', catalog }) });
  await client.waitForInitialization();
  server = createApp(client).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(async () => {
  server.closeAllConnections();
  server.close();
  await client.close();
});

// An account of its own for each test, with the 100 credits of a month: enough for 1,000 tokens.
beforeEach(async () => {
  accounts += 1;
  account = `account-${accounts}`;
  await client.provisionCustomer({ customerId: account, subscriptionParams: { planId: 'plan-starter' } });
});

const words = (count: number): string => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

const ask = (prompt: string, maxTokens: number, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/chat`, {
    method: 'POST',
    headers: { 'x-account': account, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt, maxTokens }),
    ...(signal && { signal }),
  });

async function balance(): Promise<number> {
  const { currentBalance } = await client.getCreditEntitlement({ customerId: account, currencyId: 'credits-ai' });
  return currentBalance;
}

async function eventually(isTrue: (credits: number) => boolean): Promise<number> {
  for (const deadline = Date.now() + 10_000; ; await delay(20)) {
    const credits = await balance();
    if (isTrue(credits)) return credits;
    assert.ok(Date.now() < deadline, `the balance stays ${credits}`);
  }
}

test('an answer is paid by its tokens, not by what was reserved for it', async () => {
  const response = await ask(words(30), 500);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /event: done\ndata: \{"tokens":30\}\n\n$/);
  assert.equal(await eventually((credits) => credits < 100), 97);
});

test('who hangs up in the middle pays for what was streamed, and gets the rest back', async () => {
  const leaving = new AbortController();
  const response = await ask(words(1_000), 1_000, leaving.signal);
  await response.body?.getReader().read();
  leaving.abort();
  const left = await eventually((credits) => credits < 100);
  assert.ok(left > 0, `all is gone: ${left}`);
  // What was not used is free again: all that is left can be reserved.
  const next = await ask('a word', Math.floor(left * 10));
  assert.equal(next.status, 200);
  await next.body?.cancel();
});

test('a question that may cost more than there is, is refused before the model works', async () => {
  const response = await ask(words(3), 1_001);
  assert.equal(response.status, 402);
  const { code, remaining, requested } = (await response.json()) as Record<string, unknown>;
  assert.deepEqual([code, remaining, requested], ['credits-exhausted', 100, 100.1]);
});

test('two questions at the same time never spend the same credits', async () => {
  const responses = await Promise.all([ask(words(200), 600), ask(words(200), 600)]);
  assert.deepEqual(responses.map(({ status }) => status).sort(), [200, 402]);
  await Promise.all(responses.map((response) => response.text()));
  assert.equal(await eventually((credits) => credits < 100), 80);
});

test('the pages of the product see what is left', async () => {
  const response = await fetch(`${url}/entitlements`, { headers: { 'x-account': account } });
  const { credits } = (await response.json()) as { credits: Record<string, { remaining: number }> };
  assert.equal(credits['credits-ai']?.remaining, 100);
});

test('what is not a question reserves nothing', async () => {
  assert.equal((await ask('a word', 0)).status, 400);
  assert.equal(await balance(), 100);
});
