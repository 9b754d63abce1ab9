/** Work that several callers ask for at the same time, each again as soon as it has its answer. */
export interface Load {
  callers: number;
  /** After as long a warm-up. */
  timeMs: number;
  /** How many units one call does. Default 1. */
  perCall?: number;
  call(): Promise<unknown>;
}

/** How many units get done per second. Calls that are under way when time is up are waited for and counted. */
export async function unitsPerSecond({ callers, timeMs, perCall = 1, call }: Load): Promise<number> {
  const run = async (): Promise<number> => {
    const started = performance.now();
    let calls = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() - started < timeMs) {
        await call();
        calls += 1;
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    return ((calls * perCall) / (performance.now() - started)) * 1000;
  };
  await run();
  return run();
}

/** The median time of a call in milliseconds, one call after the other. */
export async function medianMs(calls: number, call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < calls * 2; index += 1) {
    const started = performance.now();
    await call();
    // The first half warms up.
    if (index >= calls) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
