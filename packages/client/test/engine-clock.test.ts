import { describe, expect, test } from 'vitest';
import { engineClock } from '../src/engine-clock.js';
import { jan1 } from './snapshot-builders.js';

function clockAt(startMs: number) {
  const time = { monotonicMs: startMs };
  return { time, clock: engineClock(() => time.monotonicMs) };
}

describe('the engine clock', () => {
  test('counts on from a reading with the monotonic clock', () => {
    const { time, clock } = clockAt(500);
    clock.observe({ now: jan1, isFrozen: false });
    time.monotonicMs = 2_500;
    expect(clock.now()).toBe(jan1 + 2_000);
  });

  test('stands still while the engine says that its clock does', () => {
    const { time, clock } = clockAt(0);
    clock.observe({ now: jan1, isFrozen: true });
    time.monotonicMs = 60_000;
    expect(clock.now()).toBe(jan1);
    clock.observe({ now: jan1 + 86_400_000, isFrozen: true });
    expect(clock.now()).toBe(jan1 + 86_400_000);
  });

  test('does not run back when a slow reply carries an older reading', () => {
    const { time, clock } = clockAt(0);
    clock.observe({ now: jan1, isFrozen: false });
    time.monotonicMs = 1_000;
    clock.observe({ now: jan1 + 400, isFrozen: false });
    expect(clock.now()).toBe(jan1 + 1_000);
  });

  test('starts again with another database, even one that is behind', () => {
    const { clock } = clockAt(0);
    clock.observe({ now: jan1, isFrozen: false });
    clock.restart({ now: jan1 - 5_000, isFrozen: false });
    expect(clock.now()).toBe(jan1 - 5_000);
  });

  test('tells what time it was at an earlier instant, once there is a reading', () => {
    const { time, clock } = clockAt(1_000);
    expect(clock.at(1_000)).toBeUndefined();
    time.monotonicMs = 4_000;
    clock.observe({ now: jan1, isFrozen: false });
    expect(clock.at(1_000)).toBe(jan1 - 3_000);
  });

  test('takes the latest instant of cached data while no engine has answered', () => {
    const { clock } = clockAt(0);
    expect(clock.now()).toBe(0);
    clock.observePast(jan1);
    clock.observePast(jan1 - 1);
    expect(clock.now()).toBe(jan1);
  });
});
