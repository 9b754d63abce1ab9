import { describe, expect, test } from 'vitest';
import { decide, explainDecision, type Question, type SnapshotPair } from '../src/index.js';
import { counter, entitlement, feature, jan1, pair, snapshot, units, version, wallet } from './builders.js';

const hour = 3_600_000;
const reports = { featureId: 'feature-reports' };
const credits = { currencyId: 'ai-credits' };
const feb1 = '2026-02-01T00:00:00.000Z';
const monthly = { period: 'MONTH', accordingTo: 'StartOfTheMonth', anchor: jan1 } as const;

/** A customer with 10 reports a month, 6 of them used and 1 held. */
const using6 = pair(
  snapshot(
    [entitlement({ usageLimit: units(10), reset: monthly })],
    [counter(6, { held: units(1), heldUntil: jan1 + hour, usagePeriodStart: jan1, usagePeriodEnd: Date.parse(feb1) })],
    { validUntil: jan1 - 1 },
  ),
);
const own = (over: Parameters<typeof entitlement>[0], more: Parameters<typeof snapshot>[2] = {}): SnapshotPair =>
  pair(snapshot([entitlement(over)], [counter(3)], more));
const boolean = feature({ featureType: 'BOOLEAN', meterType: 'None' });
const formats = feature({ featureType: 'ENUM', meterType: 'None' });
const size = feature({ meterType: 'None' });

describe('an explanation', () => {
  test('names what was compared, the numbers behind it, and the parts that it rests on', () => {
    const question = { ...reports, requestedUsage: units(3), pendingUsage: units(1) };
    expect(explainDecision(using6, question, jan1)).toEqual({
      hasAccess: false,
      reason: 'RequestedUsageExceedingLimit',
      sentence: '6 used, 1 held, 1 pending and 3 asked for come to 11: the limit of 10 would be passed.',
      type: 'METERED',
      steps: [
        { check: 'state-known', isPassed: true, sentence: 'The state of the customer is known.' },
        { check: 'customer-known', isPassed: true, sentence: 'The customer exists.' },
        { check: 'customer-not-archived', isPassed: true, sentence: 'The customer is not archived.' },
        { check: 'entitled', isPassed: true, sentence: 'A source gives something of the feature.' },
        { check: 'sources-known', isPassed: true, sentence: 'What the sources give at this instant is known.' },
        { check: 'kind-matches', isPassed: true, sentence: 'The feature is of the kind METERED.' },
        { check: 'not-revoked', isPassed: true, sentence: 'It is not revoked.' },
        { check: 'usage-known', isPassed: true, sentence: 'What was used is known.' },
        {
          check: 'within-limit',
          isPassed: false,
          sentence: '6 used, 1 held, 1 pending and 3 asked for come to 11: the limit of 10 would be passed.',
        },
      ],
      usage: {
        used: 6,
        held: 1,
        pending: 1,
        requested: 3,
        compared: 11,
        limit: 10,
        hasSoftLimit: false,
        resetAt: feb1,
      },
      credits: null,
      parts: [
        {
          part: 'grants',
          of: 'customer',
          id: null,
          version: { ...version, validFrom: '2026-01-01T00:00:00.000Z' },
          validUntil: '2025-12-31T23:59:59.999Z',
          isDue: true,
        },
        expect.objectContaining({
          part: 'usage',
          of: 'customer',
          id: 'feature-reports',
          validUntil: null,
          isDue: false,
        }),
      ],
    });
  });

  test.each<[string, SnapshotPair | undefined, Question, string]>([
    ['nothing is known', undefined, reports, 'Nothing is known of the customer right now.'],
    ['nobody', own({}, { isCustomerKnown: false }), reports, 'There is no such customer.'],
    ['archived', own({}, { isCustomerArchived: true }), reports, 'The customer is archived.'],
    ['not entitled', own({}), { featureId: 'other' }, 'No source gives anything of the feature.'],
    [
      'no subscription',
      pair(snapshot([], [], { hasActiveSubscription: false })),
      reports,
      'No subscription is active, and no promotional grant stands in for one.',
    ],
    [
      'a resource that is not there',
      pair(snapshot([]), snapshot([], [], { isResourceKnown: false }, 'site-1')),
      reports,
      'The customer has no such resource.',
    ],
    [
      'all sources over',
      own({ endsAt: jan1 }),
      reports,
      'Every source that is known has ended, and the engine could not be asked for what follows.',
    ],
    [
      'another kind',
      own({}),
      { ...reports, expectedType: 'ENUM' },
      'The feature is of the kind METERED, and ENUM was asked for.',
    ],
    ['revoked', own({ isGranted: false }), reports, 'Access is revoked explicitly.'],
    [
      'values',
      own({ feature: formats, enumValues: ['pdf', 'csv'] }),
      { ...reports, requestedValues: ['xlsx'] },
      'A value asked for is not granted; granted are: pdf, csv.',
    ],
    [
      'a value',
      own({ feature: size, usageLimit: units(10) }),
      { ...reports, atMost: units(12) },
      'The value is 10, and 12 is needed.',
    ],
    ['no counter', pair(snapshot([entitlement()])), reports, 'It is not known what was used.'],
    ['a limit reached', own({}), reports, '3 used, 0 held, 0 pending come to 3: the limit of 3 is reached.'],
    ['no wallet', own({}), credits, 'The customer was never given credits of this currency.'],
    [
      'too few credits',
      pair(snapshot([], [], {}, null, [wallet(5)])),
      { ...credits, requestedCredits: units(7), pendingCredits: units(1) },
      'The balance is 5, with 0 held and 1 pending: not enough for 7.',
    ],
    [
      'a wallet that ended',
      pair(snapshot([], [], {}, null, [wallet(5, { endsAt: jan1 })])),
      credits,
      'A grant of credits has begun or ended since, and the engine could not be asked for the balance.',
    ],
    ['granted', own({ feature: boolean }), reports, 'It is granted: nothing stands in the way.'],
    ['no limit', own({ hasUnlimitedUsage: true, usageLimit: null }), reports, 'It is granted without a limit.'],
    [
      'a soft limit',
      own({ hasSoftLimit: true }),
      reports,
      'It is granted: the limit of 3 is soft, so usage beyond it is counted and not stopped.',
    ],
  ])(
    'says in a plain sentence what it came down to, and decides as decide does: %s',
    (_, state, question, sentence) => {
      const explained = explainDecision(state, question, jan1);
      const { hasAccess, reason } = decide(state, question, jan1);
      expect(explained).toMatchObject({ sentence, hasAccess, reason });
      expect(explained.steps.every(({ isPassed }) => isPassed)).toBe(hasAccess);
      expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
    },
  );
});
