import { setTimeout as delay } from 'node:timers/promises';

/** Looks again and again until what is seen `holds`; rejects, saying what was seen last, when it does not within two minutes. */
export async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean, what: string): Promise<T> {
  const end = performance.now() + 120_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > end) throw new Error(`${what}: it is still ${inspect(seen)}`);
    await delay(20);
  }
}

/** Throws, with both sides, unless they are the same when written down. */
export function expectSame(seen: unknown, expected: unknown, what: string): void {
  if (inspect(seen) !== inspect(expected)) throw new Error(`${what}: ${inspect(seen)} instead of ${inspect(expected)}`);
}

function inspect(value: unknown): string {
  return JSON.stringify(value, (_name, each) => (typeof each === 'bigint' ? `${each}n` : each)) ?? String(value);
}
