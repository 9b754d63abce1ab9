import type { CatalogDocument } from '@tollgate/contract';
import { changed } from './catalogs.js';
import type { Stage } from './stage.js';

/** Credits to grant: one kind with a price, one without. */
export const creditCatalog: CatalogDocument = changed((copy) => {
  copy.customCurrencies = {
    tokens: { displayName: 'Tokens', units: { singular: 'token', plural: 'tokens' } },
    coins: { displayName: 'Coins', unitPrice: { amount: 0.5, currency: 'usd' } },
  };
});

let last = 0;

/** Uses credits without a feature in between. */
export async function use(
  { environment }: Stage,
  wallet: { customerId: string; currencyId: string },
  amount: string,
  now: number,
): Promise<void> {
  const consumeCredits = { ...wallet, amount, idempotencyKey: `use-${++last}` };
  const { error } = await environment.hot({ consumeCredits }, now);
  if (error) throw new Error(`${error.code} ${error.message}`);
}
