import type { Random } from './random.js';

export interface BackoffBounds {
  initialMs: number;
  maxMs: number;
}

/**
 * How long to wait before attempt `attempt` (the first retry is 1): doubling up to a ceiling, then anywhere between half
 * of that and all of it, so that many processes that lost one engine do not come back in step.
 */
export function backoffMs(attempt: number, bounds: BackoffBounds, random: Random): number {
  const ceiling = Math.min(bounds.maxMs, bounds.initialMs * 2 ** Math.min(attempt - 1, 30));
  return ceiling / 2 + (ceiling / 2) * random();
}
