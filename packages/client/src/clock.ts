/** Milliseconds of a clock that only ever goes forward; where it starts means nothing. */
export type MonotonicClock = () => number;

/** The process's own monotonic clock. The wall clock is never asked: the engine says what time it is. */
export const monotonicClock: MonotonicClock = () => performance.now();
