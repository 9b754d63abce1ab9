import { createHash } from 'node:crypto';
import type {
  BillingOutcome,
  BillingProvider,
  CancelRequest,
  CollectGrantRequest,
  CollectRequest,
  PaymentMethodRequest,
} from './billing-provider.js';

type Content<Request> = Omit<Request, 'intentId' | 'environmentId' | 'now'>;

/** What the provider is asked for, exactly as every repetition of the call asks for it. */
export type IntentAsk =
  | { kind: 'collect'; content: Content<CollectRequest> }
  | { kind: 'grant'; content: Content<CollectGrantRequest> }
  | { kind: 'cancel'; content: Content<CancelRequest> }
  | { kind: 'attach' | 'detach'; content: Content<PaymentMethodRequest> };

export type IntentKind = IntentAsk['kind'];

/** OPEN: to be asked, perhaps again. WAITING: asked, and not settled. */
export type IntentStatus = 'OPEN' | 'WAITING' | 'DONE' | 'FAILED';

/** What is to be done in the engine once the provider has confirmed; null when it is done already. */
export interface DeferredCommand {
  name: 'cancelSubscription';
  input: unknown;
}

export type BillingIntent = IntentAsk & {
  intentId: string;
  environmentId: string;
  customerId: string;
  subscriptionId: string | null;
  /** The grant of credits that is paid. */
  grantId: string | null;
  status: IntentStatus;
  deferred: DeferredCommand | null;
  outcome: BillingOutcome | null;
  createdAt: number;
};

/** Follows from the change that makes the intent, so that two computations of one change make one intent. */
export function intentId(change: {
  epoch: string;
  environmentId: string;
  customerId: string;
  revision: number;
  index: number;
  kind: IntentKind;
}): string {
  const { epoch, environmentId, customerId, revision, index, kind } = change;
  const text = JSON.stringify([epoch, environmentId, customerId, revision, index]);
  return `${kind}_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

/** The method of the provider that an intent needs; one that it does not have is never asked for. */
export const methodOf = {
  collect: 'collect',
  grant: 'collectGrant',
  cancel: 'cancel',
  attach: 'attachPaymentMethod',
  detach: 'detachPaymentMethod',
} as const satisfies Record<IntentKind, keyof BillingProvider>;

export function statusAfter(outcome: BillingOutcome): IntentStatus {
  if (outcome.status === 'confirmed') return 'DONE';
  if (outcome.status === 'error') return 'FAILED';
  return outcome.status === 'failed' && outcome.isFinal ? 'FAILED' : 'WAITING';
}

/** Whether money is asked for. */
export const isPayment = ({ kind }: Pick<BillingIntent, 'kind'>): boolean => kind === 'collect' || kind === 'grant';

export const isIntentOpen = ({ status }: Pick<BillingIntent, 'status'>): boolean =>
  status === 'OPEN' || status === 'WAITING';

/** Whether whoever waits has an answer: nothing more will happen without somebody else doing something. */
export function isAnswered(intent: BillingIntent): boolean {
  const { outcome } = intent;
  return !isIntentOpen(intent) || outcome?.status === 'checkout' || outcome?.status === 'failed';
}
