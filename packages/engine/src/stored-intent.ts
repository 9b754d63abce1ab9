import type { BillingIntent } from './billing/billing-intent.js';
import type { BillingIntentRow } from './storage/billing-store.js';

export function intentToStored({ deferred, content, outcome, ...row }: BillingIntent): BillingIntentRow {
  return { ...row, content: { ask: content, deferred }, outcome: outcome && { ...outcome } };
}

/** A row was an intent when it was written. */
export function intentFromStored({ content, ...row }: BillingIntentRow): BillingIntent {
  return { ...row, content: content.ask, deferred: content.deferred ?? null } as BillingIntent;
}
