import { type Amount, amountMax, formatAmount, type ReportUsageInput } from '@tollgate/contract';
import type { MeteredFeature } from './gate-port.js';
import type { Hooks } from './hooks.js';
import { featureText } from './key-text.js';
import { usageEventOf } from './usage-events.js';

/** Amounts that are as good in a sum: what waits of one counter at about the same time is one item. */
export interface UsageSums {
  /** The promise is that of the item. Throws what `addItem` throws. */
  add(feature: MeteredFeature, amount: Amount): Promise<void>;
  /** An item leaves for the engine: nothing joins it any more. */
  end(input: ReportUsageInput): void;
}

export interface UsageSumsOptions {
  /** Takes a new item, which may still become more. */
  addItem(input: ReportUsageInput): Promise<void>;
  newId(): string;
  isClosed(): boolean;
  hooks: Pick<Hooks, 'onUsage'>;
}

interface Sum {
  amount: Amount;
}

/** Amounts on the way to be reported as one. */
interface OpenSum extends Sum {
  input: ReportUsageInput;
  settled: Promise<void>;
  closing: NodeJS.Timeout;
}

const amountMin = -amountMax;
/**
 * How far apart amounts may have been used that are reported as one, with the instant of the first. A timer ends it: a
 * clock that is read for every amount would cost as much as adding it.
 */
const sumWithinMs = 100;

export function usageSums({ addItem, newId, isClosed, hooks }: UsageSumsOptions): UsageSums {
  const open = new Map<string, OpenSum>();

  const close = (name: string): void => {
    clearTimeout(open.get(name)?.closing);
    open.delete(name);
  };

  const begin = ({ name, customerId, resourceId, featureId }: MeteredFeature, amount: Amount): Promise<void> => {
    const sum: Sum = { amount };
    const input: ReportUsageInput = {
      customerId,
      resourceId,
      featureId,
      // Written out when it is sent, or refused.
      get value() {
        return formatAmount(sum.amount);
      },
      updateBehavior: 'DELTA',
      idempotencyKey: newId(),
      isCreatedAtFilledIn: true,
    };
    const settled = addItem(input);
    close(name);
    const closing = setTimeout(close, sumWithinMs, name).unref();
    open.set(name, Object.assign(sum, { input, settled, closing }));
    return settled;
  };

  /** One amount of what is reported as one, with the key of the whole. */
  const tellAccepted = ({ customerId, resourceId, featureId }: MeteredFeature, amount: Amount, sum: OpenSum): void => {
    const { idempotencyKey } = sum.input;
    const input = { customerId, resourceId, featureId, value: formatAmount(amount), idempotencyKey };
    hooks.onUsage?.(usageEventOf('accepted', { kind: 'usage', input }));
  };

  return {
    add: (feature, amount) => {
      const sum = isClosed() ? undefined : open.get(feature.name);
      const total = sum && sum.amount + amount;
      if (!sum || total === undefined || !isSum(total)) return begin(feature, amount);
      if (hooks.onUsage) tellAccepted(feature, amount, sum);
      sum.amount = total;
      return sum.settled;
    },
    end: (input) => {
      const name = featureText(input);
      if (open.get(name)?.input === input) close(name);
    },
  };
}

/** What the engine takes as one amount; a sum of nothing would not tell what it is made of. */
function isSum(amount: Amount): boolean {
  return amount !== 0n && amount <= amountMax && amount >= amountMin;
}
