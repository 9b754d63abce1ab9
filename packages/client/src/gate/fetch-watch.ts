import type { Outcome } from './outcome.js';
import { OpenWatch, type ResponseWatch } from './response-watch.js';

/** A watch over an answer that is a Fetch `Response`: for runtimes that show nothing of the connection. */
export interface FetchWatch extends ResponseWatch {
  /**
   * Takes what the handler answered, and gives what to send in its place: the same response, whose body tells when it
   * was handed over or given up. Call it last, when nothing else changes the answer any more.
   */
  follow(response: Response): Response;
}

/** Watches one request. `signal` is the request's own, where the runtime aborts it when the client goes away. */
export function watchFetch(signal?: AbortSignal): FetchWatch {
  const onAbort = (): void => end({ kind: 'aborted', phase: 'in-handler' });
  const watch = new OpenWatch();
  const end = (outcome: Outcome): void => {
    signal?.removeEventListener('abort', onAbort);
    watch.end(outcome);
  };
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  return {
    isOver: () => watch.isOver(),
    settle: (admitted) => watch.settle(admitted),
    follow(response) {
      if (watch.isOver()) return response;
      const { status: statusCode, body } = response;
      if (body)
        return new Response(
          followed(body, () => end({ kind: 'finished', statusCode }), onAbort),
          response,
        );
      end({ kind: 'finished', statusCode });
      return response;
    },
  };
}

function followed(body: NonNullable<Response['body']>, onEnd: () => void, onGivenUp: () => void): ReadableStream {
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const pull = async (controller: ReadableStreamDefaultController): Promise<void> => {
    try {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      controller.close();
      onEnd();
    } catch (error) {
      controller.error(error);
      onGivenUp();
    }
  };
  const cancel = (reason: unknown): Promise<void> => {
    onGivenUp();
    return reader.cancel(reason);
  };
  // Two pieces are read ahead: so the end of an answer of one piece is seen though nobody has read it yet.
  return new ReadableStream({ pull, cancel }, new CountQueuingStrategy({ highWaterMark: 2 }));
}
