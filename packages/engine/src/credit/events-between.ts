import { type CreditEvent, grantEvent, walletEvent } from './credit-events.js';
import { type CreditGrant, inBurnOrder, type WalletKey } from './credit-grant.js';
import { type CreditState, walletTotals } from './credit-state.js';

/**
 * What is to be told of what happened to credits at one instant: grants that end, those about which something else
 * changed, those that begin to count, and wallets that have nothing left.
 */
export function eventsBetween(before: CreditState, after: CreditState, customerId: string, at: number): CreditEvent[] {
  if (before.grants === after.grants) return [];
  const known = new Map(before.grants.map((grant) => [grant.grantId, grant]));
  const changed = after.grants.filter((grant) => known.get(grant.grantId) !== grant).sort(inBurnOrder);
  const isBegun = (grant: CreditGrant) =>
    grant.status === 'ACTIVE' && grant.grantType !== 'OVERDRAFT' && known.get(grant.grantId)?.status !== 'ACTIVE';
  const ended = changed.filter(({ status }) => status === 'EXPIRED');
  const begun = changed.filter(isBegun);
  const others = changed.filter((grant) => !ended.includes(grant) && !begun.includes(grant));
  return [
    ...ended.map((grant) => grantEvent('credits.expired', grant, customerId, at)),
    ...others.map((grant) => grantEvent('credits.grant.updated', grant, customerId, at)),
    ...begun.map((grant) => grantEvent('credits.granted', grant, customerId, at)),
    ...depletions(before, after, customerId, at),
  ];
}

function depletions(before: CreditState, after: CreditState, customerId: string, at: number): CreditEvent[] {
  const isDepleted = (key: WalletKey) =>
    walletTotals(after, key).balance <= 0n && walletTotals(before, key).balance > 0n;
  return [...after.wallets]
    .sort(byKey)
    .filter(isDepleted)
    .map((key) => walletEvent('credits.balance.depleted', after, key, customerId, at));
}

function byKey(a: WalletKey, b: WalletKey): number {
  const [left, right] = [a, b].map(({ currencyId, resourceId }) => `${currencyId} ${resourceId ?? ''}`);
  return (left as string) < (right as string) ? -1 : 1;
}
