import { TollgateError } from '@tollgate/contract';

/** The one clock of an environment: it stands still until it is moved, and only moves forward. */
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

/** `move` brings the engine's clock to an instant, `spread` lets every client hear of it. */
export function stackClock(
  now: () => number,
  move: (instant: number) => Promise<void>,
  spread: () => Promise<void>,
): StackClock {
  const set = async (instant: number): Promise<void> => {
    await move(instant);
    await spread();
  };
  return {
    now,
    set: async (instant) => set(toInstant(instant, 'instant')),
    advance: async (ms) => set(now() + ms),
  };
}
