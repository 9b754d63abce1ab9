import { TollgateError } from '@tollgate/contract';
import { type CustomerChange, customerChange } from './customer-change.js';
import type { EngineContext } from './engine-context.js';
import { type LockedRow, lockCustomer } from './storage/customer-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { bringUp } from './sweep.js';

// Time may make something due again between bringing up and the next try, as often as other callers bring later instants.
const triesMax = 10;

/**
 * Runs `work` under the lock of a customer that exists and for whom nothing is due: what is due is done first, in a
 * transaction of its own. Null when nobody has the id, or another process has the lock.
 */
export async function underLock<T>(
  context: EngineContext,
  key: CustomerKey,
  now: number,
  work: (change: CustomerChange, locked: LockedRow) => Promise<T>,
  mode: 'wait' | 'skip locked' = 'wait',
): Promise<T | null> {
  for (let tries = 0; tries < triesMax; tries++) {
    const turn = await context.database.transaction(async (tx) => {
      const locked = await lockCustomer(tx, key.environmentId, key.customerId, mode);
      if (!locked) return { value: null, change: null };
      const change = customerChange(context, tx, key, locked, now);
      const isDue = locked.nextDue !== null && locked.nextDue <= change.now;
      return isDue ? 'due' : { value: await work(change, locked), change };
    });
    if (turn !== 'due') {
      const { intents = [], now: at = now } = turn.change ?? {};
      if (intents.length > 0) context.billing.tell(intents, at);
      return turn.value;
    }
    await bringUp(context, key, now);
  }
  throw new TollgateError('INTERNAL', `what is due for customer ${key.customerId} stays due`);
}
