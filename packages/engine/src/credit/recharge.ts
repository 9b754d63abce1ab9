import {
  type Amount,
  addMonths,
  amountScale,
  amountToNumber,
  type CreditGrantType,
  formatAmount,
  parseAmount,
} from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { activate, type CreditMoment } from './burn.js';
import { type CreditEvent, grantEvent } from './credit-events.js';
import { type CreditGrant, freeTerms } from './credit-grant.js';
import { type CreditState, walletTotals, withGrants, withWallet } from './credit-state.js';
import { purchasePrice } from './grant-request.js';
import { type Recharge, rechargeToWire } from './recharge-settings.js';

export interface RechargeMoment extends CreditMoment {
  customerId: string;
  catalog: Catalog;
  /** True where somebody collects: the credits come once they are paid. */
  isCollected: boolean;
}

export interface Recharged {
  credits: CreditState;
  events: CreditEvent[];
}

type Price = { amount: number; currency: string };

const noticesAtPercent = [100, 90, 80];
const usualPriority = 50;
const grantType: CreditGrantType = 'PAID';

/**
 * Fills up wallets that a debit brought below their thresholds, each by one grant up to its target. While a grant waits
 * for its payment there is no second one. One that would pass the month's cap is not made, and recharging is switched off.
 */
export function recharge(before: CreditState, after: CreditState, moment: RechargeMoment): Recharged {
  let result: Recharged = { credits: after, events: [] };
  for (const settings of after.recharges) {
    if (!settings.isEnabled || !isDebited(before, after, settings.currencyId)) continue;
    const { credits, events } = rechargeOne(result.credits, settings, moment);
    result = { credits, events: [...result.events, ...events] };
  }
  return result;
}

const walletOf = (currencyId: string) => ({ currencyId, resourceId: null });

function isDebited(before: CreditState, after: CreditState, currencyId: string): boolean {
  if (before.grants === after.grants) return false;
  return walletTotals(after, walletOf(currencyId)).balance < walletTotals(before, walletOf(currencyId)).balance;
}

function rechargeOne(state: CreditState, settings: Recharge, moment: RechargeMoment): Recharged {
  const { currencyId } = settings;
  const price = moment.catalog.currencies.get(currencyId)?.content.unitPrice ?? null;
  const bounds = boundsIn(settings, price);
  const { balance } = walletTotals(state, walletOf(currencyId));
  const isOpen = state.grants.some((grant) => grant.currencyId === currencyId && isOpenRecharge(grant));
  if (!bounds || balance >= bounds.threshold || isOpen) return { credits: state, events: [] };
  const amount = bounds.target - balance;
  const cost = price && purchasePrice(amount, price);
  const spending = spend(settings, cost ? parseAmount(cost.amount, 'cost') : 0n, moment.now);
  if (spending.isOverCap) {
    const off = { ...settings, isEnabled: false };
    const attempt = attempted(moment, { currencyId, amount, cost, grantId: null, status: 'FAILED' });
    const events = [attempt, ...limitNotices(settings, null, moment), configured(off, moment.customerId, moment.now)];
    return { credits: withRecharge(state, off), events };
  }
  const charged = { ...settings, spent: spending.spent };
  const grant = rechargeGrant(settings, amount, cost, moment);
  const notices = limitNotices(settings, charged, moment);
  const open = withRecharge(withWallet(state, grant), charged);
  if (grant.status === 'PAYMENT_PENDING') return { credits: withGrants(open, [grant]), events: notices };
  const credits = activate(open, grant, moment.now);
  const active = credits.grants.find(({ grantId }) => grantId === grant.grantId) as CreditGrant;
  const attempt = attempted(moment, { currencyId, amount, cost, grantId: grant.grantId, status: 'SUCCEEDED' });
  return {
    credits,
    events: [grantEvent('credits.granted', active, moment.customerId, moment.now), attempt, ...notices],
  };
}

const isOpenRecharge = ({ status, terms }: CreditGrant): boolean =>
  terms.isRecharge === true && status === 'PAYMENT_PENDING';

/** Threshold and target in credits; null where they are an amount of money and credits have no price. */
function boundsIn(settings: Recharge, price: Price | null): { threshold: Amount; target: Amount } | null {
  const { thresholdType, thresholdValue, targetBalance } = settings;
  if (thresholdType === 'CREDIT_AMOUNT') return { threshold: thresholdValue, target: targetBalance };
  const unit = price ? parseAmount(price.amount, 'unitPrice.amount') : 0n;
  if (unit === 0n) return null;
  const credits = (money: Amount): Amount => (2n * money * amountScale + unit) / (2n * unit);
  return { threshold: credits(thresholdValue), target: credits(targetBalance) };
}

function spend({ spent, maxSpendLimit }: Recharge, cost: Amount, now: number) {
  const month = monthOf(now);
  const amount = (spent.month === month ? spent.amount : 0n) + cost;
  return { spent: { month, amount }, isOverCap: maxSpendLimit !== null && amount > maxSpendLimit };
}

function monthOf(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

function rechargeGrant(
  { currencyId, grantExpirationPeriod }: Recharge,
  amount: Amount,
  cost: Price | null,
  { now, newId, isCollected }: RechargeMoment,
): CreditGrant {
  const isPaidFirst = isCollected && cost !== null && cost.amount > 0;
  return {
    grantId: newId('grant'),
    currencyId,
    resourceId: null,
    grantType,
    sourceType: null,
    status: isPaidFirst ? 'PAYMENT_PENDING' : 'ACTIVE',
    amount,
    consumed: 0n,
    priority: usualPriority,
    effectiveAt: now,
    expireAt: addMonths(now, grantExpirationPeriod === 'ONE_MONTH' ? 1 : 12),
    voidedAt: null,
    createdAt: now,
    subscriptionId: null,
    periodStart: null,
    terms: {
      ...freeTerms('Automatic recharge'),
      cost,
      paymentCollection: isPaidFirst ? 'PROCESSING' : 'NOT_REQUIRED',
      isRecharge: true,
    },
  };
}

/**
 * What an answer of billing about a recharge does to its settings: once it was not paid, nothing is recharged any more.
 * What is given up for good was not spent. `before` is the grant as it stood before the answer.
 */
export function rechargeAnswered(
  state: CreditState,
  before: CreditGrant,
  isPaid: boolean,
  { customerId, now }: { customerId: string; now: number },
): Recharged {
  const { currencyId, grantId, amount, terms } = before;
  const settings = state.recharges.find((one) => one.currencyId === currencyId);
  // A provider that goes on trying says the same again.
  const isNews = isPaid || terms.paymentCollection !== 'FAILED';
  const status = isPaid ? 'SUCCEEDED' : 'FAILED';
  const attempts = isNews
    ? [attempted({ customerId, now }, { currencyId, amount, cost: terms.cost, grantId, status })]
    : [];
  if (isPaid || !settings) return { credits: state, events: attempts };
  const isGivenUp = state.grants.some((grant) => grant.grantId === grantId && grant.status === 'VOIDED');
  const off: Recharge = { ...(isGivenUp ? unspent(settings, before) : settings), isEnabled: false };
  const changes = settings.isEnabled ? [configured(off, customerId, now)] : [];
  return { credits: withRecharge(state, off), events: [...attempts, ...changes] };
}

/** The settings once a recharge is given up that was never paid. */
function unspent(settings: Recharge, { terms, createdAt }: CreditGrant): Recharge {
  if (!terms.cost || settings.spent.month !== monthOf(createdAt)) return settings;
  const amount = settings.spent.amount - parseAmount(terms.cost.amount, 'cost');
  return { ...settings, spent: { ...settings.spent, amount } };
}

/** What it means for the month's spending that a grant is voided: a recharge that waits for its payment is not paid. */
export function rechargeVoided(state: CreditState, grant: CreditGrant): CreditState {
  const settings = state.recharges.find(({ currencyId }) => currencyId === grant.currencyId);
  return settings && isOpenRecharge(grant) ? withRecharge(state, unspent(settings, grant)) : state;
}

export function withRecharge(state: CreditState, settings: Recharge): CreditState {
  const others = state.recharges.filter(({ currencyId }) => currencyId !== settings.currencyId);
  return { ...state, recharges: [...others, settings] };
}

function attempted(
  { customerId, now }: { customerId: string; now: number },
  attempt: { currencyId: string; amount: Amount; cost: Price | null; grantId: string | null; status: string },
): CreditEvent {
  const entity = { customerId, ...attempt, amount: formatAmount(attempt.amount) };
  return { type: 'automatic_recharge.operation.attempted', at: now, entity };
}

/** The settings as the API shows them, whenever they changed. */
export function configured(settings: Recharge, customerId: string, at: number): CreditEvent {
  return { type: 'automatic_recharge.configuration.changed', at, entity: rechargeToWire(settings, customerId) };
}

/** The highest share of the cap that a recharge reaches; all of it where the cap stopped one (`after` null). */
function limitNotices(before: Recharge, after: Recharge | null, { customerId, now }: RechargeMoment): CreditEvent[] {
  const { currencyId, maxSpendLimit: cap } = before;
  if (cap === null || cap === 0n) return [];
  const spentBefore = before.spent.month === monthOf(now) ? before.spent.amount : 0n;
  const percentOf = (amount: Amount): number => Number((amount * 100n) / cap);
  const [was, is] = [percentOf(spentBefore), after ? percentOf(after.spent.amount) : 100];
  const percent = noticesAtPercent.find((step) => is >= step && was < step);
  if (percent === undefined) return [];
  const spent = amountToNumber(after?.spent.amount ?? spentBefore);
  const entity = { customerId, currencyId, percent, spent, maxSpendLimit: amountToNumber(cap) };
  return [{ type: 'credits.automatic_recharge_limit_exceeded', at: now, entity }];
}
