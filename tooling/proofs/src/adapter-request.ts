import { type Amount, formatAmount, parseAmount } from '@tollgate/contract';
import fc from 'fast-check';

/** What the handler does, and when the client loses patience: one request as it is sent once. */
export interface Attempt {
  method: 'POST' | 'GET' | 'HEAD';
  /** `jobs` are reserved, `calls` are metered; both have a hard limit. */
  feature: 'jobs' | 'calls';
  amount: Amount;
  ends: 'answers' | 'streams' | 'throws';
  /** What the handler answers with when it answers; a stream has begun with 200. */
  status: number;
  /** What is measured on the way: parts of the amount, and never more than before. The last one counts. */
  measures: readonly Amount[];
  /** How long the application takes to say who pays, before each measurement, and before the end. */
  pausesMs: readonly [number, number, number];
  /** What the client waits for before it goes away; then it takes `leavesAfterMs` more. */
  leaves: 'never' | 'when sent' | 'when decided' | 'when handled' | 'when answered';
  leavesAfterMs: number;
}

/** One thing that a client wants: what it sends at first, and again when that failed or was given up. */
export type Wish = readonly Attempt[];

const amounts = ['1', '1', '2', '3', '0.5', '0.000001'].map((text) => parseAmount(text, 'amount'));
const pauseMs = fc.constantFrom(0, 0, 1, 3, 10, 30);
const halves = fc.constantFrom([], [], [2n], [1n], [0n], [2n, 1n], [1n, 0n], [1n, 1n]);

const attempt = fc
  .record({
    method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'HEAD'),
    feature: fc.constantFrom('jobs', 'calls'),
    amount: fc.constantFrom(...amounts),
    ends: fc.constantFrom('answers', 'answers', 'answers', 'streams', 'streams', 'throws'),
    status: fc.constantFrom(200, 201, 302, 404, 422, 500),
    measures: halves,
    pausesMs: fc.tuple(pauseMs, pauseMs, pauseMs),
    leaves: fc.constantFrom('never', 'never', 'never', 'when sent', 'when decided', 'when handled', 'when answered'),
    leavesAfterMs: pauseMs,
  })
  .map(
    ({ measures, ...each }) => ({ ...each, measures: measures.map((part) => (each.amount * part) / 2n) }) as Attempt,
  );

/** The same for the same seed. */
export function wishes(requests: number, seed: number): Wish[] {
  return fc.sample(fc.array(attempt, { minLength: 1, maxLength: 3 }), { seed, numRuns: requests });
}

/** A request that nothing goes wrong with. */
export function plainAttempt(feature: Attempt['feature'], amount: Amount): Attempt {
  const pausesMs = [0, 0, 0] as const;
  return {
    method: 'POST',
    feature,
    amount,
    ends: 'answers',
    status: 200,
    measures: [],
    pausesMs,
    leaves: 'never',
    leavesAfterMs: 0,
  };
}

export const nameOf = ({ method, feature, amount }: Attempt): string =>
  `${method} of ${formatAmount(amount)} ${feature}`;
