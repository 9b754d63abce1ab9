import { request } from 'node:http';
import { remote } from '@tollgate/client/remote';
import { type CatalogDocument, isErrorCode, TollgateError } from '@tollgate/contract';
import { environmentOn } from './environment-on.js';
import type { ErrorReply, OpenedEnvironment, OpenRequest } from './run-engine-desk.js';
import type { EnvironmentOptions, Served } from './stack.js';
import { startOf } from './start-stack.js';
import type { TestEnvironment } from './test-environment.js';

/** A fresh environment in the engine of the run that this test file belongs to. */
export async function joinRun(address: string, options: EnvironmentOptions): Promise<TestEnvironment & Served> {
  const { catalog, now, sweeper = true } = options;
  const asked: OpenRequest = { catalog: await documentOf(catalog), now: startOf(now), sweeper };
  const { environmentId, apiKey, url, now: start } = (await post(`${address}open`, asked)) as OpenedEnvironment;
  let current = start;
  const environment = environmentOn({
    transport: remote({ apiKey, baseUri: url }),
    now: () => current,
    move: async (instant) => {
      await post(`${address}move`, { environmentId, instant });
      current = instant;
    },
    close: async () => undefined,
  });
  return { ...environment, url, apiKey };
}

async function documentOf(catalog: CatalogDocument | string): Promise<CatalogDocument> {
  if (typeof catalog !== 'string') return catalog;
  const { readCatalog } = await import('@tollgate/server/embedded');
  return (await readCatalog(catalog)).document;
}

/** By Node's own client: a test may have put something else in the place of `fetch`, or have none. */
function post(url: string, body: object): Promise<object> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      const message = 'the engine of this test run cannot be reached: was it started by another run, which is over?';
      reject(new TollgateError('UNAVAILABLE', message, { cause }));
    };
    const call = request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } });
    call.on('error', fail).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('error', fail);
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) return resolve(JSON.parse(text));
        const { error } = (text ? JSON.parse(text) : {}) as Partial<ErrorReply>;
        reject(error ? errorOf(error) : new TollgateError('UNAVAILABLE', `${url} is no engine of a test run`));
      });
    });
    call.end(JSON.stringify(body));
  });
}

function errorOf({ code, message, ...facts }: ErrorReply['error']): TollgateError {
  return new TollgateError(isErrorCode(code) ? code : 'INTERNAL', message, facts);
}
