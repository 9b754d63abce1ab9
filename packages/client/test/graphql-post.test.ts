import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type GraphQlPost, graphQlPost } from '../src/graphql-post.js';
import { requestError } from '../src/remote-errors.js';
import { good, httpServer, listening } from './http-servers.js';

const content = { query: 'query Ping { ping }', variables: {} };
const built = new URL('../dist/graphql-post.js', import.meta.url).href;

async function postTo(url: string, headers: Record<string, string> = {}): Promise<GraphQlPost> {
  const post = await graphQlPost(url, headers);
  onTestFinished(() => post.close());
  return post;
}

const send = (post: GraphQlPost, signal = new AbortController().signal) => post.send(content, signal);

/** Runs a program of its own that sends one request with what is built, and says how it came out. */
function ownProcess(url: string, env: Record<string, string> = {}): Promise<{ out: string; exit: unknown }> {
  const text = `
    const { graphQlPost } = await import(${JSON.stringify(built)});
    const post = await graphQlPost(${JSON.stringify(url)}, {});
    const { status } = await post.send({ query: 'query Ping { ping }', variables: {} }, new AbortController().signal);
    console.log('HTTP ' + status);`;
  return new Promise((resolve) => {
    const args = ['--input-type=module', '-e', text];
    execFile(process.execPath, args, { env: { ...process.env, ...env }, timeout: 15_000 }, (error, out) =>
      resolve({ out: out.trim(), exit: error ? (error.signal ?? error.code) : 0 }),
    );
  });
}

describe('a request', () => {
  test('is one POST of JSON with its length in bytes and the headers given', async () => {
    const requests: IncomingMessage[] = [];
    const { url, bodies } = await httpServer((request, response) => {
      requests.push(request);
      response.end(good);
    });
    const post = await postTo(`${url}/graphql`, { 'x-api-key': 'key-1', 'x-sdk-name': 'sdk' });
    await post.send({ query: 'q', variables: { name: 'ä€😀' } }, new AbortController().signal);
    expect(bodies).toEqual(['{"query":"q","variables":{"name":"ä€😀"}}']);
    expect(requests.map(({ method, url: path }) => `${method} ${path}`)).toEqual(['POST /graphql']);
    expect(requests[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      // 37 characters of ASCII, and 2, 3 and 4 bytes.
      'content-length': '46',
      'x-api-key': 'key-1',
      'x-sdk-name': 'sdk',
    });
  });

  test('gets an answer whole whose characters are cut in two', async () => {
    const reply = Buffer.from('{"data":{"name":"ä€😀"}}');
    const { url } = await httpServer((_request, response) => {
      // Every byte is a chunk of its own, and is on its way before the next is written.
      const writeFrom = (at: number): void => {
        if (at === reply.length) response.end();
        else response.write(reply.subarray(at, at + 1), () => setImmediate(writeFrom, at + 1));
      };
      writeFrom(0);
    });
    expect(await send(await postTo(url))).toEqual({ status: 200, data: { name: 'ä€😀' } });
  });
});

describe('a connection', () => {
  test('serves one request after the other, and close lets it go', async () => {
    const { url, server, sockets } = await httpServer((_request, response) => response.end(good));
    const post = await postTo(url);
    await send(post);
    await send(post);
    expect(sockets).toHaveLength(1);
    const ended = once(sockets[0] as (typeof sockets)[0], 'close', { signal: AbortSignal.timeout(5_000) });
    post.close();
    await ended;
    await new Promise((resolve) => server.close(resolve));
  });

  test('that is kept does not keep the process', async () => {
    const { url } = await httpServer((_request, response) => response.end(good));
    expect(await ownProcess(url)).toEqual({ out: 'HTTP 200', exit: 0 });
  });
});

describe('an answer', () => {
  const errors = [{ message: 'no such plan', extensions: { code: 'PLAN_NOT_FOUND' } }];

  test.each([200, 400, 500])('with errors rejects with them, with HTTP %i as well', async (status) => {
    const { url } = await httpServer((_request, response) => {
      response.writeHead(status).end(JSON.stringify({ data: { plan: null }, errors }));
    });
    const failed = await send(await postTo(url)).catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject({ name: 'Error', message: `HTTP ${status}`, response: { status, errors } });
    expect(requestError(failed, undefined)).toMatchObject({ code: 'PLAN_NOT_FOUND', message: 'no such plan' });
  });

  const html = '<html><body>Bad Gateway</body></html>';
  test.each([
    [401, good, 'UNAUTHENTICATED'],
    [403, good, 'FORBIDDEN'],
    [429, good, 'RATE_LIMITED'],
    [500, good, 'UNAVAILABLE'],
    [502, html, 'UNAVAILABLE'],
    [302, good, 'UNAVAILABLE'],
    [307, '', 'UNAVAILABLE'],
    [404, html, 'INVALID_ARGUMENT'],
    [200, '', 'UNAVAILABLE'],
    [200, html, 'UNAVAILABLE'],
    [200, 'null', 'UNAVAILABLE'],
    [200, '"x"', 'UNAVAILABLE'],
    [200, '[]', 'UNAVAILABLE'],
    [200, '{}', 'UNAVAILABLE'],
    [200, '{"data":null}', 'UNAVAILABLE'],
    [200, '{"errors":null}', 'UNAVAILABLE'],
    [401, '{"errors":{"detail":"no key"}}', 'UNAUTHENTICATED'],
    [429, '{"errors":true}', 'RATE_LIMITED'],
  ])('of HTTP %i with the body %j rejects with the status, and is %s', async (status, body, code) => {
    const { url, bodies } = await httpServer((_request, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end(body);
    });
    const failed = await send(await postTo(url)).catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject({ message: `HTTP ${status}`, response: { status } });
    expect(requestError(failed, undefined)).toMatchObject({ code, message: `the engine answered HTTP ${status}` });
    expect(bodies).toHaveLength(1);
  });

  test('that changes the protocol rejects with its status', async () => {
    const { url } = await httpServer((request) => {
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
    });
    await expect(send(await postTo(url), AbortSignal.timeout(5_000))).rejects.toMatchObject({
      response: { status: 101 },
    });
  });
});

describe('a request that is aborted', () => {
  test('before it is sent rejects and opens no connection', async () => {
    const { url, sockets, bodies } = await httpServer((_request, response) => response.end(good));
    const post = await postTo(url);
    await expect(send(post, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    // The next one is the first that the server hears of.
    await send(post);
    expect([sockets.length, bodies.length]).toEqual([1, 1]);
  });

  test('while it waits for the answer rejects', async () => {
    const abort = new AbortController();
    const { url } = await httpServer(() => abort.abort());
    await expect(send(await postTo(url), abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('in the middle of the body rejects', async () => {
    const abort = new AbortController();
    const { url, sockets } = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-length': good.length });
      response.write(good.slice(0, 20), () => setImmediate(() => abort.abort()));
    });
    await expect(send(await postTo(url), abort.signal)).rejects.toThrow();
    await expect.poll(() => sockets[0]?.destroyed).toBe(true);
  });
});

describe('an address with https', () => {
  /** A server whose certificate nobody but itself has signed. */
  async function selfSigned() {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-post-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=127.0.0.1';
    const rest = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate];
    execFileSync('openssl', [...made.split(' '), ...rest], { stdio: 'ignore' });
    let count = 0;
    const server = createHttpsServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (request, response) => {
        count += 1;
        request.resume().once('end', () => response.end(good));
      },
    );
    const { port } = await listening(server);
    return { url: `https://127.0.0.1:${port}`, certificate, count: () => count };
  }

  test('is refused for a certificate that nobody knows, before anything is sent', async () => {
    const { url, count } = await selfSigned();
    const failed = await send(await postTo(url)).catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(requestError(failed, undefined)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(count()).toBe(0);
  });

  test('is served where the certificate is known', async () => {
    const { url, certificate } = await selfSigned();
    expect(await ownProcess(url, { NODE_EXTRA_CA_CERTS: certificate })).toEqual({ out: 'HTTP 200', exit: 0 });
  });
});
