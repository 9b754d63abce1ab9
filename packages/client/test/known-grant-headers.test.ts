import { inspect, isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { assess } from '../src/gate/assessment.js';
import { askedFor } from './asked-builder.js';
import { acme, at, calls, callsCounter, gateMemory, monthly, noon, softCalls } from './known-grant-builders.js';
import { feature, million } from './snapshot-builders.js';

describe('the headers of a request that a known grant lets in', () => {
  test('say how much is left in the units that are sold', () => {
    // Each ten calls begun are one pack, of which there are five.
    const packs = feature({ ...calls, unitTransformation: { divide: 10, round: 'UP' } });
    const { pending, decide, toldAgain } = gateMemory();
    const asked = askedFor({ feature: 'calls', usage: 1 });
    const given = softCalls({ feature: packs, usageLimit: 5n * million });
    const view = at(acme([given], [callsCounter(19n)]), noon);
    const { counter: calledFrom } = decide(asked, view);
    expect(toldAgain(asked, view)?.RateLimit).toBe('"calls";r=3;t=1425600');
    pending.add(calledFrom, million);
    expect(toldAgain(asked, view)?.RateLimit).toBe('"calls";r=2;t=1425600');
  });

  test.each(['draft-11', 'x-ratelimit', 'none'] as const)('are those of one that is decided: %s', (kind) => {
    const units = [undefined, 'UP', 'DOWN'] as const;
    const entitlements = units.flatMap((round) =>
      [10n * million, 2_500_000n, 0n, null].flatMap((usageLimit) =>
        [monthly, null].map((reset) => {
          const sold = round ? { ...calls, unitTransformation: { divide: 3, round } } : calls;
          const hasUnlimitedUsage = usageLimit === null;
          return softCalls({ feature: sold, usageLimit, hasUnlimitedUsage, hasSoftLimit: !hasUnlimitedUsage, reset });
        }),
      ),
    );
    const counters = [-3n, 0n, 7n, 40n].map((used) => callsCounter(used));
    const wrong: string[] = [];
    let told = 0;
    for (const given of entitlements) {
      for (const part of counters) {
        for (const usage of [1, 0.25, -2]) {
          const { pending, decide, toldAgain, admit } = gateMemory(kind);
          const asked = askedFor({ feature: 'calls', usage, mode: 'meter' });
          const view = at(acme([given], [part]), noon);
          const { counter: calledFrom } = decide(asked, view);
          for (const amount of [0n, 400_000n, 2n * million, 20n * million]) {
            pending.add(calledFrom, amount);
            const headers = toldAgain(asked, view);
            if (headers) told += 1;
            const decided = admit({ assessment: assess(asked, view, { pending, fallback: undefined }) }).headers;
            if (!isDeepStrictEqual(headers, decided))
              wrong.push(inspect({ given, part, usage, amount, headers, decided }));
          }
        }
      }
    }
    expect(wrong.slice(0, 1)).toEqual([]);
    // Three kinds of units, four limits, two kinds of resets, four counters, three amounts, four times.
    expect(told).toBe(3 * 4 * 2 * 4 * 3 * 4);
  });
});
