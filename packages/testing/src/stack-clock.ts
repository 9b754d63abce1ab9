import { SetClockDocument, TollgateError, toIso } from '@tollgate/contract';
import type { TestClock } from '@tollgate/server/embedded';

/** The one clock of a stack: it stands still until it is moved, and only moves forward. */
export interface StackClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Moves to an instant (epoch milliseconds, a Date or an ISO 8601 string); resolves when every client knows it. */
  set(instant: number | Date | string): Promise<void>;
  /** Moves on by so many milliseconds. */
  advance(ms: number): Promise<void>;
}

/** An instant in any of the forms that callers write. Throws INVALID_ARGUMENT naming `field`. */
export function toInstant(value: number | Date | string, field: string): number {
  const instant = new Date(value).getTime();
  if (Number.isSafeInteger(instant)) return instant;
  throw new TollgateError('INVALID_ARGUMENT', `${field} must be an instant`, { field });
}

/** `move` brings the server's clock to an instant, `spread` lets every client hear of it. */
export function stackClock(
  clock: TestClock,
  move: (instant: number) => void | Promise<void>,
  spread: () => Promise<void>,
): StackClock {
  const set = async (instant: number): Promise<void> => {
    await move(instant);
    await spread();
  };
  return {
    now: () => clock.now(),
    set: async (instant) => set(toInstant(instant, 'instant')),
    advance: async (ms) => set(clock.now() + ms),
  };
}

/** Moves the clock of a server by the operation that only servers with a test clock accept. */
export async function moveOverHttp(url: string, apiKey: string, instant: number): Promise<void> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ query: SetClockDocument.toString(), variables: { now: toIso(instant) } }),
  });
  const { errors } = (await response.json()) as { errors?: { message: string }[] };
  const [error] = errors ?? [];
  if (error) throw new TollgateError('INVALID_ARGUMENT', error.message, { field: 'instant' });
}
