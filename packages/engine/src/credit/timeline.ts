import { activate, endGrant } from './burn.js';
import { type CreditGrant, isSameWallet, type WalletKey } from './credit-grant.js';
import type { CreditState } from './credit-state.js';

/** The next instant at which a grant begins or ends by itself, in one wallet or in all; null when none does. */
export function nextCreditStep(state: CreditState, wallet?: WalletKey): number | null {
  const instants = state.grants
    .filter((grant) => wallet === undefined || isSameWallet(grant, wallet))
    .flatMap((grant) => stepOf(grant) ?? []);
  return instants.length === 0 ? null : Math.min(...instants);
}

/**
 * Does everything that was due up to and including `now`, each step at its own instant: grants begin and end. What ends
 * at an instant ends before anything begins at it. Pure, and the same whether it runs often or once.
 */
export function bringCreditsUpTo(before: CreditState, now: number): CreditState {
  let state = before;
  for (let at = nextCreditStep(state); at !== null && at <= now; at = nextCreditStep(state)) {
    const due = state.grants.filter((grant) => stepOf(grant) === at);
    for (const grant of due.filter(({ status }) => status === 'ACTIVE')) state = endGrant(state, grant, 'EXPIRED', at);
    for (const grant of due.filter(({ status }) => status === 'SCHEDULED')) state = activate(state, grant, at);
  }
  return state;
}

function stepOf({ status, effectiveAt, expireAt }: CreditGrant): number | null {
  if (status === 'SCHEDULED') return effectiveAt;
  return status === 'ACTIVE' ? expireAt : null;
}
