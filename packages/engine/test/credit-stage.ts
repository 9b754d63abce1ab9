import { type CatalogDocument, parseAmount } from '@tollgate/contract';
import { manual } from '../src/billing/manual.js';
import { burn } from '../src/credit/burn.js';
import type { CustomerState } from '../src/customer-state.js';
import { createCatalogCache, type EngineContext } from '../src/engine-context.js';
import { changeStanding } from '../src/standing-change.js';
import { changed } from './catalogs.js';
import type { Stage } from './stage.js';

/** Credits to grant: one kind with a price, one without, one that is sold no more. */
export const creditCatalog: CatalogDocument = changed((copy) => {
  copy.customCurrencies = {
    tokens: { displayName: 'Tokens', units: { singular: 'token', plural: 'tokens' } },
    coins: { displayName: 'Coins', unitPrice: { amount: 0.5, currency: 'usd' } },
  };
});

/** Uses credits as a consumption does once it is let through; without a report, so that a test says how many exactly. */
export async function use(
  { environment, database, engine }: Stage,
  wallet: { customerId: string; currencyId: string; resourceId?: string | null },
  amount: string,
  now: number,
  of: { featureId?: string; dimensions?: Record<string, unknown>; at?: number } = {},
): Promise<void> {
  const { customerId, currencyId, resourceId = null } = wallet;
  const context: EngineContext = {
    database,
    epoch: engine.epoch,
    randomId: () => crypto.randomUUID(),
    idempotencyWindowMs: 35 * 86_400_000,
    catalogs: createCatalogCache(),
    billing: { provider: manual, checkoutOptions: null, tell: () => undefined },
    onError: (error) => {
      throw error;
    },
  };
  const target = { environmentId: environment.environmentId, customerIds: [customerId] };
  await changeStanding(context, target, now, ([before], moment) => {
    const state = before as CustomerState;
    const consumption = {
      wallet: { currencyId, resourceId },
      amount: parseAmount(amount, 'amount'),
      at: of.at ?? moment.now,
      featureId: of.featureId ?? null,
      consumptionId: moment.newId('consumption'),
      dimensions: of.dimensions ?? null,
    };
    return { states: [{ ...state, credits: burn(state.credits, consumption, moment) }], events: [], value: null };
  });
}
