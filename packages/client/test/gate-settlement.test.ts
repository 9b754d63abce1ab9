import { createServer, request, type Server } from 'node:http';
import {
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
  createServer as createHttp2Server,
  type Http2ServerResponse,
} from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { isNeverCharged, usualSettlement } from '../src/gate/outcome.js';
import { isPreflight, type Outcome, watchResponse } from '../src/gate.js';

const release = { hasMeasured: false, onAbort: 'release' } as const;
const measured = { hasMeasured: true, onAbort: 'release' } as const;
const commit = { hasMeasured: false, onAbort: 'commit' } as const;

describe('the usual settlement', () => {
  test.each([
    [200, 'commit'],
    [204, 'commit'],
    [304, 'commit'],
    [399, 'commit'],
    [400, 'release'],
    [404, 'release'],
    [429, 'release'],
    [500, 'release'],
    [503, 'release'],
  ] as const)('of a response with status %i is %s [settle.1] [settle.2]', (statusCode, settlement) => {
    expect(usualSettlement({ kind: 'finished', statusCode }, release)).toBe(settlement);
  });

  test('of an abort before the handler is always release [settle.4]', () => {
    const outcome: Outcome = { kind: 'aborted', phase: 'before-handler' };
    expect([release, measured, commit].map((how) => usualSettlement(outcome, how))).toEqual(Array(3).fill('release'));
  });

  test('of an abort in the handler charges what was measured, and follows the policy otherwise [settle.5]', () => {
    const outcome: Outcome = { kind: 'aborted', phase: 'in-handler' };
    expect([release, measured, commit].map((how) => usualSettlement(outcome, how))).toEqual([
      'release',
      'commit',
      'commit',
    ]);
  });

  test('of anything but HTTP follows the result of the handler', () => {
    expect(usualSettlement({ kind: 'succeeded' }, release)).toBe('commit');
    expect(usualSettlement({ kind: 'failed', error: new Error('no') }, measured)).toBe('release');
  });

  test('never happens for HEAD and OPTIONS [settle.9]', () => {
    expect(['HEAD', 'OPTIONS', 'GET', 'POST', undefined].map(isNeverCharged)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('is not even asked for by a preflight [settle.9]', () => {
    expect(isPreflight('OPTIONS', { headers: { 'access-control-request-method': 'POST' } })).toBe(true);
    expect(isPreflight('OPTIONS', { headers: {} })).toBe(false);
    expect(isPreflight('POST', { headers: { 'access-control-request-method': 'POST' } })).toBe(false);
  });
});

describe('the watch on a response', () => {
  let server: Server | undefined;
  afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

  /** Runs one request against `handler`, which may end it any way; resolves with every outcome that was settled. */
  async function outcomesOf(
    handler: (response: import('node:http').ServerResponse, settle: () => void, leave: () => void) => void,
  ): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    let closed = (): void => {};
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    server = createServer((_, response) => {
      const watch = watchResponse(response);
      const settle = (): void => watch.settle({ settle: (outcome) => outcomes.push(outcome) });
      response.once('close', () => setImmediate(closed));
      handler(response, settle, () => call.destroy());
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const call = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
    call.on('response', (response) => response.resume().on('error', () => {}));
    call.on('error', () => {});
    call.end();
    await isClosed;
    return outcomes;
  }

  test('says finished once, with the status, although close follows', async () => {
    const outcomes = await outcomesOf((response, settle) => {
      settle();
      response.writeHead(201).end('made');
    });
    expect(outcomes).toEqual([{ kind: 'finished', statusCode: 201 }]);
  });

  test('says aborted in the handler when the client leaves midway', async () => {
    const outcomes = await outcomesOf((response, settle, leave) => {
      settle();
      response.write('a part');
      leave();
    });
    expect(outcomes).toEqual([{ kind: 'aborted', phase: 'in-handler' }]);
  });

  test('says aborted before the handler when the client has left by then', async () => {
    const outcomes = await outcomesOf((response, settle, leave) => {
      response.once('close', settle);
      leave();
    });
    expect(outcomes).toEqual([{ kind: 'aborted', phase: 'before-handler' }]);
  });

  test('settles everything that was let in for a response', async () => {
    const outcomes = await outcomesOf((response, settle) => {
      settle();
      settle();
      response.writeHead(500).end();
    });
    expect(outcomes).toEqual(Array(2).fill({ kind: 'finished', statusCode: 500 }));
  });

  test('says aborted for pipelined requests whose turn never came, and finished for answers that were ready', async () => {
    const outcomes = new Map<string | undefined, Outcome>();
    let allSettled = (): void => {};
    const settledAll = new Promise<void>((resolve) => {
      allSettled = resolve;
    });
    let arrived = 0;
    server = createServer((asked, response) => {
      watchResponse(response).settle({
        settle: (outcome) => {
          outcomes.set(asked.url, outcome);
          if (outcomes.size === 3) allSettled();
        },
      });
      if (asked.url === '/ready') response.writeHead(201).end();
      arrived += 1;
      if (arrived === 3) client.destroy();
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    for (const path of ['/first', '/waiting', '/ready']) client.write(`GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`);
    await settledAll;
    expect(Object.fromEntries(outcomes)).toEqual({
      '/first': { kind: 'aborted', phase: 'in-handler' },
      '/waiting': { kind: 'aborted', phase: 'in-handler' },
      '/ready': { kind: 'finished', statusCode: 201 },
    });
  });

  /** The same for HTTP/2, whose client may give up its stream midway. */
  async function outcomesOfHttp2(
    handler: (response: Http2ServerResponse) => void,
    onResponse: (call: ClientHttp2Stream) => void,
  ): Promise<Outcome[]> {
    const http2Server = createHttp2Server();
    const outcomes: Outcome[] = [];
    const isClosed = new Promise<void>((resolve) => {
      http2Server.on('request', (_, response) => {
        watchResponse(response).settle({ settle: (outcome) => outcomes.push(outcome) });
        response.once('close', () => setImmediate(resolve));
        handler(response);
      });
    });
    await new Promise<void>((resolve) => http2Server.listen(0, '127.0.0.1', resolve));
    const session = connectHttp2(`http://127.0.0.1:${(http2Server.address() as AddressInfo).port}`);
    const call = session.request({ ':path': '/' });
    call.on('error', () => {}).once('response', () => onResponse(call));
    await isClosed;
    session.destroy();
    await new Promise((resolve) => http2Server.close(resolve));
    return outcomes;
  }

  test('says aborted when a client of HTTP/2 resets its stream, although Node says finish', async () => {
    const outcomes = await outcomesOfHttp2(
      (response) => {
        response.writeHead(200);
        response.write('a part');
      },
      (call) => call.close(constants.NGHTTP2_CANCEL),
    );
    expect(outcomes).toEqual([{ kind: 'aborted', phase: 'in-handler' }]);
  });

  test('says finished once for an answer over HTTP/2', async () => {
    const outcomes = await outcomesOfHttp2(
      (response) => void response.writeHead(201).end('made'),
      (call) => call.resume(),
    );
    expect(outcomes).toEqual([{ kind: 'finished', statusCode: 201 }]);
  });
});
