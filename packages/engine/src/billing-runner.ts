import { TollgateError } from '@tollgate/contract';
import { type BillingIntent, isAnswered, isIntentOpen, isPayment } from './billing/billing-intent.js';
import type { BillingOutcome } from './billing/billing-provider.js';
import { askProvider, commitOutcome } from './billing-outcome.js';
import type { EngineContext } from './engine-context.js';
import { pause } from './pause.js';
import { readIntent, readOpenIntents, takeDueIntents } from './storage/billing-store.js';
import { intentFromStored } from './stored-intent.js';

/** Asks billing for what was committed as intents, and commits what it answers. */
export interface BillingRunner {
  /** Asks once, and stores the answer. Rejects when there is none; the intent stays open then. */
  run(intent: BillingIntent, now: number): Promise<BillingIntent>;
  /** The same for whom nobody waits; what fails is asked for again by `resume`. */
  runInBackground(intents: readonly BillingIntent[], now: number): void;
  /** The provider has news of an intent, by webhook for example. False for one that is settled or unknown. */
  hear(intentId: string, now: number): Promise<boolean>;
  /**
   * Asks, and waits until somebody has the answer: this server or another one. Rejects with UNAVAILABLE or TIMEOUT when
   * it does not come; the intent stays open then.
   */
  settle(intent: BillingIntent, now: number): Promise<BillingIntent>;
  /** Goes on with whatever is due, of any server, in an environment or in every one; returns how many intents that were. */
  resume(environmentId: string | null, now: number): Promise<number>;
  /** Resolves when nothing runs in the background. */
  idle(): Promise<void>;
}

const pollMs = 100;
/** Somebody is waiting, so the provider is asked more often than the timer would. */
const pollsPerLook = 10;
const retryMs = 30_000;
const intentsPerRound = 100;
const intentsAtOnce = 10;

export function createBillingRunner(context: EngineContext, { waitMs }: { waitMs: number }): BillingRunner {
  const running = new Set<Promise<void>>();

  const run = async (intent: BillingIntent, now: number): Promise<BillingIntent> =>
    commit(intent, await askProvider(context, intent, now), now);

  async function commit(intent: BillingIntent, outcome: BillingOutcome, now: number): Promise<BillingIntent> {
    const after = await commitOutcome(context, intent, outcome, now);
    if (after.kind === 'attach' && after.status === 'DONE') await chargeAgain(after, now);
    return after;
  }

  /** With a new method, what the one before it could not pay is tried at once. */
  async function chargeAgain({ environmentId, customerId }: BillingIntent, now: number): Promise<void> {
    const open = (await readOpenIntents(context.database, environmentId, customerId)).map(intentFromStored);
    runInBackground(open.filter(isPayment), now);
  }

  function runInBackground(intents: readonly BillingIntent[], now: number): void {
    if (intents.length === 0) return;
    const work = (async () => {
      for (const intent of intents) await run(intent, now).catch(context.onError);
    })();
    running.add(work);
    work.finally(() => running.delete(work));
  }

  async function answerOf(intent: BillingIntent, now: number): Promise<BillingOutcome> {
    try {
      return await askProvider(context, intent, now);
    } catch (cause) {
      context.onError(cause);
      const message = cause instanceof Error ? cause.message : String(cause);
      // Whoever waits for a cancellation is told that there is none, so none may follow: unless it did go through.
      if (intent.deferred) return (await lookUpOnce(intent, now)) ?? { status: 'error', message };
      const text = `billing did not answer, and is asked again: ${message}`;
      throw new TollgateError('UNAVAILABLE', text, { cause });
    }
  }

  async function lookUpOnce({ intentId, environmentId, content }: BillingIntent, now: number) {
    const { paymentMethodId } = content.payer;
    const call = { intentId, environmentId, now, paymentMethodId };
    return context.billing.provider.lookUp?.(call).catch(() => null);
  }

  async function settle(intent: BillingIntent, now: number): Promise<BillingIntent> {
    let current = await commit(intent, await answerOf(intent, now), now);
    for (let poll = 1; !isAnswered(current); poll++) {
      if (poll * pollMs > waitMs) {
        throw new TollgateError('TIMEOUT', `billing did not confirm within ${waitMs} ms, and may still do so`);
      }
      await pause(pollMs);
      const row = await readIntent(context.database, intent.intentId);
      if (row) current = intentFromStored(row);
      if (poll % pollsPerLook === 0 && !isAnswered(current)) {
        current = await run(current, now).catch((error) => {
          context.onError(error);
          return current;
        });
      }
    }
    return current;
  }

  async function resume(environmentId: string | null, now: number): Promise<number> {
    const asked = { environmentId, now, nextTryAt: now + retryMs, limit: intentsPerRound };
    const due = await takeDueIntents(context.database, asked);
    const intents = due.map(intentFromStored).filter(isIntentOpen);
    for (let first = 0; first < intents.length; first += intentsAtOnce) {
      const some = intents.slice(first, first + intentsAtOnce);
      await Promise.all(some.map((intent) => run(intent, now).catch(context.onError)));
    }
    return intents.length;
  }

  async function hear(intentId: string, now: number): Promise<boolean> {
    const row = await readIntent(context.database, intentId);
    if (!row || !isIntentOpen(row)) return false;
    await run(intentFromStored(row), now);
    return true;
  }

  return {
    run,
    hear,
    runInBackground,
    settle,
    resume,
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
