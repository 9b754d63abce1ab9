import { type CreditGrantWire, formatAmount, toIso, toIsoOrNull } from '@tollgate/contract';
import type { CreditGrant } from './credit-grant.js';

/** A grant as the API shows it. */
export function grantToWire(grant: CreditGrant, customerId: string): CreditGrantWire {
  const { displayName, comment, metadata, cost, paymentCollection, latestInvoice } = grant.terms;
  return {
    grantId: grant.grantId,
    customerId,
    currencyId: grant.currencyId,
    resourceId: grant.resourceId,
    displayName,
    grantType: grant.grantType,
    sourceType: grant.sourceType,
    status: grant.status,
    amount: formatAmount(grant.amount),
    consumedAmount: formatAmount(grant.consumed),
    priority: grant.priority,
    effectiveAt: toIso(grant.effectiveAt),
    expireAt: toIsoOrNull(grant.expireAt),
    voidedAt: toIsoOrNull(grant.voidedAt),
    cost,
    paymentCollection,
    comment,
    metadata,
    latestInvoice,
    createdAt: toIso(grant.createdAt),
  };
}
