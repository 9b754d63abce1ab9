import type { CatalogCurrency, CurrencyDescription, WalletPart } from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import type { WalletKey } from '../credit/credit-grant.js';
import { type CreditState, walletTotals } from '../credit/credit-state.js';
import { creditPeriodAt, gives, nextMonth } from '../credit/recurring-credits.js';
import { nextCreditStep } from '../credit/timeline.js';
import { endsAt } from '../subscription/subscription.js';
import { nextDueAt } from '../subscription/timeline.js';
import type { Held } from '../usage/held.js';
import { givenCredits } from './given-credits.js';
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
  const recurring = recurringCreditsOf(standing, key);
  const endsAt = earliest([nextCreditStep(credits, key), recurring.endsAt]);
  return {
    currency: describeCurrency(standing.catalog, key.currencyId),
    version,
    validUntil: earliest([endsAt, recurring.changesAt, own?.firstExpiry ?? null]),
    endsAt,
    hasSoftLimit: recurring.hasSoftLimit,
    ...walletTotals(credits, key),
    held: own?.amount ?? 0n,
    heldUntil: own?.lastExpiry ?? null,
    usagePeriodEnd: recurring.renewsAt,
  };
}

interface RecurringCredits {
  hasSoftLimit: boolean;
  /** When the first of the periods ends after which credits are given anew; null where none is. */
  renewsAt: number | null;
  /** When the first of the subscriptions that give them ends by itself. */
  endsAt: number | null;
  /** When time may next change what is given, such as by an update that is due. */
  changesAt: number | null;
}

const recurringOf = new WeakMap<Standing, Map<string, RecurringCredits>>();

/** Worked out once for a standing: a transaction asks for the same wallets again and again. */
function recurringCreditsOf(standing: Standing, key: WalletKey): RecurringCredits {
  const known = recurringOf.get(standing) ?? new Map<string, RecurringCredits>();
  recurringOf.set(standing, known);
  const place = `${key.currencyId} ${key.resourceId ?? ''}`;
  const recurring = known.get(place) ?? recurringCredits(standing, key);
  known.set(place, recurring);
  return recurring;
}

/** What the subscriptions of a wallet's scope give of its currency; several of them add up, and one soft limit is enough. */
function recurringCredits({ catalog, subscriptions, instant }: Standing, key: WalletKey): RecurringCredits {
  const own = subscriptions.filter(({ resourceId }) => resourceId === key.resourceId);
  const giving = own.filter(gives).flatMap((subscription) => {
    const given = givenCredits(catalog, subscription).filter(({ currencyId }) => currencyId === key.currencyId);
    return given.length === 0 ? [] : [{ subscription, given, endsAt: endsAt(subscription) }];
  });
  const renewals = giving.flatMap(({ subscription, given, endsAt: end }) =>
    given
      .map(({ cadence }) => creditPeriodAt(subscription, cadence, instant).end)
      .filter((renewal) => end === null || renewal < end),
  );
  return {
    hasSoftLimit: giving.some(({ given }) => given.some((each) => each.hasSoftLimit)),
    renewsAt: earliest(renewals),
    endsAt: earliest(giving.map((each) => each.endsAt)),
    changesAt: earliest([
      nextDueAt(own),
      nextMonth(
        giving.map(({ subscription }) => subscription),
        instant,
      ),
    ]),
  };
}

function earliest(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.min(...known);
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
