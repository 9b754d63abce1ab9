import type { Outcome } from '@tollgate/client/gate';
import { map, type OperatorFunction, pipe, tap } from 'rxjs';

type Settle = (outcome: Outcome) => void;

const left: Outcome = { kind: 'aborted', phase: 'in-handler' };

/** Settles by what becomes of the values of a handler: complete, failed, or nobody wants them any more. */
export function settledByResult(settle: Settle): OperatorFunction<unknown, unknown> {
  return tap({
    complete: () => settle({ kind: 'succeeded' }),
    error: (error: unknown) => settle({ kind: 'failed', error }),
    unsubscribe: () => settle(left),
  });
}

/**
 * The same for a handler that answers an iterator of events: what becomes of the iterator counts. `hasLeft` is asked
 * when it ends by itself, for servers that end it because the client is gone.
 */
export function settledByEvents(settle: Settle, hasLeft: () => boolean): OperatorFunction<unknown, unknown> {
  return pipe(
    tap({ error: (error: unknown) => settle({ kind: 'failed', error }), unsubscribe: () => settle(left) }),
    map((value) => {
      if (isAsyncIterable(value)) return watched(value[Symbol.asyncIterator](), settle, hasLeft);
      settle({ kind: 'failed' });
      return value;
    }),
  );
}

function watched(
  events: AsyncIterator<unknown>,
  settle: Settle,
  hasLeft: () => boolean,
): AsyncIterableIterator<unknown> {
  const watch = async (step: Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> => {
    try {
      const result = await step;
      if (result.done) settle(hasLeft() ? left : { kind: 'succeeded' });
      return result;
    } catch (error) {
      settle({ kind: 'failed', error });
      throw error;
    }
  };
  return {
    next: () => watch(events.next()),
    return(value) {
      // Settled before the iterator answers: one that waits for an event answers only when there is one.
      settle(left);
      return events.return?.(value) ?? Promise.resolve({ done: true, value });
    },
    throw(error) {
      settle({ kind: 'failed', error });
      return events.throw?.(error) ?? Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
