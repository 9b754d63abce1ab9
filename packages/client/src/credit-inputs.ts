import {
  type AutomaticRechargeInput,
  CreditGrantType,
  CreditLedgerEventType,
  CreditUsageTimeRange,
  type GrantCreditsInput,
  GrantExpirationPeriod,
  PaymentCollectionMethod,
  RechargeThresholdType,
} from '@tollgate/contract';
import { expirationToWire } from './credit.js';
import {
  amount,
  arrayOf,
  choice,
  customerId,
  date,
  flag,
  id,
  optional,
  type Rule,
  type Rules,
  readFields,
  record,
  text,
  wholeNumber,
} from './field-rules.js';
import { refused } from './input-rules.js';
import type { AmountParam, DateParam } from './subscription-terms.js';
import type { CurrencyId } from './typed-catalog.js';

export interface GrantCredits<Id extends string = CurrencyId> {
  customerId: string;
  currencyId: Id;
  /** The wallet of a resource; left out: the customer's own. */
  resourceId?: string | null;
  /** Above 0. */
  amount: AmountParam;
  displayName: string;
  grantType: 'PAID' | 'PROMOTIONAL';
  /** In whole currency units, the currency in ISO 4217 and lower case. PROMOTIONAL has none. */
  cost?: { amount: number; currency: string } | null;
  /** 0–100, 0 is used first. Default 50. */
  priority?: number | null;
  /** Now when left out; in the future: SCHEDULED until then. */
  effectiveAt?: DateParam | null;
  /** After `effectiveAt`; never when left out. */
  expireAt?: DateParam | null;
  /** At most 200 characters. */
  comment?: string | null;
  metadata?: Record<string, unknown> | null;
  paymentCollectionMethod?: PaymentCollectionMethod | null;
  /** Whether to wait until the payment is confirmed or refused. Default true. */
  awaitPaymentConfirmation?: boolean | null;
  /** Kept and handed to the billing provider. */
  billingInformation?: Record<string, unknown> | null;
  /** An id of the caller's, so that a repeated call grants once; made when left out. */
  grantId?: string | null;
}

export interface VoidCreditGrant {
  grantId: string;
  /** Whose grant it must be, where that is to be made sure. */
  customerId?: string | null;
}

interface CreditPage {
  /** 1–100, default 20. */
  limit?: number | null;
  /** `pagination.next` of a page: what follows it. */
  after?: string | null;
  /** `pagination.prev` of a page: what comes before it. */
  before?: string | null;
}

/** Bounds of a date. */
export interface DateRange {
  gt?: DateParam | null;
  gte?: DateParam | null;
  lt?: DateParam | null;
  lte?: DateParam | null;
}

export interface GetCreditGrants<Id extends string = CurrencyId> extends CreditPage {
  customerId: string;
  currencyId?: Id | null;
  /** Left out: only grants of the customer's own wallets. */
  resourceId?: string | null;
  createdAt?: DateRange | null;
}

export interface GetCreditLedger<Id extends string = CurrencyId> extends CreditPage {
  customerId: string;
  currencyId?: Id | null;
  /** Left out: of the customer and all its resources. */
  resourceId?: string | null;
  /** One type, several, or several with commas between them. */
  eventType?: string | CreditLedgerEventType[] | null;
}

export interface GetCreditUsage<Id extends string = CurrencyId> extends CreditPage {
  customerId: string;
  currencyId?: Id | null;
  /** Left out: of the customer and all its resources. */
  resourceId?: string | null;
  /** Default LAST_MONTH; `startDate` comes first. */
  timeRange?: CreditUsageTimeRange | null;
  /** Inclusive. */
  startDate?: DateParam | null;
  /** Exclusive; now when left out. Only with `startDate`. */
  endDate?: DateParam | null;
  /** Up to 3 dimensions: one series per combination instead of one per feature. */
  groupBy?: string[] | null;
}

export interface GetAutomaticRecharge<Id extends string = CurrencyId> {
  customerId: string;
  currencyId: Id;
}

/** What is left out has its default, whatever was saved before. */
export interface SaveAutomaticRecharge<Id extends string = CurrencyId> extends GetAutomaticRecharge<Id> {
  isEnabled: boolean;
  /** Credits, or their price at the currency's unit price. Default CREDIT_AMOUNT. */
  thresholdType?: RechargeThresholdType | null;
  /** 0 or more: a recharge when the balance is below it. */
  thresholdValue?: AmountParam | null;
  /** Above the threshold, in its unit: how far the wallet is filled up. */
  targetBalance?: AmountParam | null;
  /** Per calendar month in UTC, in whole currency units; null without a cap. */
  maxSpendLimit?: AmountParam | null;
  grantExpirationPeriod?: GrantExpirationPeriod | null;
}

/** A negative amount is for the engine to refuse with the others: what is exact is exact. */
const cost: Rule<GrantCreditsInput['cost']> = optional((value, field) =>
  readFields(value, { amount: plainNumber, currency: text }, `${field}.`),
);

const plainNumber: Rule<number> = (value, field) => {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw refused(field, 'must be a number of at least 0');
  }
  return value;
};

const grantRules: Rules<GrantCreditsInput> = {
  customerId,
  currencyId: id,
  resourceId: optional(id),
  amount: amount(),
  displayName: text,
  grantType: choice({ Paid: CreditGrantType.Paid, Promotional: CreditGrantType.Promotional }),
  cost,
  priority: optional(wholeNumber(0)),
  effectiveAt: optional(date),
  expireAt: optional(date),
  comment: optional(text),
  metadata: optional(record),
  paymentCollectionMethod: optional(choice(PaymentCollectionMethod)),
  awaitPaymentConfirmation: optional(flag),
  billingInformation: optional(record),
  grantId: optional(id),
};

export const grantCreditsInput = (params: GrantCredits) => readFields<GrantCreditsInput>(params, grantRules, '');
export const voidGrantInput = (params: VoidCreditGrant) =>
  readFields(params, { grantId: id, customerId: optional(customerId) }, '');

const pageRules = { limit: optional(wholeNumber(1)), after: optional(text), before: optional(text) };
const scopeRules = { customerId, currencyId: optional(id), resourceId: optional(id) };

const dayBounds = { gt: optional(date), gte: optional(date), lt: optional(date), lte: optional(date) };
const oneMsLater = (instant: string): string => new Date(Date.parse(instant) + 1).toISOString();

/** What travels is one bound inclusive and one exclusive; instants are whole milliseconds, so that says it all. */
const dateRange: Rule<{ createdAfter?: string; createdBefore?: string }> = (value, field) => {
  if (value === undefined || value === null) return {};
  const { gt, gte, lt, lte } = readFields(value, dayBounds, `${field}.`);
  if (gt && gte) throw refused(`${field}.gte`, 'must not be given together with gt');
  if (lt && lte) throw refused(`${field}.lte`, 'must not be given together with lt');
  const from = gte ?? (gt && oneMsLater(gt));
  const to = lt ?? (lte && oneMsLater(lte));
  return { ...(from && { createdAfter: from }), ...(to && { createdBefore: to }) };
};

export function grantsQuery(params: GetCreditGrants) {
  const rules = { ...scopeRules, ...pageRules, createdAt: dateRange };
  const { limit, after, before, createdAt, ...filter } = readFields(params, rules, '');
  return { filter: { ...filter, ...createdAt }, page: { limit, after, before } };
}

const eventType = choice(CreditLedgerEventType);
const eventTypes: Rule<CreditLedgerEventType[] | null | undefined> = (value, field) => {
  if (value === undefined || value === null) return value;
  if (typeof value !== 'string') return arrayOf(eventType)(value, field);
  return value.split(',').map((part) => eventType(part.trim(), field));
};

export function ledgerQuery(params: GetCreditLedger) {
  const rules = { ...scopeRules, ...pageRules, eventType: eventTypes };
  const { limit, after, before, eventType: types, ...filter } = readFields(params, rules, '');
  return { filter: { ...filter, ...(types && { eventTypes: types }) }, page: { limit, after, before } };
}

export function usageQuery(params: GetCreditUsage) {
  const rules = {
    ...scopeRules,
    ...pageRules,
    timeRange: optional(choice(CreditUsageTimeRange)),
    startDate: optional(date),
    endDate: optional(date),
    groupBy: optional(arrayOf(text)),
  };
  const { limit, after, before, ...input } = readFields(params, rules, '');
  return { input, page: { limit, after, before } };
}

export const rechargeQuery = (params: GetAutomaticRecharge) => readFields(params, { customerId, currencyId: id }, '');

const rechargeRules: Rules<AutomaticRechargeInput> = {
  customerId,
  currencyId: id,
  isEnabled: flag,
  thresholdType: optional(choice(RechargeThresholdType)),
  thresholdValue: optional(amount()),
  targetBalance: optional(amount()),
  maxSpendLimit: optional(amount()),
  grantExpirationPeriod: optional((value, field) => expirationToWire[choice(GrantExpirationPeriod)(value, field)]),
};

export const saveRechargeInput = (params: SaveAutomaticRecharge) =>
  readFields<AutomaticRechargeInput>(params, rechargeRules, '');
