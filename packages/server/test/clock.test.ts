import { describe, expect, test } from 'vitest';
import { systemClock, testClock } from '../src/clock.js';

const start = Date.parse('2026-01-31T00:00:00Z');

describe('a test clock', () => {
  test('stands still until it is moved, and tells who listens', () => {
    const clock = testClock(start);
    const heard: number[] = [];
    const stop = clock.onMove(() => heard.push(clock.now()));
    expect([clock.now(), clock.isFrozen]).toEqual([start, true]);
    clock.set(start + 5);
    clock.set(start + 5);
    stop();
    clock.set(start + 9);
    expect(clock.now()).toBe(start + 9);
    expect(heard).toEqual([start + 5]);
  });

  test('refuses to go back, and stays where it is', () => {
    const clock = testClock(start);
    expect(() => clock.set(start - 1)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        field: 'now',
        message: expect.stringContaining('2026-01-31T00:00:00.000Z'),
      }),
    );
    expect(() => clock.set(Number.NaN)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(clock.now()).toBe(start);
  });
});

test('the system clock cannot be moved', () => {
  expect(systemClock()).toMatchObject({ isFrozen: false });
  expect(systemClock().set).toBeUndefined();
});
