import { amountToNumber, type CurrencyDescription, type Decision, type WalletPart } from '@tollgate/contract';
import type { EntitlementFallback } from './fallback.js';
import type { Entitlement, EntitlementBase } from './results.js';

export interface CreditCurrency {
  currencyId: string;
  displayName: string;
  description?: string;
  symbol?: string;
  /** What one credit is called, and several. Left out where they have no name. */
  units?: { singular: string; plural: string };
  /** The same as in `units`. */
  unitSingular?: string;
  unitPlural?: string;
  metadata: Record<string, string>;
}

/** What a wallet holds; all of it in credits. */
export interface CreditNumbers {
  /** Granted less consumed over the grants that count now, less what was overdrawn: may be negative. */
  currentBalance: number;
  totalGranted: number;
  totalConsumed: number;
}

/** What `getCreditBalance` answers. */
export interface CreditBalance extends CreditNumbers {
  currency: CreditCurrency;
}

/** What a customer, or a resource, may spend of one currency. */
export interface CreditEntitlement extends EntitlementBase, CreditNumbers {
  type: 'CREDIT';
  /** Left out where nothing is known of the currency. */
  currency?: CreditCurrency;
  /** The same as `totalGranted`. */
  usageLimit: number;
  /** The same as `totalConsumed`. */
  currentUsage: number;
  /** Using more than there is, is counted and not stopped. */
  hasSoftLimit: boolean;
  /** When recurring credits are next renewed. Left out where none are. */
  usagePeriodEnd?: Date;
  /** When the numbers are due to change by themselves. Left out where they are not. */
  validUntil?: Date;
}

/** Of a feature, or of a currency: `type` tells. */
export type EntitlementV2 = Entitlement | CreditEntitlement;

export function creditEntitlementOf({ hasAccess, reason, wallet, hasSoftLimit }: Decision): CreditEntitlement {
  const numbers = wallet ? numbersOf(wallet) : nothing;
  return {
    type: 'CREDIT',
    hasAccess,
    isFallback: false,
    accessDeniedReason: reason,
    ...(wallet && { currency: creditCurrencyOf(wallet.currency) }),
    ...numbers,
    usageLimit: numbers.totalGranted,
    currentUsage: numbers.totalConsumed,
    hasSoftLimit,
    ...(wallet && wallet.usagePeriodEnd !== null && { usagePeriodEnd: new Date(wallet.usagePeriodEnd) }),
    ...(wallet && wallet.validUntil !== null && { validUntil: new Date(wallet.validUntil) }),
  };
}

/** The answer while the state is unknown: as if `usageLimit` had been granted and nothing used. */
export function creditFallbackOf({ hasAccess, usageLimit = 0, hasSoftLimit = false }: EntitlementFallback) {
  return {
    type: 'CREDIT',
    hasAccess,
    isFallback: true,
    accessDeniedReason: hasAccess ? null : 'Unknown',
    currentBalance: usageLimit,
    totalGranted: usageLimit,
    totalConsumed: 0,
    usageLimit,
    currentUsage: 0,
    hasSoftLimit,
  } satisfies CreditEntitlement;
}

export function creditCurrencyOf(currency: CurrencyDescription): CreditCurrency {
  const { currencyId, displayName, description, symbol, unit, units, metadata } = currency;
  return {
    currencyId,
    displayName,
    ...(description !== null && { description }),
    ...(symbol !== null && { symbol }),
    ...(unit !== null &&
      units !== null && { units: { singular: unit, plural: units }, unitSingular: unit, unitPlural: units }),
    metadata: { ...metadata },
  };
}

const nothing: CreditNumbers = { currentBalance: 0, totalGranted: 0, totalConsumed: 0 };

function numbersOf({ balance, totalGranted, totalConsumed }: WalletPart): CreditNumbers {
  return {
    currentBalance: amountToNumber(balance),
    totalGranted: amountToNumber(totalGranted),
    totalConsumed: amountToNumber(totalConsumed),
  };
}
