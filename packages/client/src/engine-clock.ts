import type { ClockReading } from '@tollgate/contract';
import type { MonotonicClock } from './clock.js';

/** The engine's time, as far as this process knows it. */
export interface EngineClock {
  /**
   * Epoch milliseconds. Before the first reading: the latest instant that any data carried, or 0. `monotonicMs`: the
   * monotonic clock, where it was just read.
   */
  now(monotonicMs?: number): number;
  /** What the engine's clock said, or will have said, at an instant of the monotonic clock; undefined before the first reading. */
  at(monotonicMs: number): number | undefined;
  /** Takes a reading from a reply. Time never runs back. */
  observe(reading: ClockReading): void;
  /** Takes a reading of another database: its clock counts from now on, even when it is behind. */
  restart(reading: ClockReading): void;
  /** An instant that lies in the engine's past, for data from a cache while no engine has answered yet. */
  observePast(instant: number): void;
}

/**
 * Counts on from the latest reading with a monotonic clock, or stands still when the engine says that its clock does.
 * This process's wall clock has no part in it: a machine that is ten minutes off decides rightly.
 */
export function engineClock(monotonic: MonotonicClock): EngineClock {
  let anchor: { now: number; monotonicMs: number; isFrozen: boolean } | undefined;
  let latestPast = 0;

  const at = (monotonicMs: number): number | undefined =>
    anchor && (anchor.isFrozen ? anchor.now : anchor.now + Math.floor(monotonicMs - anchor.monotonicMs));

  const take = (reading: ClockReading, floor: number): void => {
    anchor = { now: Math.max(reading.now, floor), monotonicMs: monotonic(), isFrozen: reading.isFrozen };
  };

  return {
    at,
    now: (monotonicMs = monotonic()) => Math.max(at(monotonicMs) ?? 0, anchor ? 0 : latestPast),
    // A reply that was slow carries a reading that is late by its travel time: what is further ahead stays.
    observe: (reading) => take(reading, at(monotonic()) ?? 0),
    restart: (reading) => take(reading, 0),
    observePast: (instant) => {
      latestPast = Math.max(latestPast, instant);
    },
  };
}
