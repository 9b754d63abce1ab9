import type { Amount } from '@tollgate/contract';
import { type CreditGrant, freeTerms, inBurnOrder, isSameWallet, remainingOf, type WalletKey } from './credit-grant.js';
import { type CreditState, entryOf, type LedgerEntry, withEntries, withGrants, withWallet } from './credit-state.js';

/** What uses credits. */
export interface Consumption {
  wallet: WalletKey;
  /** Below 0 gives back. */
  amount: Amount;
  at: number;
  featureId: string | null;
  consumptionId: string;
  dimensions: Record<string, unknown> | null;
}

/** The moment of a change, and how something new is named. */
export interface CreditMoment {
  now: number;
  newId(prefix: string): string;
}

/**
 * Uses credits in burn order, one ledger row per grant touched. It never refuses: what the active grants do not have goes
 * to the wallet's overdraft. The caller decides before whether it may.
 */
export function burn(state: CreditState, consumption: Consumption, moment: CreditMoment): CreditState {
  if (consumption.amount < 0n) return giveBack(state, consumption);
  const open = withWallet(state, consumption.wallet);
  const changed: CreditGrant[] = [];
  const entries: LedgerEntry[] = [];
  let left = consumption.amount;
  for (const grant of spendable(open, consumption.wallet)) {
    if (left === 0n) break;
    const part = min(left, remainingOf(grant));
    left -= part;
    changed.push({ ...grant, consumed: grant.consumed + part });
    entries.push(consumed(grant, part, consumption));
  }
  if (left > 0n) {
    const debt = overdraftOf(open, consumption.wallet) ?? newOverdraft(consumption.wallet, moment);
    changed.push({ ...debt, consumed: debt.consumed + left });
    entries.push(consumed(debt, left, consumption));
  }
  return withEntries(withGrants(open, changed), entries);
}

/** Gives credits back: first to the debt, then to active grants, the last burnt first; what has no place is dropped. */
function giveBack(state: CreditState, consumption: Consumption): CreditState {
  const changed: CreditGrant[] = [];
  const entries: LedgerEntry[] = [];
  let left = -consumption.amount;
  const debt = overdraftOf(state, consumption.wallet);
  const active = state.grants
    .filter((grant) => isActiveOf(grant, consumption.wallet) && grant.grantType !== 'OVERDRAFT')
    .sort((a, b) => inBurnOrder(b, a));
  for (const grant of debt ? [debt, ...active] : active) {
    const part = min(left, grant.consumed);
    if (part === 0n) continue;
    left -= part;
    changed.push({ ...grant, consumed: grant.consumed - part });
    entries.push(consumed(grant, -part, consumption));
  }
  return withEntries(withGrants(state, changed), entries);
}

/** Makes a grant count: it is written into the ledger and pays what the wallet owes, all of it or as far as it goes. */
export function activate(state: CreditState, grant: CreditGrant, at: number): CreditState {
  const open = withWallet(state, grant);
  const debt = overdraftOf(open, grant);
  const active: CreditGrant = { ...grant, status: 'ACTIVE' };
  const granted = entryOf(grant, 'CREDITS_GRANTED', grant.amount, at);
  const paid = debt ? min(debt.consumed, remainingOf(active)) : 0n;
  if (!debt || paid === 0n) return withEntries(withGrants(open, [active]), [granted]);
  const left = debt.consumed - paid;
  const rest: CreditGrant =
    left === 0n ? { ...debt, consumed: 0n, status: 'VOIDED', voidedAt: at } : { ...debt, consumed: left };
  return withEntries(withGrants(open, [{ ...active, consumed: active.consumed + paid }, rest]), [
    granted,
    entryOf(debt, 'CREDITS_CONSUMPTION_TRANSFER_SOURCE', paid, at),
    entryOf(grant, 'CREDITS_CONSUMPTION_TRANSFER_TARGET', paid, at),
  ]);
}

/** Ends a grant: what is left of it is gone, what was consumed stays. One that never counted leaves no ledger row. */
export function endGrant(
  state: CreditState,
  grant: CreditGrant,
  status: 'EXPIRED' | 'VOIDED',
  at: number,
): CreditState {
  const ended: CreditGrant = { ...grant, status, ...(status === 'VOIDED' && { voidedAt: at }) };
  const left = grant.status === 'ACTIVE' ? remainingOf(grant) : 0n;
  const type = status === 'VOIDED' ? 'CREDITS_VOIDED' : 'CREDITS_EXPIRED';
  return withEntries(withGrants(state, [ended]), left > 0n ? [entryOf(grant, type, left, at)] : []);
}

const min = (a: Amount, b: Amount): Amount => (a < b ? a : b);

const isActiveOf = (grant: CreditGrant, wallet: WalletKey): boolean =>
  grant.status === 'ACTIVE' && isSameWallet(grant, wallet);

function spendable(state: CreditState, wallet: WalletKey): CreditGrant[] {
  return state.grants.filter((grant) => isActiveOf(grant, wallet) && remainingOf(grant) > 0n).sort(inBurnOrder);
}

function overdraftOf(state: CreditState, wallet: WalletKey): CreditGrant | undefined {
  return state.grants.find((grant) => isActiveOf(grant, wallet) && grant.grantType === 'OVERDRAFT');
}

function newOverdraft({ currencyId, resourceId }: WalletKey, { now, newId }: CreditMoment): CreditGrant {
  return {
    grantId: newId('grant'),
    currencyId,
    resourceId,
    grantType: 'OVERDRAFT',
    sourceType: null,
    status: 'ACTIVE',
    amount: 0n,
    consumed: 0n,
    priority: 0,
    effectiveAt: now,
    expireAt: null,
    voidedAt: null,
    createdAt: now,
    subscriptionId: null,
    periodStart: null,
    terms: freeTerms('Overdraft'),
  };
}

function consumed(grant: CreditGrant, amount: Amount, consumption: Consumption): LedgerEntry {
  const { featureId, consumptionId, dimensions, at } = consumption;
  return { ...entryOf(grant, 'CREDITS_CONSUMED', amount, at), featureId, consumptionId, dimensions };
}
