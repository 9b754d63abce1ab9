import { TollgateError } from '@tollgate/contract';
import { type Ask, askedOfBilling, payerFrom } from './billing/asked-of-billing.js';
import { type BillingIntent, intentId, methodOf } from './billing/billing-intent.js';
import type { Payer } from './billing/billing-provider.js';
import { noCredits } from './credit/credit-state.js';
import { type Customer, customerFromStored } from './customer/customer.js';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import { grantAsks, unpaidGrants } from './grant-payment.js';
import {
  addIntents,
  dropCollecting,
  dropGrantPayments,
  readOpenIntents,
  saveOutcome,
} from './storage/billing-store.js';
import { readStanding, saveRevision } from './storage/customer-store.js';
import type { Queryable } from './storage/database.js';
import { intentFromStored, intentToStored } from './stored-intent.js';
import { isOpen, type Subscription } from './subscription/subscription.js';

export interface BillingChanges {
  /** The states, with payments that are under way marked. */
  states: CustomerState[];
  /** Committed with the change, and to be told of afterwards. */
  intents: BillingIntent[];
  /** True: nothing but the intents is to be stored now. */
  isDeferred: boolean;
  /** Writes what billing is to hear; after the customers are stored, in the same transaction. */
  store(): Promise<void>;
}

export interface ChangedStates {
  environmentId: string;
  before: readonly CustomerState[];
  after: CustomerState[];
  /** Ids of subscriptions and payment methods whose change came from billing. */
  billed: readonly string[];
  now: number;
  revisionOf(customerId: string): number;
}

/** Another server was faster with the same confirmation. */
export const alreadySettled = new TollgateError('CONFLICT', 'billing has settled this already');

/** Finds what billing must hear of a change. */
export async function billingChanges(
  context: EngineContext,
  tx: Queryable,
  changed: ChangedStates,
): Promise<BillingChanges> {
  const { provider, mode } = context.billing;
  const billed = new Set(changed.billed);
  if (mode?.isDeferred === false) {
    if (!(await saveOutcome(tx, { ...mode.intent, status: 'DONE' }, mode.outcome))) throw alreadySettled;
    if (mode.intent.subscriptionId !== null) billed.add(mode.intent.subscriptionId);
  }
  if (Object.values(methodOf).every((method) => provider[method] === undefined)) {
    return { states: changed.after, intents: [], isDeferred: false, store: async () => undefined };
  }
  const asks = await asksOf(context, tx, { ...changed, billed });
  const isDeferred = mode?.isDeferred === true && asks.some(({ ask }) => ask.subscriptionId === mode.subscriptionId);
  const wanted = isDeferred ? asks.filter(({ ask }) => ask.subscriptionId === mode.subscriptionId) : asks;
  const open = isDeferred ? await openIntent(tx, changed.environmentId, wanted) : undefined;
  const intents = open
    ? []
    : wanted.map(({ customerId, ask }, index) => intentOf(context, changed, customerId, ask, index));
  return {
    states: isDeferred ? changed.after : changed.after.map((state) => withPayments(state, intents)),
    intents: open ? [open] : intents,
    isDeferred,
    store: async () => {
      await addIntents(tx, intents.map(intentToStored));
      if (isDeferred) await keepRevisions(tx, changed, intents);
      else await dropEnded(tx, changed);
    },
  };
}

type Asked = { customerId: string; ask: Ask };

async function asksOf(
  context: EngineContext,
  tx: Queryable,
  { environmentId, before, after, billed, now }: Omit<ChangedStates, 'billed'> & { billed: Set<string> },
): Promise<Asked[]> {
  const subscriptionsBefore = new Map(
    before.flatMap(({ subscriptions }) => subscriptions.map((one) => [one.subscriptionId, one] as const)),
  );
  const payers = await payersOf(tx, environmentId, after, subscriptionsBefore);
  const { provider, checkoutOptions } = context.billing;
  return after.flatMap((state, index) => {
    const payerOf = ({ payingCustomerId }: Subscription): Payer => {
      const payer = payers.get(payingCustomerId ?? state.customerId);
      if (!payer) throw new TollgateError('INTERNAL', `the payer ${payingCustomerId} is not there`);
      return payer;
    };
    const asks = askedOfBilling(provider, {
      before: before[index] as CustomerState,
      after: state,
      subscriptionsBefore,
      billed,
      at: now,
      payerOf,
      checkoutOptions,
    });
    const payer = state.customer && payerFrom(state.customer);
    const ofGrants = grantAsks(provider, (before[index] as CustomerState).credits, state, payer);
    return [...asks, ...ofGrants].map((ask) => ({ customerId: state.customerId, ask }));
  });
}

async function payersOf(
  tx: Queryable,
  environmentId: string,
  states: readonly CustomerState[],
  before: ReadonlyMap<string, Subscription>,
): Promise<Map<string, Payer>> {
  const known = states.flatMap(({ customer }) => customer ?? []);
  const payers = new Map(known.map((customer: Customer) => [customer.customerId, payerFrom(customer)]));
  const changed = states
    .flatMap(({ subscriptions }) => subscriptions)
    .filter((one) => before.get(one.subscriptionId) !== one);
  for (const { payingCustomerId } of changed) {
    if (payingCustomerId === null || payers.has(payingCustomerId)) continue;
    const row = await readStanding(tx, environmentId, payingCustomerId, []);
    if (row?.customer) payers.set(payingCustomerId, payerFrom(customerFromStored(row.customer)));
  }
  return payers;
}

function intentOf(
  { epoch, billing }: EngineContext,
  { environmentId, now, revisionOf }: ChangedStates,
  customerId: string,
  ask: Ask,
  index: number,
): BillingIntent {
  const revision = revisionOf(customerId);
  return {
    grantId: null,
    ...ask,
    intentId: intentId({ epoch, environmentId, customerId, revision, index, kind: ask.kind }),
    environmentId,
    customerId,
    status: 'OPEN',
    deferred: billing.mode?.isDeferred ? billing.mode.command : null,
    outcome: null,
    createdAt: now,
  };
}

/** The same cancellation, asked for a second time while billing has not answered: there is one intent for both. */
async function openIntent(
  tx: Queryable,
  environmentId: string,
  asks: readonly Asked[],
): Promise<BillingIntent | undefined> {
  const [first] = asks;
  if (!first) return undefined;
  const open = (await readOpenIntents(tx, environmentId, first.customerId)).map(intentFromStored);
  return open.find(
    ({ kind, subscriptionId, deferred }) =>
      deferred !== null && kind === first.ask.kind && subscriptionId === first.ask.subscriptionId,
  );
}

/** The ids of intents follow from the revision, so one that was used is not used again. */
async function keepRevisions(
  tx: Queryable,
  { environmentId, now, revisionOf }: ChangedStates,
  intents: readonly BillingIntent[],
): Promise<void> {
  for (const customerId of new Set(intents.map((intent) => intent.customerId))) {
    await saveRevision(tx, environmentId, customerId, { revision: revisionOf(customerId), lastNow: now });
  }
}

async function dropEnded(tx: Queryable, { environmentId, before, after }: ChangedStates): Promise<void> {
  for (const [index, { customerId, subscriptions }] of after.entries()) {
    const unpaid = unpaidGrants(before[index]?.credits ?? noCredits, after[index]?.credits ?? noCredits);
    await dropGrantPayments(tx, environmentId, customerId, unpaid);
    const open = new Set((before[index]?.subscriptions ?? []).filter(isOpen).map((one) => one.subscriptionId));
    const ended = subscriptions.filter((one) => !isOpen(one) && open.has(one.subscriptionId));
    await dropCollecting(
      tx,
      environmentId,
      customerId,
      ended.map((one) => one.subscriptionId),
    );
  }
}

function withPayments(state: CustomerState, intents: readonly BillingIntent[]): CustomerState {
  const paid = new Set(
    intents.flatMap((intent) =>
      intent.kind === 'collect' && intent.content.isChargedNow ? [intent.subscriptionId] : [],
    ),
  );
  if (!state.subscriptions.some(({ subscriptionId }) => paid.has(subscriptionId))) return state;
  const subscriptions = state.subscriptions.map((one) =>
    paid.has(one.subscriptionId) ? { ...one, paymentCollection: 'PROCESSING' as const } : one,
  );
  return { ...state, subscriptions };
}
