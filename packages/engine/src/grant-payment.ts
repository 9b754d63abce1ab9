import type { Ask } from './billing/asked-of-billing.js';
import type { BillingIntent } from './billing/billing-intent.js';
import type { BillingOutcome, BillingProvider, Payer } from './billing/billing-provider.js';
import { activate, endGrant } from './credit/burn.js';
import { type CreditEvent, grantEvent } from './credit/credit-events.js';
import type { CreditGrant, GrantTerms } from './credit/credit-grant.js';
import { type CreditState, isOpenGrant, withGrants } from './credit/credit-state.js';
import { grantToWire } from './credit/grant-wire.js';
import { type Recharged, rechargeAnswered } from './credit/recharge.js';

interface Credited {
  customerId: string;
  credits: CreditState;
}

/** What a provider must hear of the grants that a change made. What costs nothing, or is nobody's to collect, is not told. */
export function grantAsks(provider: BillingProvider, before: CreditState, after: Credited, payer: Payer | null): Ask[] {
  if (!provider.collectGrant || !payer || before.grants === after.credits.grants) return [];
  const known = new Set(before.grants.map(({ grantId }) => grantId));
  return after.credits.grants
    .filter((grant) => !known.has(grant.grantId) && isCollected(grant))
    .map((grant) => ({
      kind: 'grant',
      subscriptionId: null,
      grantId: grant.grantId,
      content: {
        grant: grantToWire(grant, after.customerId),
        isChargedNow: grant.status === 'PAYMENT_PENDING',
        payer,
        billingInformation: grant.terms.billingInformation,
      },
    }));
}

const isCollected = ({ terms }: CreditGrant): boolean =>
  terms.cost !== null && terms.paymentCollectionMethod !== 'NONE';

/** The grants that waited for their payment and do no longer, nor count. */
export function unpaidGrants(before: CreditState, after: CreditState): string[] {
  if (before.grants === after.grants) return [];
  const waiting = new Set(after.grants.filter(isOpenGrant).map(({ grantId }) => grantId));
  return before.grants
    .filter(({ status, grantId }) => status === 'PAYMENT_PENDING' && !waiting.has(grantId))
    .map(({ grantId }) => grantId);
}

/**
 * What the outcome of collecting for a grant does to it. Paid first, given afterwards: it counts from the confirmation on,
 * or from its own later date. Once the provider has given up it is voided. One that was voided meanwhile stays so.
 */
export function grantPaid(
  { customerId, credits }: Credited,
  { intentId, grantId }: Pick<BillingIntent, 'intentId' | 'grantId'>,
  outcome: BillingOutcome,
  at: number,
): Recharged {
  const grant = credits.grants.find((other) => other.grantId === grantId);
  if (!grant || !isOpenGrant(grant)) return { credits, events: [] };
  if (grant.terms.isRecharge && outcome.status !== 'waiting') {
    return rechargePaid({ customerId, credits }, grant, { intentId, outcome, at });
  }
  return paid({ customerId, credits }, grant, { intentId, outcome, at });
}

interface Answer {
  intentId: string;
  outcome: BillingOutcome;
  at: number;
}

/** A recharge that was not paid switches recharging off. Nobody stands by for a checkout, so one that needs it is over. */
function rechargePaid(credited: Credited, grant: CreditGrant, answer: Answer): Recharged {
  const isCheckout = answer.outcome.status === 'checkout';
  const outcome = isCheckout ? ({ status: 'error', message: 'nobody is there to pay' } as const) : answer.outcome;
  const { customerId } = credited;
  const done = paid(credited, grant, { ...answer, outcome });
  const told = rechargeAnswered(done.credits, grant, outcome.status === 'confirmed', { customerId, now: answer.at });
  return { credits: told.credits, events: [...done.events, ...told.events] };
}

function paid({ customerId, credits }: Credited, grant: CreditGrant, { intentId, outcome, at }: Answer): Recharged {
  const { grantId } = grant;
  const known: CreditGrant = { ...grant, terms: { ...grant.terms, ...paymentOf(grant.terms, intentId, outcome) } };
  const failures = outcome.status === 'failed' ? [paymentFailed(known, customerId, at)] : [];
  const changed = (after: CreditState): Recharged => {
    const shown = after.grants.find((other) => other.grantId === grantId) as CreditGrant;
    return { credits: after, events: [...failures, grantEvent('credits.grant.updated', shown, customerId, at)] };
  };
  if (grant.status !== 'PAYMENT_PENDING') return changed(withGrants(credits, [known]));
  if (outcome.status === 'confirmed') return started(credits, known, customerId, at);
  const isOver = outcome.status === 'error' || (outcome.status === 'failed' && outcome.isFinal);
  return changed(isOver ? endGrant(credits, known, 'VOIDED', at) : withGrants(credits, [known]));
}

function started(credits: CreditState, grant: CreditGrant, customerId: string, at: number) {
  if (grant.effectiveAt > at) {
    const scheduled: CreditGrant = { ...grant, status: 'SCHEDULED' };
    const events = [grantEvent('credits.grant.updated', scheduled, customerId, at)];
    return { credits: withGrants(credits, [scheduled]), events };
  }
  const after = activate(credits, { ...grant, effectiveAt: at }, at);
  const active = after.grants.find(({ grantId }) => grantId === grant.grantId) as CreditGrant;
  const events = [grantEvent('credits.granted', active, customerId, at)];
  // Paid for too late: what it was to end at has come while the payment was under way.
  const isPast = active.expireAt !== null && active.expireAt <= at;
  return { credits: isPast ? endGrant(after, active, 'EXPIRED', at) : after, events };
}

function paymentOf(terms: GrantTerms, intentId: string, outcome: BillingOutcome): Partial<GrantTerms> {
  const { latestInvoice } = terms;
  switch (outcome.status) {
    case 'confirmed': {
      const attemptCount = latestInvoice?.attemptCount ?? 0;
      const invoice = { billingId: outcome.billingId ?? intentId, status: 'PAID', attemptCount };
      return { paymentCollection: 'NOT_REQUIRED', latestInvoice: invoice };
    }
    case 'checkout':
      return {
        paymentCollection: 'ACTION_REQUIRED',
        latestInvoice: { billingId: outcome.id, status: 'OPEN', attemptCount: 0 },
      };
    case 'waiting':
      return { paymentCollection: 'PROCESSING' };
    case 'failed': {
      const { billingId = intentId, attemptCount } = outcome;
      return { paymentCollection: 'FAILED', latestInvoice: { billingId, status: 'OPEN', attemptCount } };
    }
    case 'error':
      return { paymentCollection: 'FAILED' };
  }
}

function paymentFailed({ grantId, terms }: CreditGrant, customerId: string, at: number): CreditEvent {
  const entity = { customerId, grantId, latestInvoice: terms.latestInvoice };
  return { type: 'customer.payment_failed', at, entity };
}
