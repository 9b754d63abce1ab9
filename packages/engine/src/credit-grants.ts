import {
  type CreditGrantWire,
  type GrantCreditsInput,
  invalidArgument,
  type Snapshot,
  TollgateError,
} from '@tollgate/contract';
import { activate, endGrant } from './credit/burn.js';
import { type CreditEvent, grantEvent } from './credit/credit-events.js';
import { type CreditGrant, isSameWallet } from './credit/credit-grant.js';
import { type CreditState, withGrants, withWallet } from './credit/credit-state.js';
import { assertGrantIds, type RequestedGrant, readGrantRequest, requestHash } from './credit/grant-request.js';
import { grantToWire } from './credit/grant-wire.js';
import { rechargeVoided } from './credit/recharge.js';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import { type Commanded, changeStanding, type Moment } from './standing-change.js';
import { readGrant } from './storage/credit-store.js';
import type { Queryable } from './storage/database.js';
import { readOwner } from './storage/subscription-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { grantFromStored } from './stored-credits.js';

/** A grant after a change. */
export interface ChangedGrant {
  grant: CreditGrantWire;
  /** Of the customer, and of the resource whose wallet it is. */
  snapshots: Snapshot[];
}

/**
 * Grants credits. What is charged first is PAYMENT_PENDING, and billing is asked after the commit. A call with the id of a
 * grant that said the same answers with that grant as it is now; one that said something else rejects with CONFLICT.
 */
export async function grantCredits(
  context: EngineContext,
  environmentId: string,
  input: GrantCreditsInput,
  now: number,
): Promise<ChangedGrant> {
  assertGrantIds(input);
  const { customerId, resourceId = null } = input;
  const target = { environmentId, customerIds: [customerId], scopes: [null, resourceId] };
  const isCollected = context.billing.provider.collectGrant !== undefined;
  const done = await changeStanding(context, target, now, async ([before], moment) => {
    const state = before as CustomerState;
    const known = await knownGrant(state, { environmentId, customerId }, input, moment.tx);
    if (known) return { states: [state], events: [], value: known };
    const requested = readGrantRequest(moment.catalog, input, { now: moment.now, newId: () => moment.newId('grant') });
    return granted(state, requested, isCollected, moment);
  });
  return { grant: grantToWire(done.value, customerId), snapshots: done.snapshots };
}

function granted(
  state: CustomerState,
  { grant, isChargedFirst }: RequestedGrant,
  isCollected: boolean,
  { now }: Moment,
): Commanded<CreditGrant> {
  const open = withWallet(state.credits, grant);
  const { credits, events } = !(isCollected && isChargedFirst)
    ? begun(open, grant, state.customerId, now)
    : { credits: withGrants(open, [unpaid(grant)]), events: [] };
  const { resourceIds } = state;
  const isNewResource = grant.resourceId !== null && !resourceIds.includes(grant.resourceId);
  const after: CustomerState = {
    ...state,
    credits,
    resourceIds: isNewResource ? [...resourceIds, grant.resourceId as string] : resourceIds,
  };
  return { states: [after], events, value: inState(credits, grant.grantId) ?? grant };
}

function begun(credits: CreditState, grant: CreditGrant, customerId: string, now: number) {
  if (grant.status === 'SCHEDULED') return { credits: withGrants(credits, [grant]), events: [] as CreditEvent[] };
  const after = activate(credits, grant, now);
  const shown = inState(after, grant.grantId) ?? grant;
  return { credits: after, events: [grantEvent('credits.granted', shown, customerId, now)] };
}

const unpaid = (grant: CreditGrant): CreditGrant => ({
  ...grant,
  status: 'PAYMENT_PENDING',
  terms: { ...grant.terms, paymentCollection: 'PROCESSING' },
});

/** The grant that has the id already; null when it is free. Rejects with CONFLICT when it is another one. */
async function knownGrant(
  { credits }: CustomerState,
  key: CustomerKey,
  input: GrantCreditsInput,
  tx: Queryable,
): Promise<CreditGrant | null> {
  const { grantId } = input;
  if (grantId == null) return null;
  const owner = await readOwner(tx, key.environmentId, 'grant', grantId);
  if (owner === null) return null;
  const grant = owner === key.customerId ? (inState(credits, grantId) ?? (await storedGrant(tx, key, grantId))) : null;
  if (grant?.terms.requestHash === requestHash(input)) return grant;
  const message = `there is a grant ${grantId} already, of another content or of another customer`;
  throw new TollgateError('CONFLICT', message, { field: 'grantId' });
}

const inState = ({ grants }: CreditState, id: string): CreditGrant | undefined =>
  grants.find(({ grantId }) => grantId === id);

async function storedGrant(tx: Queryable, key: CustomerKey, grantId: string): Promise<CreditGrant | null> {
  const row = await readGrant(tx, key, grantId);
  return row && grantFromStored(row);
}

/**
 * Blocks what is left of a grant; what was consumed stays. Rejects with CREDIT_GRANT_NOT_FOUND, or CONFLICT for a grant
 * that has ended or holds a debt.
 */
export async function voidCreditGrant(
  context: EngineContext,
  environmentId: string,
  grantId: string,
  now: number,
  expected: string | null,
): Promise<ChangedGrant> {
  if (typeof grantId !== 'string' || grantId === '') throw invalidArgument('grantId', 'must be the id of a grant');
  const customerId = await readOwner(context.database, environmentId, 'grant', grantId);
  if (customerId === null || (expected !== null && expected !== customerId)) throw grantNotFound(grantId);
  const key = { environmentId, customerId };
  const found = await storedGrant(context.database, key, grantId);
  const scopes = [null, found?.resourceId ?? null];
  const target = { environmentId, customerIds: [customerId], scopes, mayBeArchived: true };
  const done = await changeStanding(context, target, now, async ([before], { tx, now: at }) => {
    const state = before as CustomerState;
    const { credits, grant } = await openedGrant(state.credits, key, grantId, tx);
    const after = endGrant(rechargeVoided(credits, grant), grant, 'VOIDED', at);
    const voided = inState(after, grantId) ?? grant;
    const events = [grantEvent('credits.grant.updated', voided, customerId, at)];
    return { states: [{ ...state, credits: after }], events, value: voided };
  });
  return { grant: grantToWire(done.value, customerId), snapshots: done.snapshots };
}

/** The grant among those to which something can happen; one that was let go of because it is used up is taken back. */
async function openedGrant(
  credits: CreditState,
  key: CustomerKey,
  grantId: string,
  tx: Queryable,
): Promise<{ credits: CreditState; grant: CreditGrant }> {
  const grant = inState(credits, grantId) ?? (await storedGrant(tx, key, grantId));
  if (!grant) throw grantNotFound(grantId);
  const refuse = (why: string) =>
    new TollgateError('CONFLICT', `grant ${grantId} ${why}, so it cannot be voided`, { field: 'grantId' });
  if (grant.status === 'VOIDED') throw refuse('is voided already');
  if (grant.status === 'EXPIRED') throw refuse('has expired');
  if (grant.grantType === 'OVERDRAFT') throw refuse('holds a debt');
  if (inState(credits, grantId)) return { credits, grant };
  const wallets = credits.wallets.map((wallet) =>
    isSameWallet(wallet, grant) ? { ...wallet, retired: wallet.retired - grant.amount } : wallet,
  );
  return { credits: withGrants({ ...credits, wallets }, [grant]), grant };
}

function grantNotFound(grantId: string): TollgateError {
  return new TollgateError('CREDIT_GRANT_NOT_FOUND', `there is no grant ${grantId}`, { field: 'grantId' });
}
