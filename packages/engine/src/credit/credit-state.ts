import type { Amount, CreditLedgerEventType } from '@tollgate/contract';
import { type CreditGrant, isSameWallet, remainingOf, type WalletKey } from './credit-grant.js';
import type { Recharge } from './recharge-settings.js';

/** A wallet, with what of its active grants is used up for good and not looked at any more. */
export interface Wallet extends WalletKey {
  retired: Amount;
}

/** One row of the ledger. */
export interface LedgerEntry extends WalletKey {
  grantId: string;
  type: CreditLedgerEventType;
  amount: Amount;
  featureId: string | null;
  /** Rows of one consumption share it; null for what is no consumption. */
  consumptionId: string | null;
  dimensions: Record<string, unknown> | null;
  /** When it happened. */
  at: number;
}

/** A customer's credits: everything to which something can still happen. */
export interface CreditState {
  wallets: readonly Wallet[];
  /** Open grants, whatever their status. */
  grants: readonly CreditGrant[];
  /** When wallets are filled up by themselves; at most one per currency. */
  recharges: readonly Recharge[];
  /** What happened since the state was loaded, in its order: to be written into the ledger. */
  entries: readonly LedgerEntry[];
}

export const noCredits: CreditState = Object.freeze({ wallets: [], grants: [], recharges: [], entries: [] });

/** The numbers of a wallet over its active grants. */
export interface WalletTotals {
  balance: Amount;
  totalGranted: Amount;
  totalConsumed: Amount;
}

export function walletTotals(state: CreditState, key: WalletKey): WalletTotals {
  const retired = state.wallets.find((wallet) => isSameWallet(wallet, key))?.retired ?? 0n;
  let [totalGranted, totalConsumed] = [retired, retired];
  for (const grant of state.grants) {
    if (grant.status !== 'ACTIVE' || !isSameWallet(grant, key)) continue;
    totalGranted += grant.amount;
    totalConsumed += grant.consumed;
  }
  return { balance: totalGranted - totalConsumed, totalGranted, totalConsumed };
}

export function withWallet(state: CreditState, { currencyId, resourceId }: WalletKey): CreditState {
  const key = { currencyId, resourceId };
  if (state.wallets.some((wallet) => isSameWallet(wallet, key))) return state;
  return { ...state, wallets: [...state.wallets, { ...key, retired: 0n }] };
}

/** The state with some grants in place of those with the same ids; new ones come last. */
export function withGrants(state: CreditState, changed: readonly CreditGrant[]): CreditState {
  const byId = new Map(changed.map((grant) => [grant.grantId, grant]));
  const known = state.grants.map((grant) => byId.get(grant.grantId) ?? grant);
  const added = changed.filter(({ grantId }) => !state.grants.some((grant) => grant.grantId === grantId));
  return { ...state, grants: [...known, ...added] };
}

export function withEntries(state: CreditState, entries: readonly LedgerEntry[]): CreditState {
  return entries.length === 0 ? state : { ...state, entries: [...state.entries, ...entries] };
}

/** An entry about a grant that is no consumption. */
export function entryOf(grant: CreditGrant, type: CreditLedgerEventType, amount: Amount, at: number): LedgerEntry {
  const { grantId, currencyId, resourceId } = grant;
  return { grantId, currencyId, resourceId, type, amount, at, featureId: null, consumptionId: null, dimensions: null };
}

/** True while something can still happen to a grant. */
export function isOpenGrant({ status }: CreditGrant): boolean {
  return status === 'PAYMENT_PENDING' || status === 'SCHEDULED' || status === 'ACTIVE';
}

/** How many used-up grants without an end a wallet keeps at hand, for what is given back. */
const usedUpMax = 20;

/**
 * Lets go of the oldest grants that are used up and never end, so that a wallet stays as quick to read after a thousand
 * grants as after ten. They stay active and part of the totals.
 */
export function retireUsedUp(state: CreditState): { state: CreditState; retired: CreditGrant[] } {
  const retired: CreditGrant[] = [];
  const wallets = state.wallets.map((wallet) => {
    const usedUp = state.grants.filter((grant) => isSameWallet(grant, wallet) && isUsedUp(grant));
    if (usedUp.length <= 2 * usedUpMax) return wallet;
    const oldest = usedUp.sort((a, b) => a.createdAt - b.createdAt).slice(0, usedUp.length - usedUpMax);
    retired.push(...oldest);
    return { ...wallet, retired: oldest.reduce((sum, { amount }) => sum + amount, wallet.retired) };
  });
  if (retired.length === 0) return { state, retired };
  return { state: { ...state, wallets, grants: state.grants.filter((grant) => !retired.includes(grant)) }, retired };
}

function isUsedUp(grant: CreditGrant): boolean {
  const isOver = grant.status === 'ACTIVE' && grant.expireAt === null && grant.grantType !== 'OVERDRAFT';
  return isOver && remainingOf(grant) === 0n;
}
