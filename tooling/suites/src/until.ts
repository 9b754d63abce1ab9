/** Waits until a condition holds: asks again until the deadline, then fails with the last thing that was seen. */
export async function until<T>(
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean,
  deadlineMs = 10_000,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
