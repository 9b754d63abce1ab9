import { TollgateError } from '@tollgate/contract';
import type { CreditGrant, GrantTerms, WalletKey } from './credit/credit-grant.js';
import { type CreditState, isOpenGrant, retireUsedUp } from './credit/credit-state.js';
import type { Recharge } from './credit/recharge-settings.js';
import { isRemembered } from './credit/recurring-credits.js';
import type { CustomerChange } from './customer-change.js';
import {
  appendLedger,
  type CreditRows,
  claimGrantIds,
  type GrantRow,
  type RechargeRow,
  saveGrants,
  saveRecharges,
  saveWallets,
} from './storage/credit-store.js';

/** Credits as they are stored: '' for the customer's own wallet. */
export function creditsFromStored({ wallets, grants, recharges }: CreditRows): CreditState {
  return {
    wallets: wallets.map((row) => ({ ...walletKeyOf(row), retired: BigInt(row.retired) })),
    grants: grants.map(grantFromStored),
    recharges: recharges.map(rechargeFromStored),
    entries: [],
  };
}

export function grantFromStored({ content, ...row }: GrantRow): CreditGrant {
  return {
    ...row,
    ...walletKeyOf(row),
    grantType: row.grantType as CreditGrant['grantType'],
    sourceType: row.sourceType as CreditGrant['sourceType'],
    status: row.status as CreditGrant['status'],
    amount: BigInt(row.amount),
    consumed: BigInt(row.consumed),
    terms: content as unknown as GrantTerms,
  };
}

interface StoredRecharge
  extends Omit<Recharge, 'currencyId' | RechargeAmount | 'spent'>,
    Record<RechargeAmount, string | null> {
  spent: { month: number; amount: string };
}
type RechargeAmount = 'thresholdValue' | 'targetBalance' | 'maxSpendLimit';

function rechargeFromStored({ currencyId, content }: RechargeRow): Recharge {
  const stored = content as unknown as StoredRecharge;
  return {
    ...stored,
    currencyId,
    thresholdValue: BigInt(stored.thresholdValue ?? 0),
    targetBalance: BigInt(stored.targetBalance ?? 0),
    maxSpendLimit: stored.maxSpendLimit === null ? null : BigInt(stored.maxSpendLimit),
    spent: { ...stored.spent, amount: BigInt(stored.spent.amount) },
  };
}

/** Amounts in whole millionths as text. */
function rechargeToStored({ currencyId, ...settings }: Recharge): RechargeRow {
  const { thresholdValue, targetBalance, maxSpendLimit, spent } = settings;
  const content: StoredRecharge = {
    ...settings,
    thresholdValue: String(thresholdValue),
    targetBalance: String(targetBalance),
    maxSpendLimit: maxSpendLimit === null ? null : String(maxSpendLimit),
    spent: { ...spent, amount: String(spent.amount) },
  };
  return { currencyId, content: { ...content } };
}

/**
 * Writes what differs between two states of a customer's credits, and the ledger rows in between. Returns the wallets
 * that changed. Ledger rows of one transaction are numbered from `firstOrdinal` on.
 */
export async function saveCredits(
  { tx, key, now, revision }: CustomerChange,
  before: CreditState,
  after: CreditState,
): Promise<WalletKey[]> {
  if (before === after) return [];
  const { state, retired } = retireUsedUp(after);
  const changed = [...state.grants, ...retired].filter(
    (grant) => !before.grants.includes(grant) || retired.includes(grant),
  );
  const known = new Set(before.grants.map(({ grantId }) => grantId));
  const added = changed.filter(({ grantId }) => !known.has(grantId)).map(({ grantId }) => grantId);
  const taken = await claimGrantIds(tx, key, added);
  if (taken !== null) {
    throw new TollgateError('CONFLICT', `another customer has a grant ${taken}`, { field: 'grantId' });
  }
  const isOpen = (grant: CreditGrant) => isOpenGrant(grant) || isRemembered(grant, now);
  const forgotten = state.grants.filter((grant) => !isOpen(grant) && !changed.includes(grant));
  await saveGrants(
    tx,
    key,
    [...changed, ...forgotten].map((grant) => {
      const { terms, ...row } = grant;
      const resource = { resourceId: row.resourceId ?? '' };
      return { ...row, ...resource, content: { ...terms }, isOpen: isOpen(grant) && !retired.includes(grant) };
    }),
  );
  const wallets = state.wallets.filter((wallet) => !before.wallets.includes(wallet));
  await saveWallets(
    tx,
    key,
    wallets.map((wallet) => ({ ...wallet, resourceId: wallet.resourceId ?? '' })),
  );
  const recharges = state.recharges.filter((one) => !before.recharges.includes(one));
  await saveRecharges(tx, key, recharges.map(rechargeToStored));
  const rows = after.entries.map(({ at, resourceId, ...entry }, ordinal) => {
    return { ...entry, ordinal, resourceId: resourceId ?? '', happenedAt: at };
  });
  await appendLedger(tx, key, rows, { revision, now });
  return distinctWallets([...changed, ...wallets]);
}

function walletKeyOf({ currencyId, resourceId }: { currencyId: string; resourceId: string }): WalletKey {
  return { currencyId, resourceId: resourceId === '' ? null : resourceId };
}

function distinctWallets(keys: readonly WalletKey[]): WalletKey[] {
  const byText = new Map(
    keys.map(({ currencyId, resourceId }) => [`${currencyId} ${resourceId ?? ''}`, { currencyId, resourceId }]),
  );
  return [...byText.values()];
}
