import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ResetRule, usagePeriodAt } from '../src/index.js';

const at = (text: string): number => Date.parse(text);

function period(rule: Omit<ResetRule, 'anchor'> & { anchor: string }, now: string): [string, string] {
  const { start, end } = usagePeriodAt({ ...rule, anchor: at(rule.anchor) }, at(now));
  return [new Date(start).toISOString(), new Date(end).toISOString()];
}

describe('a monthly period that is anchored on the 31st', () => {
  const rule = { period: 'MONTH', accordingTo: 'SubscriptionStart', anchor: '2026-01-31T10:30:00Z' } as const;

  it.each([
    ['2026-01-31T10:30:00Z', '2026-01-31T10:30:00.000Z', '2026-02-28T10:30:00.000Z'],
    ['2026-02-10T00:00:00Z', '2026-01-31T10:30:00.000Z', '2026-02-28T10:30:00.000Z'],
    ['2026-02-28T10:29:59.999Z', '2026-01-31T10:30:00.000Z', '2026-02-28T10:30:00.000Z'],
    ['2026-02-28T10:30:00Z', '2026-02-28T10:30:00.000Z', '2026-03-31T10:30:00.000Z'],
    ['2026-03-31T10:29:00Z', '2026-02-28T10:30:00.000Z', '2026-03-31T10:30:00.000Z'],
    ['2026-04-30T11:00:00Z', '2026-04-30T10:30:00.000Z', '2026-05-31T10:30:00.000Z'],
    ['2028-02-29T10:30:00Z', '2028-02-29T10:30:00.000Z', '2028-03-31T10:30:00.000Z'],
    ['2026-01-01T00:00:00Z', '2025-12-31T10:30:00.000Z', '2026-01-31T10:30:00.000Z'],
  ])('at %s runs from %s to %s', (now, start, end) => {
    expect(period(rule, now)).toEqual([start, end]);
  });
});

it.each([
  ['2026-01-30T00:00:00Z', '2026-02-28T00:00:00.000Z', '2026-03-30T00:00:00.000Z'],
  ['2026-01-29T00:00:00Z', '2026-02-28T00:00:00.000Z', '2026-03-29T00:00:00.000Z'],
  ['2026-01-28T00:00:00Z', '2026-02-28T00:00:00.000Z', '2026-03-28T00:00:00.000Z'],
])('clamps the anchor %s to the end of February and returns to its own day', (anchor, start, end) => {
  expect(period({ period: 'MONTH', accordingTo: 'SubscriptionStart', anchor }, '2026-03-01T00:00:00Z')).toEqual([
    start,
    end,
  ]);
});

it('counts a year from February 29th to February 28th, and to the 29th of the next leap year', () => {
  const rule = { period: 'YEAR', accordingTo: 'SubscriptionStart', anchor: '2024-02-29T00:00:00Z' } as const;
  const first = ['2024-02-29T00:00:00.000Z', '2025-02-28T00:00:00.000Z'];
  expect(period(rule, '2025-02-27T23:59:59Z')).toEqual(first);
  expect(period(rule, '2025-02-28T00:00:00Z')).toEqual(['2025-02-28T00:00:00.000Z', '2026-02-28T00:00:00.000Z']);
  expect(period(rule, '2027-12-31T00:00:00Z')).toEqual(['2027-02-28T00:00:00.000Z', '2028-02-29T00:00:00.000Z']);
});

it('starts months on the first when the rule says so, whatever the anchor', () => {
  const rule = { period: 'MONTH', accordingTo: 'StartOfTheMonth', anchor: '2026-01-17T08:00:00Z' } as const;
  expect(period(rule, '2026-02-10T00:00:00Z')).toEqual(['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']);
  expect(period(rule, '2026-12-31T23:59:59.999Z')).toEqual(['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']);
});

// 2026-01-14 is a Wednesday.
it.each([
  ['EverySunday', '2026-01-11', '2026-01-18'],
  ['EveryMonday', '2026-01-12', '2026-01-19'],
  ['EveryTuesday', '2026-01-13', '2026-01-20'],
  ['EveryWednesday', '2026-01-14', '2026-01-21'],
  ['EveryThursday', '2026-01-08', '2026-01-15'],
  ['EveryFriday', '2026-01-09', '2026-01-16'],
  ['EverySaturday', '2026-01-10', '2026-01-17'],
])('starts weeks by %s at midnight UTC of that day', (accordingTo, start, end) => {
  const rule = { period: 'WEEK', accordingTo, anchor: '2026-01-01T09:00:00Z' } as const;
  expect(period(rule, '2026-01-14T12:00:00Z')).toEqual([`${start}T00:00:00.000Z`, `${end}T00:00:00.000Z`]);
});

it('counts weeks from the subscription otherwise, and days and hours by the UTC calendar', () => {
  const anchor = '2026-01-01T09:00:00Z';
  const weekly = { period: 'WEEK', accordingTo: 'SubscriptionStart', anchor } as const;
  expect(period(weekly, '2026-01-14T12:00:00Z')).toEqual(['2026-01-08T09:00:00.000Z', '2026-01-15T09:00:00.000Z']);
  const daily = { period: 'DAY', accordingTo: null, anchor } as const;
  expect(period(daily, '2026-01-14T12:34:00Z')).toEqual(['2026-01-14T00:00:00.000Z', '2026-01-15T00:00:00.000Z']);
  const hourly = { period: 'HOUR', accordingTo: null, anchor } as const;
  expect(period(hourly, '2026-01-14T12:34:00Z')).toEqual(['2026-01-14T12:00:00.000Z', '2026-01-14T13:00:00.000Z']);
});

it('gives periods that contain their instant and follow each other without gap, for any rule', () => {
  const instant = fc.integer({ min: at('1999-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') });
  const rule = fc.record({
    period: fc.constantFrom('YEAR', 'MONTH', 'WEEK', 'DAY', 'HOUR'),
    accordingTo: fc.constantFrom(null, 'SubscriptionStart', 'StartOfTheMonth', 'EverySunday', 'EverySaturday'),
    anchor: instant,
  });
  fc.assert(
    fc.property(rule, instant, (anyRule, now) => {
      const current = usagePeriodAt(anyRule, now);
      expect(current.start).toBeLessThanOrEqual(now);
      expect(current.end).toBeGreaterThan(now);
      expect(usagePeriodAt(anyRule, current.end - 1)).toEqual(current);
      expect(usagePeriodAt(anyRule, current.end).start).toBe(current.end);
    }),
  );
});
