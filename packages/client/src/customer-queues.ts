/** What waits, one queue per customer: a customer's items leave in the order in which they came, one batch at a time. */
export interface CustomerQueues<Item extends QueuedItem> {
  push(item: Item): void;
  /** Up to so many items and bytes of customers that are not blocked, who are blocked from then on; one item always fits. */
  takeBatch(itemsMax: number, bytesMax?: number): Item[];
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
  /** How large it is on its way; left out where nobody looks. */
  bytes?: number;
}

/** `onReady` is called when a delay is over. */
export function customerQueues<Item extends QueuedItem>(onReady: () => void): CustomerQueues<Item> {
  const queues = new Map<string, Item[]>();
  /** Customers with a batch under way, or with a timer until their next attempt: later items of theirs wait behind it. */
  const blocked = new Map<string, NodeJS.Timeout | null>();

  const take = (customerId: string, queue: Item[], count: number): Item[] => {
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
    takeBatch: (itemsMax, bytesMax = Number.POSITIVE_INFINITY) => {
      const batch: Item[] = [];
      let bytes = 0;
      for (const [customerId, queue] of queues) {
        if (batch.length >= itemsMax) break;
        if (blocked.has(customerId)) continue;
        if (queue[0]?.isAlone) {
          if (batch.length === 0) return take(customerId, queue, 1);
          continue;
        }
        const room = { items: itemsMax - batch.length, bytes: bytesMax - bytes };
        const count = batch.length === 0 ? Math.max(1, fitting(queue, room)) : fitting(queue, room);
        if (count === 0) continue;
        const taken = take(customerId, queue, count);
        batch.push(...taken);
        bytes += taken.reduce((sum, item) => sum + (item.bytes ?? 0), 0);
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

/** How many items at the head of a queue fit, up to the first that travels alone. */
function fitting(queue: readonly QueuedItem[], room: { items: number; bytes: number }): number {
  let bytes = 0;
  const end = queue.findIndex((item, index) => {
    bytes += item.bytes ?? 0;
    return item.isAlone || index >= room.items || bytes > room.bytes;
  });
  return end < 0 ? queue.length : end;
}
