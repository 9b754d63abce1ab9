import { inspect, isDeepStrictEqual } from 'node:util';
import type { Entitlement, SnapshotKey, SnapshotPair, UsagePart } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { admittedEntitlement } from '../src/gate/admitted-entitlement.js';
import type { Asked } from '../src/gate/asked.js';
import { assess, heldAssessment } from '../src/gate/assessment.js';
import { pendingUsage } from '../src/gate/pending.js';
import { type Requirement } from '../src/gate.js';
import { askedFor } from './asked-builder.js';
import {
  acme,
  at,
  callsCounter,
  feb1,
  formats,
  gateMemory,
  hour,
  isRemembered,
  minute,
  monthly,
  nextYear,
  noon,
  softCalls,
  sso,
  stage,
  upload,
} from './known-grant-builders.js';
import { counter, entitlement, feature, grants, million, snapshot, wallet, wallets } from './snapshot-builders.js';

describe('a known grant', () => {
  test('of mode check is the very answer that an earlier request got, frozen throughout', () => {
    const { known, decide } = gateMemory();
    const asked = askedFor({ feature: 'formats', values: ['pdf'] });
    const snapshots = acme([entitlement({ feature: formats, enumValues: ['pdf', 'xlsx'] })]);
    decide(asked, at(snapshots, noon));
    const first = known.of(asked.requirement, at(snapshots, noon))?.admitted;
    const later = known.of(asked.requirement, at(snapshots, noon + hour))?.admitted;
    expect(later).toBe(first);
    const { admission } = later ?? {};
    expect([admission?.customerId, admission?.resourceId]).toEqual(['acme', null]);
    expect(admission?.entitlements).toEqual({
      formats: expect.objectContaining({ hasAccess: true, source: 'cache', enumValues: ['pdf', 'xlsx'] }),
    });
    const parts = [admission, admission?.entitlements, admission?.entitlements.formats];
    expect([...parts, admission?.entitlements.formats?.enumValues].map(Object.isFrozen)).toEqual(Array(4).fill(true));
  });

  test('of mode meter is no answer by itself: each request charges for its own', () => {
    const { known, decide } = gateMemory();
    const asked = askedFor({ feature: 'calls', usage: 1 });
    const view = at(acme([softCalls()], [callsCounter(0n)]), noon);
    decide(asked, view);
    expect(known.of(asked.requirement, view)).toMatchObject({ admitted: undefined });
  });

  test('ends at the instant at which what granted it ends, with the same snapshot as before', () => {
    const end = noon + hour;
    const asked = askedFor({ feature: 'sso' });
    const trial = entitlement({ feature: sso, endsAt: end });
    const revoked = { ...stage(entitlement({ feature: sso })), isGranted: false };
    for (const [afterwards, reason] of [
      [[revoked], 'Revoked'],
      [[], 'Unknown'],
    ] as const) {
      const { decide, again, answer } = gateMemory();
      const snapshots = acme([{ ...trial, afterwards: [...afterwards] }]);
      decide(asked, at(snapshots, noon));
      const last = again(asked, at(snapshots, end - 1));
      expect(last && admittedEntitlement(last)).toMatchObject({ hasAccess: true, source: 'cache' });
      expect(again(asked, at(snapshots, end))).toBeUndefined();
      const over = answer(asked, at(snapshots, end));
      expect([over.verdict === 'granted', over.decision.reason]).toEqual([false, reason]);
      expect(answer(asked, at(snapshots, end + 1)).verdict).not.toBe('granted');
    }
  });

  test('of what lasts longer, and gives less, is another one from that instant on', () => {
    const end = noon + hour;
    const { answer, again } = gateMemory();
    const [pdf, xlsx] = [{ values: 'pdf' }, { values: 'xlsx' }].map((asks) =>
      askedFor({ feature: 'formats', ...asks }),
    );
    const basic = stage(entitlement({ feature: formats, enumValues: ['pdf'], endsAt: end + hour }));
    const snapshots = acme([
      entitlement({ feature: formats, enumValues: ['pdf', 'xlsx'], endsAt: end, afterwards: [basic] }),
    ]);
    const verdicts = (now: number) =>
      [pdf, xlsx].map((asked) => asked && answer(asked, at(snapshots, now)).decision.reason);
    expect(verdicts(noon)).toEqual([null, null]);
    expect(verdicts(end - 1)).toEqual([null, null]);
    expect(verdicts(end)).toEqual([null, 'RequestedValuesMismatch']);
    const shorter = pdf && again(pdf, at(snapshots, end + hour - 1));
    expect(shorter && admittedEntitlement(shorter).enumValues).toEqual(['pdf']);
    expect(verdicts(end + hour)).toEqual(['Unknown', 'Unknown']);
  });

  test('of a soft limit is no more when a hard one takes its place', () => {
    const end = noon + hour;
    const { answer } = gateMemory();
    const asked = askedFor({ feature: 'calls', usage: 1 });
    const hard = stage(softCalls({ usageLimit: 5n * million, hasSoftLimit: false }));
    const snapshots = acme([softCalls({ endsAt: end, afterwards: [hard] })], [callsCounter(7n)]);
    const told = (now: number) => {
      const { mode, verdict } = answer(asked, at(snapshots, now));
      return [mode, verdict];
    };
    expect(told(noon)).toEqual(['meter', 'granted']);
    expect(told(end - 1)).toEqual(['meter', 'granted']);
    expect(told(end)).toEqual(['reserve', 'denied']);
  });

  test('counts what is pending now, not what was then', () => {
    const { pending, decide, again, toldAgain } = gateMemory();
    const asked = askedFor({ feature: 'calls', usage: 2 });
    const view = at(acme([softCalls()], [callsCounter(3n)]), noon);
    const { counter: calledFrom } = decide(asked, view);
    const told = () => {
      const assessment = again(asked, view);
      const { currentUsage, remaining } = assessment ? admittedEntitlement(assessment) : {};
      return [currentUsage, remaining, toldAgain(asked, view)?.RateLimit];
    };
    // From noon of the 15th to the first of February are 16.5 days of 86,400 seconds.
    expect(told()).toEqual([3, 5, '"calls";r=5;t=1425600']);
    const first = pending.add(calledFrom, 2n * million);
    expect(told()).toEqual([5, 3, '"calls";r=3;t=1425600']);
    const second = pending.add(calledFrom, 4n * million);
    expect(told()).toEqual([9, 0, '"calls";r=0;t=1425600']);
    first.release();
    expect(told()).toEqual([7, 1, '"calls";r=1;t=1425600']);
    second.release();
    expect(told()).toEqual([3, 5, '"calls";r=5;t=1425600']);
  });

  test('counts from 0 again when the period is over, and tells how long the next one lasts', () => {
    const { decide, again, toldAgain, answer, admit } = gateMemory();
    const asked = askedFor({ feature: 'calls', usage: 1 });
    const snapshots = acme([softCalls()], [callsCounter(8n)]);
    decide(asked, at(snapshots, noon));
    // Days from noon of the 15th to the first of February, in seconds, and one of them later.
    const resets = [noon, noon + 1, noon + 999, noon + 1_000].map((now) => toldAgain(asked, at(snapshots, now)));
    expect(resets.map((headers) => headers?.RateLimit)).toEqual([
      '"calls";r=1;t=1425600',
      '"calls";r=1;t=1425600',
      '"calls";r=1;t=1425600',
      '"calls";r=1;t=1425599',
    ]);
    const last = again(asked, at(snapshots, feb1 - 1));
    expect(last && admittedEntitlement(last)).toMatchObject({ currentUsage: 8, remaining: 1 });
    expect(toldAgain(asked, at(snapshots, feb1 - 1))?.RateLimit).toBe('"calls";r=1;t=1');
    const anew = answer(asked, at(snapshots, feb1));
    expect(admittedEntitlement(anew)).toMatchObject({
      currentUsage: 0,
      remaining: 9,
      resetAt: '2026-03-01T00:00:00.000Z',
    });
    // February has 28 days.
    expect(admit({ assessment: anew }).headers).toMatchObject({
      'RateLimit-Policy': '"calls";q=10;w=2419200',
      RateLimit: '"calls";r=9;t=2419200',
    });
  });

  test('counts what others hold for as long as they hold it', () => {
    const until = noon + 30 * minute;
    const { decide, again, answer } = gateMemory();
    const asked = askedFor({ feature: 'calls', usage: 1 });
    const snapshots = acme([softCalls()], [callsCounter(2n, { held: 3n * million, heldUntil: until })]);
    decide(asked, at(snapshots, noon));
    const last = again(asked, at(snapshots, until - 1));
    expect(last && admittedEntitlement(last)).toMatchObject({ currentUsage: 5, remaining: 4 });
    expect(admittedEntitlement(answer(asked, at(snapshots, until)))).toMatchObject({ currentUsage: 2, remaining: 7 });
  });

  test('is nobody else’s: not another customer’s, not another resource’s, not that of another requirement', () => {
    const { decide, again } = gateMemory();
    const entitled = [
      entitlement({ feature: sso }),
      entitlement({ feature: formats, enumValues: ['pdf', 'xlsx'] }),
      entitlement({ feature: upload, usageLimit: 10n * million }),
    ];
    const ours = acme(entitled);
    const resource = (resourceId: string): SnapshotPair => ({
      customer: ours.customer,
      resource: snapshot({ resourceId, grants: grants(entitled) }, []),
    });
    const [one, two] = [resource('one'), resource('two')];
    const theirs = { ...ours, customer: { ...ours.customer, customerId: 'globex' } };
    const declared = askedFor({ feature: 'sso' });
    const of = (key: Partial<SnapshotKey>): Asked => ({ ...declared, key: { ...declared.key, ...key } });
    const places = [
      [of({}), at(ours, noon)],
      [of({ customerId: 'globex' }), at(theirs, noon)],
      [of({ resourceId: 'one' }), at(one, noon)],
      [of({ resourceId: 'two' }), at(two, noon)],
    ] as const;
    for (const [asked, view] of places) {
      decide(asked, view);
      for (const [other, otherView] of places) {
        const answered = again(other, otherView);
        if (answered) expect(answered.asked.key).toEqual(other.key);
      }
      expect(again(asked, view)?.asked.key).toEqual(asked.key);
    }

    const requirements: Requirement<never>[] = [
      { feature: 'formats', values: 'pdf' },
      { feature: 'formats', values: 'xlsx' },
      { feature: 'formats' },
      { feature: 'upload', atMost: 5 },
      { feature: 'upload', atMost: 20 },
    ];
    const alike = requirements.map((requirement) => askedFor(requirement));
    const knownNow = () => alike.map((asked) => again(asked, at(ours, noon)) !== undefined);
    expect(knownNow()).toEqual([false, false, false, false, false]);
    for (const asked of alike) decide(asked, at(ours, noon));
    // A number above the granted one is denied, which is not remembered.
    expect(knownNow()).toEqual([true, true, true, true, false]);
    const values = alike.map((asked) => again(asked, at(ours, noon))?.asked.values);
    expect(values).toEqual([['pdf'], ['xlsx'], undefined, undefined, undefined]);
  });

  test('is not known by other snapshots, whatever is in them', () => {
    const { decide, again } = gateMemory();
    const asked = askedFor({ feature: 'sso' });
    const given = [entitlement({ feature: sso })];
    const site = () => snapshot({ resourceId: 'site', grants: grants(given) }, []);
    const before: SnapshotPair = { customer: acme(given).customer, resource: site() };
    decide(asked, at(before, noon));
    expect(again(asked, at(before, noon))).toBeDefined();
    expect(again(asked, at({ ...before, customer: acme(given).customer }, noon))).toBeUndefined();
    expect(again(asked, at({ ...before, resource: site() }, noon))).toBeUndefined();
    expect(again(asked, at({ ...before, resource: null }, noon))).toBeUndefined();
    expect(again(asked, at(undefined, noon))).toBeUndefined();
  });
});

describe('remembered is', () => {
  const ofCredits = { currencyId: 'ai-credits', amount: million, costFormula: null };
  const granted: Entitlement[] = [
    entitlement({ feature: sso }),
    entitlement({ feature: formats, enumValues: ['pdf'] }),
    entitlement({ feature: upload, usageLimit: 10n * million }),
    softCalls(),
    entitlement({ feature: feature({ featureId: 'hard' }), usageLimit: 10n * million }),
    entitlement({ feature: feature({ featureId: 'free' }), hasUnlimitedUsage: true }),
    entitlement({ feature: feature({ featureId: 'revoked' }), hasUnlimitedUsage: true, isGranted: false }),
    entitlement({ feature: feature({ featureId: 'chat' }), hasUnlimitedUsage: true, creditRate: ofCredits }),
  ];
  const usage = ['hard', 'free', 'revoked', 'chat'].map((featureId) => counter(0n, { featureId }));
  const { customer } = acme(granted, [...usage, callsCounter(0n)]);
  const snapshots = (hasSoftLimit = false): SnapshotPair => ({
    customer: { ...customer, wallets: wallets(wallet(50n, { hasSoftLimit })) },
    resource: null,
  });

  test.each<[string, Requirement<never>]>([
    ['a feature that one has or has not', { feature: 'sso' }],
    ['a list of values', { feature: 'formats', values: 'pdf' }],
    ['a number', { feature: 'upload', atMost: 10 }],
    ['a soft limit', { feature: 'calls', usage: 1 }],
    ['a soft limit of which the handler says how much', { feature: 'calls', mode: 'meter' }],
    ['what is given back to a soft limit', { feature: 'calls', usage: -1 }],
    ['what has no limit', { feature: 'free', usage: 1 }],
  ])('%s', (_, requirement) => {
    expect(isRemembered(askedFor(requirement), at(snapshots(), noon))).toBe(true);
  });

  test.each<[string, Requirement<never>]>([
    ['hard limits, held or metered', { feature: 'hard', usage: 1 }],
    ['hard limits in mode meter', { feature: 'hard', usage: 1, mode: 'meter' }],
    ['what is given back to a hard limit', { feature: 'hard', usage: -1 }],
    ['whether a counter has room', { feature: 'hard' }],
    ['whether a counter has room, where it always has', { feature: 'free' }],
    ['a soft limit that is to be held', { feature: 'calls', usage: 1, mode: 'reserve' }],
    ['what costs credits', { feature: 'chat', usage: 1 }],
    ['what costs credits, in mode meter', { feature: 'chat', usage: 1, mode: 'meter' }],
    ['credits', { currency: 'ai-credits', usage: 1 }],
    ['whether there are credits', { currency: 'ai-credits' }],
    ['what the customer does not have', { feature: 'elsewhere' }],
    ['what is given back to something that was revoked', { feature: 'revoked', usage: -1 }],
  ])('nothing of %s', (_, requirement) => {
    for (const hasSoftWallet of [false, true]) {
      expect(isRemembered(askedFor(requirement), at(snapshots(hasSoftWallet), noon))).toBe(false);
    }
  });

  test('nothing of a counter that counts from an instant which is still to come, and from then on what it counts', () => {
    const cut = noon + hour;
    const asked = askedFor({ feature: 'calls', usage: 1 });
    const counting = acme([softCalls({ usageCountsFrom: cut })], [callsCounter(0n)]);
    expect([cut - 1, cut].map((now) => isRemembered(asked, at(counting, now)))).toEqual([false, true]);
  });

  test('nothing of a request that is not charged, where others are', () => {
    const head = { ...askedFor({ feature: 'calls', usage: 1 }), isCharged: false };
    expect(isRemembered(head, at(snapshots(), noon))).toBe(false);
  });

  test('nothing of a view that is not the cache’s own and fresh', () => {
    for (const source of ['stale', 'live', 'fallback'] as const) {
      for (const requirement of [{ feature: 'sso' }, { feature: 'calls', usage: 1 }]) {
        expect(isRemembered(askedFor(requirement), at(snapshots(), noon, source))).toBe(false);
      }
    }
  });

  test('no fallback, where nothing is known and where what is known has ended', () => {
    const asked = askedFor({ feature: 'sso' });
    const ended = at(acme([entitlement({ feature: sso, endsAt: noon })]), noon);
    for (const view of [at(undefined, noon), ended]) {
      expect(assess(asked, view, { pending: pendingUsage(), fallback: { hasAccess: true } }).verdict).toBe('fallback');
      expect(isRemembered(asked, view, { hasAccess: true })).toBe(false);
    }
  });

  test('nothing that the engine holds, or that was looked at again', () => {
    const { known, pending, admit, again } = gateMemory();
    const asked = askedFor({ feature: 'calls', usage: 1, mode: 'reserve' });
    const view = at(snapshots(), noon);
    const held = heldAssessment(assess(asked, view, { pending, fallback: undefined }), { ...view }, pending);
    // The last is one that the engine could not be asked to hold, and that is let in all the same.
    const unheld = { ...assess(asked, view, { pending, fallback: undefined }), verdict: 'unknown' as const };
    for (const assessment of [held, { ...held, mode: 'meter' as const }, { ...unheld, mode: 'meter' as const }]) {
      known.add(assessment, admit({ assessment }), undefined);
    }
    expect(again(asked, view)).toBeUndefined();
  });
});

test('what is known is at every instant what would be decided then, or nothing', () => {
  const instants = [0, 1, 30 * minute, hour, 2 * hour, 3 * hour].flatMap((later) => [noon + later, noon + later - 1]);
  const later = [...instants.filter((instant) => instant >= noon), feb1 - 1, feb1, feb1 + hour];
  const resets = [null, monthly, { period: 'HOUR', accordingTo: null, anchor: 0 } as const];
  const cuts = [null, noon - hour, noon + 2 * hour];
  const limits = [{ hasSoftLimit: true }, { hasUnlimitedUsage: true, usageLimit: null }, {}];
  const hard = stage(softCalls({ usageLimit: 5n * million, hasSoftLimit: false }));
  const ends: Partial<Entitlement>[] = [
    {},
    { endsAt: noon + 3 * hour },
    { endsAt: noon + 3 * hour, afterwards: [{ ...hard, endsAt: feb1 }] },
  ];
  const kinds = limits.flatMap((limit) =>
    resets.flatMap((reset) =>
      (reset ? cuts : [null]).flatMap((usageCountsFrom) =>
        ends.map((end) => softCalls({ hasSoftLimit: false, ...limit, reset, usageCountsFrom, ...end })),
      ),
    ),
  );
  const counters = [null, noon + hour, feb1].flatMap((usagePeriodEnd) => [
    callsCounter(7n, { usagePeriodEnd }),
    callsCounter(7n, { usagePeriodEnd, held: 2n * million, heldUntil: noon + 30 * minute }),
  ]);
  const site = (given: Entitlement, part: UsagePart) =>
    snapshot({ resourceId: 'site', grants: grants([given], { validUntil: nextYear }) }, [part]);
  const pairs = kinds.flatMap((given) =>
    counters.flatMap((part): [SnapshotPair, string | null][] => [
      [acme([given], [part]), null],
      [{ ...acme([]), resource: site(given, part) }, 'site'],
      [{ ...acme([softCalls()], [callsCounter(1n)]), resource: site(given, part) }, 'site'],
    ]),
  );
  const requirements: Requirement<never>[] = [
    { feature: 'calls', usage: 1 },
    { feature: 'calls', usage: -1, mode: 'meter' },
    { feature: 'calls', mode: 'meter' },
  ];
  const wrong: string[] = [];
  let answers = 0;
  for (const requirement of requirements) {
    for (const [snapshots, resourceId] of pairs) {
      const { pending, decide, again } = gateMemory();
      const asked = askedFor(requirement, { customerId: 'acme', resourceId });
      const { counter: calledFrom } = decide(asked, at(snapshots, noon));
      pending.add(calledFrom, 4n * million);
      for (const now of later) {
        const view = at(snapshots, now);
        const answered = again(asked, view);
        if (!answered) continue;
        answers += 1;
        const decided = assess(asked, view, { pending, fallback: undefined });
        if (!isDeepStrictEqual(answered, decided)) wrong.push(inspect({ requirement, now, snapshots }, { depth: 9 }));
      }
    }
  }
  expect(wrong.slice(0, 1)).toEqual([]);
  // Far more than what is known of a single one of them.
  expect(answers).toBeGreaterThan(1_000);
});
