import {
  type AutomaticRechargeInput,
  type AutomaticRechargeWire,
  assertCustomerId,
  assertId,
} from '@tollgate/contract';
import { payerFrom } from './billing/asked-of-billing.js';
import { type BillingIntent, intentId } from './billing/billing-intent.js';
import { consumptionEvents } from './credit/credit-events.js';
import type { CreditState } from './credit/credit-state.js';
import { assertCurrency } from './credit/grant-request.js';
import { configured, recharge, withRecharge } from './credit/recharge.js';
import { readRecharge } from './credit/recharge-request.js';
import { defaultRecharge, rechargeToWire } from './credit/recharge-settings.js';
import type { CustomerChange } from './customer-change.js';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import type { Standing } from './entitlement/standing.js';
import { grantAsks } from './grant-payment.js';
import { readState } from './read-state.js';
import { changeStanding } from './standing-change.js';
import { addIntents } from './storage/billing-store.js';
import { lowerNextDue } from './storage/customer-store.js';
import { appendEvents } from './storage/domain-event-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { intentToStored } from './stored-intent.js';

/** Settings; the defaults where none were saved. Rejects with CUSTOMER_NOT_FOUND, CURRENCY_NOT_FOUND. */
export async function readAutomaticRecharge(
  context: EngineContext,
  { currencyId, ...key }: CustomerKey & { currencyId: string },
  now: number,
): Promise<AutomaticRechargeWire> {
  assertCustomerId(key.customerId);
  assertId(currencyId, 'currencyId');
  const { state, catalog } = await readState(context, key, now);
  const saved = state.credits.recharges.find((one) => one.currencyId === currencyId);
  if (!saved) assertCurrency(catalog, currencyId);
  return rechargeToWire(saved ?? { currencyId, ...defaultRecharge }, key.customerId);
}

/** Saves settings. Rejects as `readRecharge` says. */
export async function saveAutomaticRecharge(
  context: EngineContext,
  environmentId: string,
  input: AutomaticRechargeInput,
  now: number,
): Promise<AutomaticRechargeWire> {
  const { customerId, currencyId } = input;
  assertCustomerId(customerId);
  assertId(currencyId, 'currencyId');
  const target = { environmentId, customerIds: [customerId], scopes: [] };
  const done = await changeStanding(context, target, now, ([before], { now: at, catalog }) => {
    const state = before as CustomerState;
    const saved = state.credits.recharges.find((one) => one.currencyId === currencyId);
    const hasPaymentMethod = state.customer?.details.defaultPaymentMethod != null;
    const settings = readRecharge(catalog, input, { saved, hasPaymentMethod });
    const credits = withRecharge(state.credits, settings);
    return { states: [{ ...state, credits }], events: [configured(settings, customerId, at)], value: settings };
  });
  return rechargeToWire(done.value, customerId);
}

/** What debits brought about beside themselves. */
export interface CreditTurn {
  credits: CreditState;
  /** To be told to billing after the commit. */
  intents: BillingIntent[];
}

/**
 * Ends debits of one transaction: fills up the wallets that they brought below their thresholds, and stores what is to be
 * told and what billing is to be asked for. Credits themselves are stored by the caller.
 */
export async function endDebits(change: CustomerChange, standing: Standing, after: CreditState): Promise<CreditTurn> {
  const { context, tx, key, now, revision } = change;
  const { customerId } = key;
  const before = standing.credits;
  if (before.grants === after.grants) return { credits: after, intents: [] };
  const { provider } = context.billing;
  const { credits, events } = recharge(before, after, {
    customerId,
    now,
    newId: (prefix) => `${prefix}-${context.randomId()}`,
    catalog: standing.catalog,
    isCollected: provider.collectGrant !== undefined,
  });
  const told = [...consumptionEvents(before, after, customerId, now), ...events];
  const rows = told.map((event, index) => ({ ...event, messageId: `${customerId}/${revision}/${index}`, customerId }));
  await appendEvents(tx, key.environmentId, rows);
  if (credits === after) return { credits, intents: [] };
  const known = new Set(after.grants.map(({ grantId }) => grantId));
  const ends = credits.grants.filter(({ grantId }) => !known.has(grantId)).flatMap(({ expireAt }) => expireAt ?? []);
  if (ends.length > 0) await lowerNextDue(tx, key.environmentId, customerId, Math.min(...ends));
  const payer = standing.customer && payerFrom(standing.customer);
  const intents = grantAsks(provider, after, { customerId, credits }, payer).map(
    (ask, index): BillingIntent => ({
      grantId: null,
      ...ask,
      ...key,
      intentId: intentId({ epoch: context.epoch, ...key, revision, index, kind: ask.kind }),
      status: 'OPEN',
      deferred: null,
      outcome: null,
      createdAt: now,
    }),
  );
  await addIntents(tx, intents.map(intentToStored));
  return { credits, intents };
}
