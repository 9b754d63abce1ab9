import type {
  AutomaticRechargeWire,
  CreditGrantSourceType,
  CreditGrantStatus,
  CreditGrantType,
  CreditGrantWire,
  CreditLedgerEventType,
  CreditLedgerQuery,
  CreditUsageQuery,
  PaymentCollection,
  RechargeThresholdType,
} from '@tollgate/contract';
import { GrantExpirationPeriod } from '@tollgate/contract';
import { type CreditCurrency, creditCurrencyOf } from './credit-entitlement.js';
import { date, dateOrNull, number, record } from './wire-values.js';

/** Credits that were given to a wallet, and how many of them are used. */
export interface CreditGrant {
  id: string;
  customerId: string;
  currencyId: string;
  /** Null: of the customer's own wallet. */
  resourceId: string | null;
  displayName: string;
  grantType: CreditGrantType;
  sourceType: CreditGrantSourceType | null;
  status: CreditGrantStatus;
  amount: number;
  consumedAmount: number;
  /** 0 is used first. */
  priority: number;
  effectiveAt: Date;
  /** Null: never. */
  expireAt: Date | null;
  voidedAt: Date | null;
  /** In whole currency units; null where nothing was paid. */
  cost: { amount: number; currency: string } | null;
  paymentCollection: PaymentCollection;
  comment: string | null;
  metadata: Record<string, unknown>;
  latestInvoice: { billingId: string; status: string; attemptCount: number } | null;
  createdAt: Date;
}

/** Cursors for `after` and `before`; null at the ends. */
export interface CreditPagination {
  next: string | null;
  prev: string | null;
}

export interface CreditGrantPage {
  /** Newest first. */
  data: CreditGrant[];
  pagination: CreditPagination;
}

/** One thing that happened to credits. */
export interface CreditLedgerEvent {
  eventId: string;
  eventType: CreditLedgerEventType;
  amount: number;
  creditCurrencyId: string;
  creditGrantId: string;
  customerId: string;
  featureId: string | null;
  resourceId: string | null;
  timestamp: Date;
}

export interface CreditLedgerPage {
  /** Oldest first. */
  data: CreditLedgerEvent[];
  pagination: CreditPagination;
}

export interface CreditUsagePoint {
  /** The start of the hour or day that is summed. */
  timestamp: Date;
  value: number;
  eventCount: number;
}

export interface CreditUsageSeries {
  /** Null for a series of dimensions only, and for what was consumed directly. */
  featureId: string | null;
  tags: { key: string; value: string }[];
  totalCredits: number;
  eventCount: number;
  points: CreditUsagePoint[];
}

export interface CreditUsage {
  series: CreditUsageSeries[];
  /** Null where the question names no currency and nothing was used. */
  currency: CreditCurrency | null;
  pagination: CreditPagination;
}

/** When and how far a wallet is filled up by itself. */
export interface AutomaticRechargeConfiguration {
  customerId: string;
  currencyId: string;
  isEnabled: boolean;
  thresholdType: RechargeThresholdType;
  thresholdValue: number;
  targetBalance: number;
  /** Per calendar month in UTC, in whole currency units; null without a cap. */
  maxSpendLimit: number | null;
  grantExpirationPeriod: GrantExpirationPeriod;
}

export function grantOf({ grantId, consumedAmount, ...wire }: CreditGrantWire): CreditGrant {
  return {
    ...wire,
    id: grantId,
    amount: number(wire.amount, 'amount'),
    consumedAmount: number(consumedAmount, 'consumedAmount'),
    effectiveAt: date(wire.effectiveAt),
    expireAt: dateOrNull(wire.expireAt),
    voidedAt: dateOrNull(wire.voidedAt),
    cost: wire.cost as CreditGrant['cost'],
    metadata: record(wire.metadata),
    latestInvoice: wire.latestInvoice && { ...wire.latestInvoice },
    createdAt: date(wire.createdAt),
  };
}

export function ledgerEventOf(wire: CreditLedgerQuery['creditLedger']['data'][number]): CreditLedgerEvent {
  return { ...wire, amount: number(wire.amount, 'amount'), timestamp: date(wire.timestamp) };
}

export function usageOf({ series, currency, pagination }: CreditUsageQuery['creditUsage']): CreditUsage {
  return {
    series: series.map((one) => ({
      featureId: one.featureId,
      tags: one.tags.map((tag) => ({ ...tag })),
      totalCredits: number(one.totalCredits, 'totalCredits'),
      eventCount: one.eventCount,
      points: one.points.map((point) => ({
        timestamp: date(point.timestamp),
        value: number(point.value, 'value'),
        eventCount: point.eventCount,
      })),
    })),
    currency: currency && creditCurrencyOf({ ...currency, metadata: currency.metadata as Record<string, string> }),
    pagination: { ...pagination },
  };
}

export const expirationToWire = {
  [GrantExpirationPeriod.OneMonth]: 'ONE_MONTH',
  [GrantExpirationPeriod.OneYear]: 'ONE_YEAR',
} as const;

export function rechargeOf(wire: AutomaticRechargeWire): AutomaticRechargeConfiguration {
  const isYear = wire.grantExpirationPeriod === 'ONE_YEAR';
  return {
    ...wire,
    thresholdValue: number(wire.thresholdValue, 'thresholdValue'),
    targetBalance: number(wire.targetBalance, 'targetBalance'),
    maxSpendLimit: wire.maxSpendLimit === null ? null : number(wire.maxSpendLimit, 'maxSpendLimit'),
    grantExpirationPeriod: isYear ? GrantExpirationPeriod.OneYear : GrantExpirationPeriod.OneMonth,
  };
}

/** What one report or consumption did to a wallet. Amounts are credits. */
export interface CreditAck {
  currencyId: string;
  /** Consumed of the whole wallet, after the call. */
  currentUsage: number;
  /** Granted to the whole wallet. */
  usageLimit: number;
  /** When the wallet last changed; for display. */
  timestamp: Date;
  /** By this call alone; 0 for a repetition. */
  consumed: number;
  /** When recurring credits are next renewed; left out when none are. */
  usagePeriodEnd?: Date;
}
