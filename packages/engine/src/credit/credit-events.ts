import { type Amount, formatAmount } from '@tollgate/contract';
import { type CreditGrant, remainingOf, type WalletKey } from './credit-grant.js';
import { type CreditState, walletTotals } from './credit-state.js';
import { grantToWire } from './grant-wire.js';

/** Something that happened to credits, by the name under which it is told. */
export interface CreditEvent {
  type: string;
  at: number;
  entity: Record<string, unknown>;
}

/** A grant begins to count, ends, or something else about it changed; it is shown as the API shows it. */
export function grantEvent(
  type: 'credits.granted' | 'credits.expired' | 'credits.grant.updated',
  grant: CreditGrant,
  customerId: string,
  at: number,
): CreditEvent {
  return { type, at, entity: grantToWire(grant, customerId) };
}

/** From how much of what was granted on little is left: a fifth. */
const lowShare = 5n;

/**
 * What is to be told of debits: grants and wallets of which little is left, or nothing. Each is told once, when the line is
 * crossed; what crosses both lines at once is depleted.
 */
export function consumptionEvents(
  before: CreditState,
  after: CreditState,
  customerId: string,
  at: number,
): CreditEvent[] {
  if (before.grants === after.grants) return [];
  const known = new Map(before.grants.map((grant) => [grant.grantId, grant]));
  const ofGrants = after.grants.flatMap((grant): CreditEvent[] => {
    const had = known.get(grant.grantId);
    if (had === grant || !had || grant.status !== 'ACTIVE' || grant.grantType === 'OVERDRAFT') return [];
    const level = crossed(remainingOf(had), remainingOf(grant), grant.amount);
    return level ? [{ type: `credits.grant.${level}`, at, entity: grantToWire(grant, customerId) }] : [];
  });
  const ofWallets = after.wallets.flatMap((wallet): CreditEvent[] => {
    const { balance, totalGranted } = walletTotals(after, wallet);
    const level = crossed(walletTotals(before, wallet).balance, balance, totalGranted);
    return level ? [walletEvent(`credits.balance.${level}`, after, wallet, customerId, at)] : [];
  });
  return [...ofGrants, ...ofWallets];
}

/** A wallet has little left, or nothing; with its numbers. */
export function walletEvent(
  type: 'credits.balance.usage_low' | 'credits.balance.depleted',
  state: CreditState,
  { currencyId, resourceId }: WalletKey,
  customerId: string,
  at: number,
): CreditEvent {
  const { balance, totalGranted, totalConsumed } = walletTotals(state, { currencyId, resourceId });
  const entity = {
    customerId,
    currencyId,
    resourceId,
    currentBalance: formatAmount(balance),
    totalGranted: formatAmount(totalGranted),
    totalConsumed: formatAmount(totalConsumed),
  };
  return { type, at, entity };
}

function crossed(had: Amount, has: Amount, granted: Amount): 'depleted' | 'usage_low' | null {
  if (has >= had) return null;
  if (had > 0n && has <= 0n) return 'depleted';
  return has > 0n && had * lowShare > granted && has * lowShare <= granted ? 'usage_low' : null;
}
