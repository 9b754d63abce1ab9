import { describe, expect, test } from 'vitest';
import { watchFetch } from '../src/gate/fetch-watch.js';
import type { Outcome } from '../src/gate/outcome.js';

/** A watch with something admitted, and the outcomes that it was settled with. */
function watched(signal?: AbortSignal) {
  const outcomes: Outcome[] = [];
  const watch = watchFetch(signal);
  watch.settle({ settle: (outcome) => void outcomes.push(outcome) });
  return { watch, outcomes };
}

/** A body that the test feeds. */
function openBody() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let cancelled: unknown;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
    cancel: (reason) => {
      cancelled = reason;
    },
  });
  return { body, controller, cancelled: () => cancelled };
}

const piece = (text: string): Uint8Array => new TextEncoder().encode(text);
const inHandler: Outcome = { kind: 'aborted', phase: 'in-handler' };

describe('an answer that is followed', () => {
  test('without a body is sent', () => {
    const { watch, outcomes } = watched();
    const response = watch.follow(new Response(null, { status: 204 }));
    expect([response.status, outcomes]).toEqual([204, [{ kind: 'finished', statusCode: 204 }]]);
  });

  test('of one piece is sent though nobody reads it, and stays what it was', async () => {
    const { watch, outcomes } = watched();
    const answer = new Response('gone', { status: 410, headers: { 'x-own': '1' } });
    const response = watch.follow(answer);
    await expect.poll(() => outcomes).toEqual([{ kind: 'finished', statusCode: 410 }]);
    expect([response.status, response.headers.get('x-own'), await response.text()]).toEqual([410, '1', 'gone']);
  });

  test('in many pieces is sent when the last was read', async () => {
    const { watch, outcomes } = watched();
    const { body, controller } = openBody();
    const reader = watch.follow(new Response(body)).body?.getReader();
    for (const text of ['a', 'b', 'c', 'd']) controller.enqueue(piece(text));
    for (let count = 0; count < 4; count += 1) await reader?.read();
    expect(outcomes).toEqual([]);
    controller.close();
    expect((await reader?.read())?.done).toBe(true);
    expect(outcomes).toEqual([{ kind: 'finished', statusCode: 200 }]);
  });

  test('and given up midway is aborted, and its source is told', async () => {
    const { watch, outcomes } = watched();
    const { body, controller, cancelled } = openBody();
    const reader = watch.follow(new Response(body)).body?.getReader();
    controller.enqueue(piece('a'));
    await reader?.read();
    await reader?.cancel('left');
    expect([outcomes, cancelled()]).toEqual([[inHandler], 'left']);
  });

  test('that breaks midway is aborted, and the reader hears of it', async () => {
    const { watch, outcomes } = watched();
    const { body, controller } = openBody();
    const response = watch.follow(new Response(body));
    controller.error(new Error('broken'));
    await expect(response.text()).rejects.toThrow('broken');
    expect(outcomes).toEqual([inHandler]);
  });
});

describe('a request whose signal', () => {
  test('aborts in the handler is settled then, once', async () => {
    const { signal, abort } = abortable();
    const { watch, outcomes } = watched(signal);
    abort();
    await watch.follow(new Response('late')).text();
    expect([watch.isOver(), outcomes]).toEqual([true, [inHandler]]);
  });

  test('was aborted before it was let in never reached its handler', () => {
    const { signal, abort } = abortable();
    abort();
    expect(watched(signal).outcomes).toEqual([{ kind: 'aborted', phase: 'before-handler' }]);
  });
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
