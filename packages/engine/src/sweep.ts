import type { EngineContext } from './engine-context.js';
import { changeStanding } from './standing-change.js';
import { type DueCustomer, readDue } from './storage/customer-store.js';
import type { CustomerKey } from './storage/usage-store.js';

/** Whose standing is looked at: one environment's, or everybody's where it is null. */
export interface Sweep {
  environmentId: string | null;
  now: number;
  /** At most so many customers are brought up. */
  limit: number;
}

const pageSize = 100;

/**
 * Brings customers for whom something is due up to `now`, the longest overdue first, and returns how many that were. It
 * makes events timely, and nothing right: every read computes, and every write does first, what it does. A customer that
 * cannot be brought up is reported and passed over, so that it keeps nobody else waiting.
 */
export async function sweep(context: EngineContext, { environmentId, now, limit }: Sweep): Promise<number> {
  let done = 0;
  let after: DueCustomer | null = null;
  while (done < limit) {
    const page: DueCustomer[] = await readDue(context.database, {
      environmentId,
      now,
      after,
      limit: Math.min(pageSize, limit - done),
    });
    for (const due of page) {
      if (await isBroughtUp(context, due, now)) done += 1;
    }
    after = page.at(-1) ?? null;
    if (!after) return done;
  }
  return done;
}

/** Does for one customer what is due, and nothing else. */
export async function bringUp(context: EngineContext, key: CustomerKey, now: number): Promise<void> {
  const target = { ...key, customerIds: [key.customerId], mayBeArchived: true, scopes: [] };
  await changeStanding(context, target, now, (states) => ({ states, events: [], value: null }));
}

async function isBroughtUp(context: EngineContext, key: CustomerKey, now: number): Promise<boolean> {
  try {
    await bringUp(context, key, now);
    return true;
  } catch (error) {
    context.onError(error);
    return false;
  }
}
