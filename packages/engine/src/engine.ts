import { randomUUID } from 'node:crypto';
import { TollgateError } from '@tollgate/contract';
import { applyBacklog } from './apply-events.js';
import type { BillingProvider } from './billing/billing-provider.js';
import { manual } from './billing/manual.js';
import { createBillingRunner } from './billing-runner.js';
import type { HotAnswer } from './customer-job.js';
import { runCustomerJobs } from './customer-jobs.js';
import { createCustomerQueue } from './customer-queue.js';
import type { Engine } from './engine-api.js';
import { createCatalogCache, type EngineContext } from './engine-context.js';
import { createEnvironmentEngine, type QueuedJob } from './environment-engine.js';
import { purge } from './purge.js';
import { sandboxBilling } from './sandbox-billing.js';
import { sandboxDesk } from './sandbox-desk.js';
import { authenticate, createApiKey, registerApiKey } from './storage/api-key-store.js';
import type { Database } from './storage/database.js';
import { ensureEnvironment, readCatalogNumber } from './storage/environment-store.js';
import { createFeedReader } from './storage/feed-reader.js';
import { readEpoch } from './storage/meta-store.js';
import { sweep } from './sweep.js';
import { differences } from './verify.js';

export interface EngineOptions {
  /** Opened by `openDatabase` and migrated; the engine never closes it. */
  database: Database;
  /** Makes the ids that callers leave out. Default: random UUIDs. */
  randomId?: () => string;
  /** How long idempotency keys are kept, and how far back usage may be dated. Default 35. */
  idempotencyWindowDays?: number;
  /** Who collects payments. Default `'manual'`: nobody does. `'sandbox'` keeps its state in the database. */
  billing?: 'manual' | 'sandbox' | BillingProvider;
  /** How long a call waits for billing to confirm, at most. Default 8,000: less than clients wait for an answer. */
  billingWaitMs?: number;
  /** Hears of failures that no caller waits for, such as a failed poll of the change feed. */
  onError?: (error: unknown) => void;
}

const dayMs = 86_400_000;
const defaults = { idempotencyWindowDays: 35, billingWaitMs: 8_000 };
const jobsTogetherMax = 100;
const jobsWaitingMax = 10_000;

/** The engine in this process. It has no clock: every call brings the instant at which it happens. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { database, onError = () => undefined } = options;
  const sandbox = options.billing === 'sandbox' ? sandboxBilling(database) : null;
  const context: EngineContext = {
    database,
    epoch: await readEpoch(database),
    randomId: options.randomId ?? randomUUID,
    idempotencyWindowMs: windowDays(options) * dayMs,
    catalogs: createCatalogCache(),
    onError,
    billing: {
      provider: sandbox ?? providerOf(options),
      checkoutOptions: null,
      tell: (intents, now) => billing.runInBackground(intents, now),
    },
  };
  const billing = createBillingRunner(context, { waitMs: options.billingWaitMs ?? defaults.billingWaitMs });
  const desk = sandbox && sandboxDesk(sandbox, billing);
  // The feed drops rows by age, and the only time that the engine knows is the latest that a call brought.
  let latestNow = 0;
  const at = (now: number): number => {
    latestNow = Math.max(latestNow, now);
    return now;
  };
  const feed = createFeedReader(database, { clock: () => latestNow, onError });
  const jobs = createCustomerQueue<QueuedJob, HotAnswer>({
    togetherMax: jobsTogetherMax,
    waitingMax: jobsWaitingMax,
    runTogether: (queue, together) => {
      const [environmentId = '', customerId = ''] = queue.split(' ');
      const now = at(Math.max(...together.map((queued) => queued.now)));
      return runCustomerJobs(
        context,
        { environmentId, customerId },
        together.map(({ job }) => job),
        now,
      );
    },
  });

  return {
    epoch: context.epoch,
    ensureEnvironment: (environmentId, now) => ensureEnvironment(database, environmentId, at(now)),
    createApiKey: (environmentId, kind, now) => createApiKey(database, environmentId, kind, at(now)),
    registerApiKey: (environmentId, kind, key, now) => registerApiKey(database, environmentId, kind, key, at(now)),
    authenticate: (key) => authenticate(database, key),
    environment: async (environmentId) => {
      // Rejects where there is no such environment; from then on there is, because none is ever deleted.
      await readCatalogNumber(database, environmentId);
      return createEnvironmentEngine(environmentId, { context, jobs, feed, billing, desk });
    },
    applyBacklog: (now) => applyBacklog(context, at(now)),
    sweep: (now, limit) => sweep(context, { environmentId: null, now: at(now), limit }),
    purge: (now, limit) => purge(context, at(now), limit),
    resumeBilling: (now) => billing.resume(null, at(now)),
    billingNews: (intentId, now) => billing.hear(intentId, at(now)),
    verify: (scope, now) => differences(context, scope, at(now)),
    sandbox: desk,
    close: async () => {
      await jobs.idle();
      await billing.idle();
      await feed.close();
    },
  };
}

function windowDays({ idempotencyWindowDays = defaults.idempotencyWindowDays }: EngineOptions): number {
  if (Number.isFinite(idempotencyWindowDays) && idempotencyWindowDays > 0) return idempotencyWindowDays;
  throw new TollgateError('CONFIGURATION', 'idempotencyWindowDays must be a number above 0', {
    field: 'idempotencyWindowDays',
  });
}

function providerOf({ billing = 'manual' }: EngineOptions): BillingProvider {
  if (billing === 'manual') return manual;
  if (typeof billing === 'object' && billing !== null) return billing;
  throw new TollgateError('CONFIGURATION', 'billing must be "manual", "sandbox" or a billing provider', {
    field: 'billing',
  });
}
