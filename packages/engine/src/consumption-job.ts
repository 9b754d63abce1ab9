import { formatAmount, toIso } from '@tollgate/contract';
import type { WalletKey } from './credit/credit-grant.js';
import { assertCurrency } from './credit/grant-request.js';
import { creditAck } from './credit-ack.js';
import type { Charge, CustomerBook } from './customer-book.js';
import type { JobKind } from './customer-job.js';
import { type ConsumptionItem, consumptionOperation } from './usage/consumption-item.js';
import { datedAt, keyConflict } from './usage/item-input.js';

/** What is kept with an idempotency key, to answer the same item again. */
interface StoredResult {
  consumptionId: string;
  wallet: WalletKey;
  storedAt: number;
}

/** Credits that are used without a feature in between. It needs no subscription, and is never refused for what is missing. */
export const consumptionJob: JobKind<ConsumptionItem> = {
  needs: ({ customerId, idempotencyKey, resourceId }) => ({
    keys: [{ customerId, operation: consumptionOperation, key: idempotencyKey }],
    resourceIds: [resourceId],
  }),

  windows: () => ({ windows: [] }),

  run: async (item, book) => {
    const { context, now, key } = book.change;
    const at = datedAt(item.createdAt, 'createdAt', now, context.idempotencyWindowMs);
    const known = book.remembered(consumptionOperation, item.idempotencyKey);
    if (known && known.contentHash !== item.contentHash) throw keyConflict(item.idempotencyKey);
    const stored = (known?.result as StoredResult | undefined) ?? newResult(item, book);
    const charge = known ? repeated(stored, book) : consume(item, stored, at, book);
    return (parts) => ({
      consumption: {
        customerId: key.customerId,
        currencyId: item.currencyId,
        amount: formatAmount(item.amount),
        resourceId: stored.wallet.resourceId,
        timestamp: toIso(stored.storedAt),
        isDuplicate: known !== undefined,
        credit: creditAck(key.customerId, charge, parts),
      },
    });
  },
};

function newResult({ currencyId, resourceId }: ConsumptionItem, book: CustomerBook): StoredResult {
  const { context, now } = book.change;
  assertCurrency(book.standing.catalog, currencyId);
  return { consumptionId: context.randomId(), wallet: book.wallet(currencyId, resourceId), storedAt: now };
}

function repeated({ wallet }: StoredResult, book: CustomerBook): Charge {
  return { wallet, consumed: 0n, totals: book.totals(wallet) };
}

function consume(item: ConsumptionItem, stored: StoredResult, at: number, book: CustomerBook): Charge {
  const { customerId, amount, dimensions, idempotencyKey, contentHash } = item;
  const { wallet, consumptionId } = stored;
  const charge = book.burn({ wallet, amount, at, featureId: null, consumptionId, dimensions });
  book.remember({ customerId, operation: consumptionOperation, key: idempotencyKey, contentHash, result: stored });
  return charge;
}
