import type {
  Amount,
  CreditGrantSourceType,
  CreditGrantStatus,
  CreditGrantType,
  PaymentCollectionMethod,
} from '@tollgate/contract';

/** Which wallet: of one currency, for one resource, or for the customer as a whole where `resourceId` is null. */
export interface WalletKey {
  currencyId: string;
  resourceId: string | null;
}

/** Credits that were given to a wallet, and how many of them are used. */
export interface CreditGrant extends WalletKey {
  grantId: string;
  grantType: CreditGrantType;
  sourceType: CreditGrantSourceType | null;
  status: CreditGrantStatus;
  amount: Amount;
  consumed: Amount;
  /** 0 is used first. */
  priority: number;
  effectiveAt: number;
  /** Null: never. */
  expireAt: number | null;
  voidedAt: number | null;
  createdAt: number;
  /** Recurring grants: the subscription that gives them, and the start of the period that they are for. */
  subscriptionId: string | null;
  periodStart: number | null;
  terms: GrantTerms;
}

/** What burning does not look at. */
export interface GrantTerms {
  displayName: string;
  comment: string | null;
  metadata: Record<string, unknown>;
  /** In whole currency units; null where nothing was paid. */
  cost: { amount: number; currency: string } | null;
  paymentCollection: 'NOT_REQUIRED' | 'PROCESSING' | 'FAILED' | 'ACTION_REQUIRED';
  /** Null: charged. */
  paymentCollectionMethod: PaymentCollectionMethod | null;
  latestInvoice: { billingId: string; status: string; attemptCount: number } | null;
  billingInformation: unknown;
  /** What was asked for, so that the same call again is told from another one; null where nobody asked. */
  requestHash: string | null;
  /** True for what an automatic recharge gave. */
  isRecharge?: boolean;
}

/** Terms of a grant that nobody pays for. */
export function freeTerms(displayName: string): GrantTerms {
  return {
    displayName,
    comment: null,
    metadata: {},
    cost: null,
    paymentCollection: 'NOT_REQUIRED',
    paymentCollectionMethod: null,
    latestInvoice: null,
    billingInformation: null,
    requestHash: null,
  };
}

export const isSameWallet = (a: WalletKey, b: WalletKey): boolean =>
  a.currencyId === b.currencyId && a.resourceId === b.resourceId;

export const remainingOf = ({ amount, consumed }: CreditGrant): Amount => amount - consumed;

/**
 * Burn order: priority, then what ends earlier (what never ends last), promotional before paid, then what took effect
 * earlier, then what was made earlier. Recurring grants count as paid. The id decides what is left, so that everybody
 * burns in the same order.
 */
export function inBurnOrder(a: CreditGrant, b: CreditGrant): number {
  return (
    a.priority - b.priority ||
    compare(a.expireAt ?? Number.POSITIVE_INFINITY, b.expireAt ?? Number.POSITIVE_INFINITY) ||
    Number(b.grantType === 'PROMOTIONAL') - Number(a.grantType === 'PROMOTIONAL') ||
    a.effectiveAt - b.effectiveAt ||
    a.createdAt - b.createdAt ||
    compare(a.grantId, b.grantId)
  );
}

const compare = <T extends number | string>(a: T, b: T): number => (a === b ? 0 : a < b ? -1 : 1);
