import type { BillingIntent, DeferredCommand } from './billing/billing-intent.js';
import type { BillingOutcome, BillingProvider } from './billing/billing-provider.js';

/** How an operation and billing go together. */
export interface BillingContext {
  provider: BillingProvider;
  /** Left out: what changes is stored, and billing is told afterwards. */
  mode?: DeferredUntilBilled | AlreadyBilled;
  /** What the caller wants of a checkout. */
  checkoutOptions: Record<string, unknown> | null;
  /** Hears of intents once they are committed. */
  tell(intents: readonly BillingIntent[], now: number): void;
}

/** What changes is not stored; only the intent is, with the call that is to be made again once billing has confirmed. */
export interface DeferredUntilBilled {
  isDeferred: true;
  subscriptionId: string;
  command: DeferredCommand;
}

/** Billing has confirmed: what changes is stored together with that. */
export interface AlreadyBilled {
  isDeferred: false;
  intent: BillingIntent;
  outcome: BillingOutcome;
}
