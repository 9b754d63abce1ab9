import type { Entitlement } from '@tollgate/contract';
import { expect, test } from 'vitest';
import { usageWindowAt, wholeTime } from '../src/usage/usage-window.js';
import { at } from './stage.js';

const day = (date: string): number => at(`2026-${date}T00:00:00Z`);

/** Monthly from the 5th; usage counts from the 20th of March, in the customer's seventh revision. */
function window(instant: number, usageCountsFrom: number | null): string {
  const reset = { period: 'MONTH' as const, accordingTo: 'SubscriptionStart', anchor: day('01-05') };
  const entitlement = { reset, usageCountsFrom } as Entitlement;
  const { windowStart, windowEnd, afterRevision } = usageWindowAt(entitlement, 7, instant);
  const dates = [windowStart, windowEnd].map((end) => new Date(end).toISOString().slice('2026-'.length, 10));
  return [...dates, ...(afterRevision === null ? [] : [`after ${afterRevision}`])].join(' ');
}

test('a window is the usage period of its instant', () => {
  expect(window(day('03-05'), null)).toBe('03-05 04-05');
  expect(window(day('03-05') - 1, null)).toBe('02-05 03-05');
});

test('a plan transition that counts anew ends the window before it and begins another in the middle of the period', () => {
  const cut = day('03-20');
  expect(window(cut - 1, cut)).toBe('03-05 03-20');
  expect(window(cut, cut)).toBe('03-20 04-05 after 7');
  expect(window(day('04-05'), cut)).toBe('04-05 05-05');
  expect(window(day('02-10'), cut)).toBe('02-05 03-05');
});

test('where nothing resets, or nothing is entitled, all of time is one window', () => {
  expect(usageWindowAt({ reset: null, usageCountsFrom: null } as Entitlement, null, day('03-05'))).toBe(wholeTime);
  expect(usageWindowAt(undefined, null, day('03-05'))).toBe(wholeTime);
});
