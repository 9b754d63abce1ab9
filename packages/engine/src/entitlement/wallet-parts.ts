import type { CatalogCurrency, CurrencyDescription, WalletPart } from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import type { WalletKey } from '../credit/credit-grant.js';
import { type CreditState, walletTotals } from '../credit/credit-state.js';
import { nextCreditStep } from '../credit/timeline.js';
import type { Held } from '../usage/held.js';
import { standingVersion } from './grants.js';
import type { Standing } from './standing.js';

/** The wallets of one scope, as parts of its snapshot. */
export function walletParts(standing: Standing, resourceId: string | null): WalletPart[] {
  return standing.credits.wallets
    .filter((wallet) => wallet.resourceId === resourceId)
    .map((wallet) => walletPartOf(standing, standing.credits, standing.held, wallet));
}

/** One wallet as a part; `credits` and `held` may be ahead of the standing, within the transaction that changes them. */
export function walletPartOf(
  standing: Standing,
  credits: CreditState,
  held: readonly Held[],
  key: WalletKey,
  version = standingVersion(standing),
): WalletPart {
  const own = held.find((other) => isHeldOf(other, key));
  const endsAt = nextCreditStep(credits, key);
  const ends = [...(endsAt === null ? [] : [endsAt]), ...(own ? [own.firstExpiry] : [])];
  return {
    currency: describeCurrency(standing.catalog, key.currencyId),
    version,
    validUntil: ends.length === 0 ? null : Math.min(...ends),
    endsAt,
    hasSoftLimit: false,
    ...walletTotals(credits, key),
    held: own?.amount ?? 0n,
    heldUntil: own?.lastExpiry ?? null,
    usagePeriodEnd: nextRenewal(credits, key),
  };
}

/** Whether what is held is held of this wallet. */
export function isHeldOf({ kind, heldId, resourceId }: Held, key: WalletKey): boolean {
  return kind === 'credits' && heldId === key.currencyId && resourceId === (key.resourceId ?? '');
}

export function describeCurrency(catalog: Catalog, currencyId: string): CurrencyDescription {
  const content: CatalogCurrency | undefined = catalog.currencies.get(currencyId)?.content;
  return {
    currencyId,
    displayName: content?.displayName ?? currencyId,
    description: content?.description ?? null,
    symbol: content?.symbol ?? null,
    unit: content?.units?.singular ?? null,
    units: content?.units?.plural ?? null,
    metadata: { ...content?.metadata },
  };
}

function nextRenewal({ grants }: CreditState, key: WalletKey): number | null {
  const ends = grants
    .filter((grant) => grant.status === 'ACTIVE' && grant.grantType === 'RECURRING')
    .filter((grant) => grant.currencyId === key.currencyId && grant.resourceId === key.resourceId)
    .flatMap(({ expireAt }) => (expireAt === null ? [] : [expireAt]));
  return ends.length === 0 ? null : Math.min(...ends);
}
