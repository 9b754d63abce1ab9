import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Tollgate } from '@tollgate/client';
import { type Amount, formatAmount, parseAmount } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';
import { embeddedTransport, systemClock } from '@tollgate/server/embedded';
import { type GateVariant, httpVariants } from '@tollgate/suites';
import { recordedCustomer, recordedRoutes } from './adapter-app.js';
import { type Heard, send, sendUntilAnswered } from './adapter-client.js';
import { type AdapterRecord, type Feature, openRecord } from './adapter-record.js';
import { nameOf, plainAttempt, wishes } from './adapter-request.js';
import { type Host, postgresHost } from './hosts.js';
import type { Proof } from './proof.js';
import { stageCatalog } from './stage-catalog.js';
import { expectSame, until } from './until.js';

const REQUESTS = { short: 150, long: 1000 } as const;
const features: readonly Feature[] = ['jobs', 'calls'];
const one = parseAmount('1', 'amount');

export const adapters: Proof = {
  name: 'adapters',
  promise:
    'Through each adapter, 1,000 requests at once, with aborts at any moment, errors, retries, HEAD and measured amounts: each outcome charges what the table of outcomes says, to the millionth, nothing stays held, and at no time is more let in than the limit.',
  run: async (length, seed) => {
    const requests = REQUESTS[length];
    const host = await postgresHost();
    const counts = new Map<Kind, number>();
    try {
      for (const [index, variant] of httpVariants.entries()) {
        const stage = await openStage(host, requests);
        try {
          await storm(stage, variant, { requests, seed: seed + index });
          for (const kind of stage.kinds()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
        } catch (error) {
          throw new Error(`${variant.name}: ${error instanceof Error ? error.message : error}`, { cause: error });
        } finally {
          await stage.close();
        }
      }
    } finally {
      await host.close();
    }
    const missing = kinds.filter((kind) => !counts.has(kind));
    if (missing.length > 0) throw new Error(`the storm was too mild: no attempt ${missing.join(', none ')}`);
    const attempts = kinds.map((kind) => `${counts.get(kind)?.toLocaleString('en-US')} ${kind}`).join(', ');
    return `${requests.toLocaleString('en-US')} requests through each of ${httpVariants.length} adapters; attempts: ${attempts}`;
  },
};

const kinds = ['succeeded', 'failed', 'denied', 'left before the handler', 'left inside it'] as const;
type Kind = (typeof kinds)[number];

interface Stage {
  environment: EnvironmentEngine;
  client: Tollgate;
  record: AdapterRecord;
  limit: Amount;
  kinds(): Kind[];
  close(): Promise<void>;
}

const customerId = 'customer';

/** An environment of its own, whose plan has room for a tenth of the requests. */
async function openStage({ engine }: Host, requests: number): Promise<Stage> {
  const limit = Math.round(requests / 10);
  const environmentId = `adapters-${randomUUID()}`;
  await engine.ensureEnvironment(environmentId, Date.now());
  const environment = await engine.environment(environmentId);
  const plan = { displayName: 'Work', productId: 'product-work', pricingType: 'FREE' as const };
  const entitlements = { jobs: { usageLimit: limit }, calls: { usageLimit: limit } };
  const catalog = { ...stageCatalog, plans: { 'plan-work': { ...plan, entitlements } } };
  await environment.applyCatalog(catalog, { dryRun: false }, Date.now());
  await environment.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-work' } }, Date.now());
  const transport = embeddedTransport(environment, systemClock());
  const client = Tollgate.initialize({ transport, logConfiguration: { logLevel: 'NONE' } });
  await client.waitForInitialization();
  const record = openRecord(BigInt(limit) * one);
  return {
    environment,
    client,
    record,
    limit: BigInt(limit) * one,
    kinds: () => record.all().flatMap((seen) => kindOf(seen) ?? []),
    close: async () => {
      record.close();
      await client.close();
    },
  };
}

function kindOf({ isHandled, ended }: ReturnType<AdapterRecord['of']>): Kind | undefined {
  if (!ended) return undefined;
  if (ended === 'aborted') return isHandled ? 'left inside it' : 'left before the handler';
  if (!isHandled) return 'denied';
  return ended.status < 400 ? 'succeeded' : 'failed';
}

async function storm(stage: Stage, variant: GateVariant, how: { requests: number; seed: number }): Promise<void> {
  const { client, record, limit } = stage;
  const customer = recordedCustomer(record, customerId);
  // On a slow machine a storm takes its time, and an answer that comes too late would prove nothing.
  const app = await variant.startApp({ client, customer, deadlineMs: 60_000 }, recordedRoutes(record));
  try {
    const sending = Promise.all(
      wishes(how.requests, how.seed).map((wish, index) => sendUntilAnswered(app.url, `${index + 1}`, wish, record)),
    );
    const tooHigh = await totalsPastLimit(stage, sending);
    const heard = (await sending).flat();
    await until(
      async () => record.underWay(),
      (underWay) => underWay === 0,
      'requests under way',
    );
    await expectSettled(stage);
    expectSame(tooHigh.slice(0, 3), [], 'totals that were seen past the limit');
    expectSame(record.failures.slice(0, 3), [], 'what was let in past the limit');
    expectHeard(heard, record);

    // What was not charged is free again, to the last millionth, and there is nothing beyond it.
    for (const feature of features) {
      const ask = async (amount: Amount, name: string) =>
        (await send(app.url, `${feature}-${name}`, plainAttempt(feature, amount), record)).status;
      const left = limit - record.charged(feature);
      if (left > 0n) expectSame(await ask(left, 'rest'), 200, `the answer to what is left of ${feature}`);
      expectSame(await ask(1n, 'beyond'), 403, `the answer to more ${feature} than there are`);
    }
    await expectSettled(stage);
  } finally {
    await app.close();
  }
}

/** Waits until nothing is held any more, and the totals are those that follow from the record. */
async function expectSettled(stage: Stage): Promise<void> {
  const { jobs, calls } = { jobs: stage.record.charged('jobs'), calls: stage.record.charged('calls') };
  await until(
    () => countersOf(stage),
    (seen) => seen.jobs.held === 0n && seen.jobs.used === jobs && seen.calls.used === calls,
    `usage, which should be ${formatAmount(jobs)} jobs and ${formatAmount(calls)} calls with nothing held`,
  );
}

/** Past every cache. */
async function countersOf({ environment }: Stage) {
  const [snapshot] = await environment.snapshots(customerId, [null], Date.now());
  const counterOf = (feature: Feature) => {
    const { currentUsage = 0n, held = 0n } = snapshot?.usage.get(feature) ?? {};
    return { used: currentUsage, held };
  };
  return { jobs: counterOf('jobs'), calls: counterOf('calls') };
}

/** Looks at the engine's totals again and again while requests are sent; gives back those that are too high. */
async function totalsPastLimit(stage: Stage, sending: Promise<unknown>): Promise<string[]> {
  const tooHigh: string[] = [];
  const isOver = sending.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([isOver, delay(20, false)]))) {
    const counters = await countersOf(stage);
    for (const feature of features) {
      const { used, held } = counters[feature];
      if (used + held > stage.limit) tooHigh.push(`${formatAmount(used)} ${feature} used, ${formatAmount(held)} held`);
    }
  }
  return tooHigh;
}

const denials = [403, 429];

/** What a client heard in full is what the server sent, and is one of the answers that there can be. */
function expectHeard(heard: readonly Heard[], record: AdapterRecord): void {
  for (const { id, attempt, status } of heard) {
    if (status === 'none') continue;
    const { ended, isHandled } = record.of(id);
    const what = `the answer to ${id}, a ${nameOf(attempt)}`;
    expectSame({ status }, ended, what);
    const wanted = attempt.ends === 'throws' ? 500 : attempt.ends === 'streams' ? 200 : attempt.status;
    const allowed = isHandled ? [wanted] : denials;
    if (!allowed.includes(status)) throw new Error(`${what}: ${status} instead of ${allowed.join(' or ')}`);
  }
}
