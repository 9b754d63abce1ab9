import { isTollgateError } from '@tollgate/contract';
import { type BillingIntent, statusAfter } from './billing/billing-intent.js';
import type { BillingOutcome } from './billing/billing-provider.js';
import { attachEffect, collectEffect } from './billing/outcome-effect.js';
import { alreadySettled } from './billing-changes.js';
import { equalJson } from './catalog/json.js';
import { cancelSubscription } from './change-subscriptions.js';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import { grantPaid } from './grant-payment.js';
import { type Commanded, changeStanding, type Moment } from './standing-change.js';
import { readIntent, readPaymentMethodId, saveOutcome } from './storage/billing-store.js';
import { readOwner } from './storage/subscription-store.js';
import { intentFromStored } from './stored-intent.js';

/** Asks the provider, or, where it has been asked, what has become of it. Never call this inside a transaction. */
export async function askProvider(
  { billing: { provider }, database }: EngineContext,
  intent: BillingIntent,
  now: number,
): Promise<BillingOutcome> {
  const { intentId, environmentId } = intent;
  const call = { intentId, environmentId, now };
  if (intent.status === 'WAITING' && intent.outcome) {
    if (!provider.lookUp) return intent.outcome;
    const { customerId } = intent.content.payer;
    const paymentMethodId = await readPaymentMethodId(database, environmentId, customerId);
    const found = await provider.lookUp({ ...call, paymentMethodId });
    if (found) return found;
  }
  const confirmed: BillingOutcome = { status: 'confirmed' };
  switch (intent.kind) {
    case 'collect':
      return (await provider.collect?.({ ...call, ...intent.content })) ?? confirmed;
    case 'grant':
      return (await provider.collectGrant?.({ ...call, ...intent.content })) ?? confirmed;
    case 'cancel':
      return (await provider.cancel?.({ ...call, ...intent.content })) ?? confirmed;
    case 'attach':
      return (await provider.attachPaymentMethod?.({ ...call, ...intent.content })) ?? confirmed;
    case 'detach':
      return (await provider.detachPaymentMethod?.({ ...call, ...intent.content })) ?? confirmed;
  }
}

/** Stores an answer with what follows from it, in one transaction; returns the intent as it is stored then. */
export async function commitOutcome(
  context: EngineContext,
  intent: BillingIntent,
  outcome: BillingOutcome,
  now: number,
): Promise<BillingIntent> {
  const status = statusAfter(outcome);
  if (status === intent.status && equalJson(outcome, intent.outcome)) return intent;
  if (intent.deferred && status === 'DONE') {
    await runDeferred(context, intent, outcome, now);
  } else {
    const { environmentId, customerId } = intent;
    const owner = await ownerOf(context, intent);
    const target = { environmentId, customerIds: [...new Set([customerId, owner])], mayBeArchived: true };
    await changeStanding(context, target, now, async (states, moment) => {
      const isNews = await saveOutcome(moment.tx, { ...intent, status }, outcome);
      return isNews ? effectOf(states, intent, outcome, moment) : { states, events: [], value: null };
    });
  }
  const row = await readIntent(context.database, intent.intentId);
  return row ? intentFromStored(row) : { ...intent, status, outcome };
}

/** A subscription may have gone over to another customer since. */
async function ownerOf({ database }: EngineContext, intent: BillingIntent): Promise<string> {
  const { environmentId, customerId, subscriptionId } = intent;
  if (intent.kind !== 'collect' || subscriptionId === null) return customerId;
  return (await readOwner(database, environmentId, 'subscription', subscriptionId)) ?? customerId;
}

function effectOf(
  states: CustomerState[],
  intent: BillingIntent,
  outcome: BillingOutcome,
  moment: Moment,
): Commanded<null> {
  const { now: at, catalog, revisionOf } = moment;
  const refused = outcome.status === 'error' ? [syncFailed(intent, outcome.message, at)] : [];
  if (intent.kind === 'collect') {
    const effects = states.map(({ customerId, subscriptions }) =>
      collectEffect(subscriptions, intent, outcome, { at, catalog, revision: revisionOf(customerId) }),
    );
    return {
      states: states.map((state, index) => {
        const { after = state.subscriptions } = effects[index] ?? {};
        return after === state.subscriptions ? state : { ...state, subscriptions: after };
      }),
      events: [...refused, ...effects.flatMap(({ events }) => events)],
      billed: intent.subscriptionId === null ? [] : [intent.subscriptionId],
      value: null,
    };
  }
  const [state] = states;
  if (intent.kind === 'grant' && state) {
    const { credits, events } = grantPaid(state, intent, outcome, at);
    return { states: [{ ...state, credits }], events: [...refused, ...events], value: null };
  }
  if (intent.kind !== 'attach' || !state?.customer) return { states, events: refused, value: null };
  const { paymentMethodId } = intent.content;
  const { after, events } = attachEffect(state.customer, paymentMethodId, outcome, at);
  return {
    states: after === state.customer ? states : [{ ...state, customer: after }],
    events: [...refused, ...events],
    billed: [paymentMethodId],
    value: null,
  };
}

function syncFailed(intent: BillingIntent, message: string, at: number) {
  const { customerId, subscriptionId, grantId, intentId, kind } = intent;
  const entity = { customerId, subscriptionId, grantId, intentId, kind, message };
  return { type: 'third_party_sync_failed', at, entity };
}

/** Does what waited for billing. It was possible when it was asked for; if it no longer is, billing is done all the same. */
async function runDeferred(
  context: EngineContext,
  intent: BillingIntent,
  outcome: BillingOutcome,
  now: number,
): Promise<void> {
  const billing = { ...context.billing, mode: { isDeferred: false as const, intent, outcome } };
  const input = intent.deferred?.input as Parameters<typeof cancelSubscription>[2];
  try {
    await cancelSubscription({ ...context, billing }, intent.environmentId, input, now);
  } catch (error) {
    if (error === alreadySettled) return;
    if (!isTollgateError(error) || error.isRetryable) throw error;
    await context.database.transaction((tx) => saveOutcome(tx, { ...intent, status: 'DONE' }, outcome));
  }
}
