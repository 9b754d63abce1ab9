import { type ClockReading, TollgateError, toIso } from '@tollgate/contract';

/** The engine's clock. `now` enters here and is passed down from here; nothing below reads the time by itself. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** True for a test clock: it stands still until `set` moves it. */
  readonly isFrozen: boolean;
  /** Moves a test clock; a system clock has no `set`. Throws INVALID_ARGUMENT for an instant before `now()`. */
  set?(instant: number): void;
  /** Calls `listener` after each `set` that moved the clock. Returns what stops that. */
  onMove(listener: () => void): () => void;
}

/** A clock that tests control. */
export interface TestClock extends Clock {
  set(instant: number): void;
}

export function systemClock(): Clock {
  return { now: () => Date.now(), isFrozen: false, onMove: () => () => undefined };
}

/** A clock that starts at `start` (epoch milliseconds, default the present) and moves only forward, and only by `set`. */
export function testClock(start: number = Date.now()): TestClock {
  let current = start;
  const listeners = new Set<() => void>();
  return {
    now: () => current,
    isFrozen: true,
    set(instant) {
      if (!Number.isSafeInteger(instant)) throw invalid('must be an instant in whole milliseconds');
      if (instant < current) throw invalid(`must not lie before the clock's ${toIso(current)}: time only goes forward`);
      if (instant === current) return;
      current = instant;
      for (const listener of [...listeners]) listener();
    },
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const readingOf = (clock: Clock): ClockReading => ({ now: clock.now(), isFrozen: clock.isFrozen });

const invalid = (rule: string): TollgateError => new TollgateError('INVALID_ARGUMENT', `now ${rule}`, { field: 'now' });
