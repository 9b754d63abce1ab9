import type { SandboxOutcome } from '@tollgate/contract';
import { type IntentKind, isPayment } from './billing-intent.js';
import type { BillingOutcome } from './billing-provider.js';

/** How long the sandbox waits before it tries a refused payment again, and how often it tries at all. */
export const retryAfterMs = 6 * 60 * 60 * 1000;
export const triesMax = 4;

/** CHECKOUT: somebody has to pay. WAITING: to be settled by hand. RETRYING: refused, and tried again by itself. */
export type SandboxStatus = 'CHECKOUT' | 'WAITING' | 'RETRYING' | 'SUCCEEDED' | 'FAILED';

/** One call as the sandbox remembers it. */
export interface SandboxItem {
  intentId: string;
  environmentId: string;
  subscriptionId: string | null;
  kind: IntentKind;
  status: SandboxStatus;
  /** What a page shows of it. */
  title: string;
  attemptCount: number;
  lastTryAt: number;
  /** The payment method of the last try, or the one that the call is about. */
  paymentMethodId: string | null;
  checkoutOptions: Record<string, unknown> | null;
  createdAt: number;
}

/** Where people and tests decide what becomes of payments in the sandbox. */
export interface SandboxDesk {
  /** Null for an id that the sandbox has never heard of. */
  item(intentId: string): Promise<SandboxItem | null>;
  /** What waits to be settled in an environment, or in every one, the oldest first, at most 100. */
  open(environmentId: string | null): Promise<SandboxItem[]>;
  /** Decides, and resolves when the engine has drawn its conclusions. Rejects with CONFLICT what is settled already. */
  settle(intentId: string, outcome: SandboxOutcome, now: number): Promise<SandboxItem>;
}

/**
 * A payment method behaves as its id says, as test cards do: `…declined` is refused at each try, `…delayed` leaves
 * everything to be settled by hand, `…refused` cannot be attached, `…keeps` lets no subscription be cancelled. Any
 * other one pays.
 */
type Behavior = 'pays' | 'declined' | 'delayed' | 'refused' | 'keeps';
const behaviors: readonly Behavior[] = ['declined', 'delayed', 'refused', 'keeps'];

export function behaviorOf(paymentMethodId: string | null): Behavior {
  return behaviors.find((behavior) => paymentMethodId?.endsWith(behavior)) ?? 'pays';
}

type Begun = Omit<SandboxItem, 'status' | 'attemptCount' | 'lastTryAt'>;

/** The first look at a call. `isChargedNow` matters to payments only. */
export function begin(begun: Begun, isChargedNow: boolean, now: number): SandboxItem {
  const item: SandboxItem = { ...begun, status: 'SUCCEEDED', attemptCount: 0, lastTryAt: now };
  const behavior = behaviorOf(item.paymentMethodId);
  if (isPayment(item)) {
    if (!isChargedNow) return item;
    return item.paymentMethodId === null ? { ...item, status: 'CHECKOUT' } : charge(item, item.paymentMethodId, now);
  }
  if (behavior === 'delayed') return { ...item, status: 'WAITING' };
  const isRefused = item.kind === 'cancel' ? behavior === 'keeps' : item.kind === 'attach' && behavior === 'refused';
  return isRefused ? { ...item, status: 'FAILED' } : item;
}

/** A later look: an open payment is tried again when its time has come, or with a method that was not there before. */
export function lookAgain(item: SandboxItem, paymentMethodId: string | null, now: number): SandboxItem {
  if (!isPayment(item) || paymentMethodId === null) return item;
  const isOther = paymentMethodId !== item.paymentMethodId;
  const isDue = item.status === 'RETRYING' && now >= item.lastTryAt + retryAfterMs;
  const isOpen = item.status === 'CHECKOUT' || item.status === 'WAITING' || item.status === 'RETRYING';
  return isOpen && (isOther || isDue) ? charge(item, paymentMethodId, now) : item;
}

function charge(item: SandboxItem, paymentMethodId: string, now: number): SandboxItem {
  const tried = { ...item, paymentMethodId, lastTryAt: now };
  switch (behaviorOf(paymentMethodId)) {
    case 'declined':
      return declined(tried);
    case 'delayed':
      return { ...tried, status: 'WAITING' };
    default:
      return { ...tried, status: 'SUCCEEDED' };
  }
}

function declined(item: SandboxItem): SandboxItem {
  const attemptCount = item.attemptCount + 1;
  return { ...item, attemptCount, status: attemptCount >= triesMax ? 'FAILED' : 'RETRYING' };
}

/** What a person decides; null when there is nothing to decide any more. */
export function settle(item: SandboxItem, outcome: SandboxOutcome, now: number): SandboxItem | null {
  const isOpen = item.status === 'CHECKOUT' || item.status === 'WAITING' || item.status === 'RETRYING';
  if (!isOpen) return null;
  if (outcome === 'SUCCEED') return { ...item, status: 'SUCCEEDED', lastTryAt: now };
  // A person who gives up a checkout will not come back; a method that was refused is tried again.
  if (isPayment(item) && item.status !== 'CHECKOUT') return declined({ ...item, lastTryAt: now });
  const attemptCount = isPayment(item) ? item.attemptCount + 1 : 0;
  return { ...item, status: 'FAILED', attemptCount, lastTryAt: now };
}

/** Where a person completes a checkout: on the server whose reply says so, because the engine does not know its address. */
export const checkoutPath = (intentId: string): string => `/sandbox/checkout/${intentId}`;

export function outcomeOf(item: SandboxItem): BillingOutcome {
  const { intentId, kind, attemptCount, paymentMethodId } = item;
  switch (item.status) {
    case 'SUCCEEDED': {
      if (kind !== 'attach') return { status: 'confirmed', billingId: `sandbox_${intentId}` };
      return { status: 'confirmed', paymentMethod: { type: 'CARD', last4: lastDigits(paymentMethodId ?? '') } };
    }
    case 'CHECKOUT':
      return { status: 'checkout', id: intentId, url: checkoutPath(intentId) };
    case 'WAITING':
      return { status: 'waiting' };
    case 'RETRYING':
      return { status: 'failed', attemptCount, isFinal: false };
    case 'FAILED':
      if (isPayment(item)) return { status: 'failed', attemptCount, isFinal: true };
      return { status: 'error', message: `the sandbox refused to ${kind}` };
  }
}

/** A number that stands on the card, so that two methods can be told apart. */
function lastDigits(paymentMethodId: string): string {
  const sum = [...paymentMethodId].reduce((total, character) => (total * 31 + character.charCodeAt(0)) % 10_000, 7);
  return String(sum).padStart(4, '0');
}
