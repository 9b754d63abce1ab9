/** The engine's clock as of one reply or message. A frozen clock is a test clock that only moves when it is told to. */
export interface ClockReading {
  now: number;
  isFrozen: boolean;
}
