import type { Tollgate, TollgateOptions } from '@tollgate/client';
import type { Admission } from '@tollgate/client/gate';
import type { Transport } from '@tollgate/contract';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Door } from './door.js';
import { fastifyVariant } from './fastify-variant.js';
import { type Answer, type GateBench, openGateBench, send } from './gate-bench.js';
import type { StartedApp, SuiteCall, SuiteReply, SuiteRequest, SuiteRoute } from './gate-variant.js';

/** What the handlers found, request by request. */
export const found: Admission[] = [];

/** Measures what the request says, if it says something, and shows the admission itself. */
export const show = ({ admission, headers }: SuiteCall): SuiteReply => {
  found.push(admission);
  if (typeof headers['x-measured'] === 'string') admission.measure(headers['x-measured']);
  return { status: 200, body: admission };
};
export const headerOf = ({ headers }: SuiteRequest, name: string): string => String(headers[name] ?? '');

export const route = (path: string, entitlement: SuiteRoute['entitlement'], method: SuiteRoute['method'] = 'GET') => ({
  method,
  path,
  entitlement,
  handler: show,
});
/** What an answer says of its calls. */
export const callsIn = ({ body }: Pick<Answer, 'body'>) =>
  (body.entitlements as Admission['entitlements'])['feature-calls'];

export const calls = { feature: 'feature-calls', usage: 1 };
export const routes: SuiteRoute[] = [
  route('/sso', 'feature-sso'),
  route('/calls', calls),
  route('/pdf', { feature: 'feature-export', values: 'pdf' }),
  route('/xlsx', { feature: 'feature-export', values: ['xlsx'] }),
  route('/upload-5', { feature: 'feature-upload', atMost: 5 }),
  route('/upload-20', { feature: 'feature-upload', atMost: 20 }),
];

/** An engine for the tests of one file in which the same request comes again and again. */
export function againStage() {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
  });
  afterAll(() => bench?.close());

  /** A client of its own; `before` hears of each operation by its name, and may hold it back. */
  const clientOn = (before: (operation: string) => unknown, options: TollgateOptions = {}): Promise<Tollgate> => {
    const { transport } = bench.stack;
    const execute: Transport['execute'] = async (operation, ...rest) => {
      await before(/(?:query|mutation) (\w+)/.exec(String(operation))?.[1] ?? '');
      return transport.execute(operation, ...rest);
    };
    return bench.newClient({ transport: { ...transport, execute }, ...options }).waitForInitialization();
  };
  /** A client whose reports wait at a door: until it is opened, what the client knows stays as it is. */
  const clientBehind = (door: Door, options?: TollgateOptions) =>
    clientOn((operation) => operation === 'ReportUsage' && door.pass(), options);

  /** The same request several times: the first has to ask the engine, and what comes of it is remembered. */
  async function sendTimes(
    times: number,
    app: StartedApp,
    path: string,
    customer: string,
    more: Record<string, string> = {},
  ) {
    const answers = [];
    for (let count = 0; count < times; count += 1) {
      answers.push(await send(app, 'GET', path, { 'x-customer': customer, ...more }));
    }
    return answers;
  }
  const statusesOf = async (...asked: Parameters<typeof sendTimes>) =>
    (await sendTimes(...asked)).map(({ status }) => status);
  const callsOf = (customer: string) => bench.usageOf(customer, 'feature-calls');

  return {
    get bench() {
      return bench;
    },
    clientOn,
    clientBehind,
    sendTimes,
    statusesOf,
    callsOf,
  };
}
