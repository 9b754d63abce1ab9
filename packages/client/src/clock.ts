/** Milliseconds of a clock that only ever goes forward; where it starts means nothing. */
export type MonotonicClock = () => number;

/** The process's own monotonic clock. The engine says what time it is. */
export const monotonicClock: MonotonicClock = () => performance.now();

/** The machine's wall clock, epoch milliseconds: only where no engine says what time it is. */
export const wallClock = (): number => Date.now();
