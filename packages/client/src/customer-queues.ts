/** What waits, one queue per customer: a customer's items leave in the order in which they came, one batch at a time. */
export interface CustomerQueues<Item extends QueuedItem> {
  push(item: Item): void;
  /** Up to `batchMax` items of customers that are not blocked, who are blocked from then on. */
  takeBatch(batchMax: number): Item[];
  /** Ends the block of a customer, at once or after a delay, with `items` in front of what has come meanwhile. */
  release(customerId: string, items: readonly Item[], delayMs?: number): void;
  /** Ends every delay. */
  wake(): void;
  all(): Item[];
  clear(): void;
}

export interface QueuedItem {
  customerId: string;
  /** Travels in a batch of its own. */
  isAlone: boolean;
}

/** `onReady` is called when a delay is over. */
export function customerQueues<Item extends QueuedItem>(onReady: () => void): CustomerQueues<Item> {
  const queues = new Map<string, Item[]>();
  /** Customers with a batch under way, or with a timer until their next attempt: later items of theirs wait behind it. */
  const blocked = new Map<string, NodeJS.Timeout | null>();

  const take = (customerId: string, queue: Item[], room: number): Item[] => {
    const firstAlone = queue.findIndex((item) => item.isAlone);
    // Up to the first item that travels alone, or that one when it is at the head.
    const count = firstAlone === 0 ? 1 : firstAlone > 0 ? Math.min(room, firstAlone) : room;
    const taken = queue.splice(0, count);
    // To the end of the line: a customer with very many items leaves room for the others.
    queues.delete(customerId);
    if (queue.length > 0) queues.set(customerId, queue);
    blocked.set(customerId, null);
    return taken;
  };

  return {
    push: (item) => {
      const queue = queues.get(item.customerId);
      if (queue) queue.push(item);
      else queues.set(item.customerId, [item]);
    },
    takeBatch: (batchMax) => {
      const batch: Item[] = [];
      for (const [customerId, queue] of queues) {
        if (batch.length >= batchMax) break;
        if (blocked.has(customerId)) continue;
        if (!queue[0]?.isAlone) batch.push(...take(customerId, queue, batchMax - batch.length));
        else if (batch.length === 0) return take(customerId, queue, 1);
      }
      return batch;
    },
    release: (customerId, items, delayMs) => {
      if (items.length > 0) queues.set(customerId, [...items, ...(queues.get(customerId) ?? [])]);
      if (delayMs === undefined) {
        blocked.delete(customerId);
        return;
      }
      const over = (): void => {
        blocked.delete(customerId);
        onReady();
      };
      blocked.set(customerId, setTimeout(over, delayMs).unref());
    },
    wake: () => {
      for (const [customerId, timer] of blocked) {
        if (!timer) continue;
        clearTimeout(timer);
        blocked.delete(customerId);
      }
    },
    all: () => [...queues.values()].flat(),
    clear: () => queues.clear(),
  };
}
