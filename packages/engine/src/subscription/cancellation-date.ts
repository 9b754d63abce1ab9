import type { Subscription } from './subscription.js';

/**
 * What a cancellation date makes of a subscription; null takes the date back, and what a cancellation revoked comes back
 * with it. A trial is tried until it is cancelled: its end moves to the date, be it earlier or later.
 */
export function withCancellationDate<S extends Pick<Subscription, 'trialEndDate' | 'cancellationDate' | 'isRevoked'>>(
  subscription: S,
  isTrial: boolean,
  cancellationDate: number | null,
): S {
  if (cancellationDate === null) return { ...subscription, cancellationDate, isRevoked: false };
  return { ...subscription, cancellationDate, ...(isTrial && { trialEndDate: cancellationDate }) };
}
