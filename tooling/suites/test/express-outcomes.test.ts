import { request } from 'node:http';
import { connect } from 'node:net';
import type { Outcome } from '@tollgate/client/gate';
import { requireEntitlement } from '@tollgate/express';
import express5, { type NextFunction, type Request, type Response } from 'express';
import express4 from 'express4';
import { describe, expect, test } from 'vitest';
import { done, expressStage } from '../src/express-stage.js';
import { eventually, send, sendAndLeave } from '../src/gate-bench.js';
import type { StartedApp } from '../src/gate-variant.js';

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('requests and how they end in %s', (name, express) => {
  const stage = expressStage(name, express);
  const { serve, post, reportsOf } = stage;
  const heldOf = async (customerId: string) => (await stage.bench.partOf(customerId, 'feature-reports'))?.held;

  test('a connection that closes while the customer is looked up is not missed [express.3]', async () => {
    const customerId = await stage.bench.newCustomer('plan-pro');
    const [asked, left, decided] = [signal(), signal(), signal()];
    let runs = 0;
    const app = await serve(
      (root) => {
        root.use((_, response, next) => {
          response.once('close', left.give);
          next();
        });
        const usage = (): number => {
          decided.give();
          return 5;
        };
        root.post('/', requireEntitlement('feature-reports', { usage }), (_, response) => {
          runs += 1;
          response.json({});
        });
        root.post('/plain', requireEntitlement('feature-reports', { usage: 1 }), done);
      },
      {
        customer: async (incoming) => {
          asked.give();
          if (incoming.path === '/') await left.given;
          return customerId;
        },
      },
    );
    await sendAndLeave(app, '/', {}, asked.given);
    await decided.given;
    // What one customer's requests hold and report reaches the engine in their order.
    expect((await send(app, 'POST', '/plain')).status).toBe(200);
    await eventually(() => reportsOf(customerId)).toBe(1);
    await eventually(() => heldOf(customerId)).toBe(0n);
    expect(runs).toBe(0);
  });

  test('a response settles once, as sent or as aborted, whatever is fired for it [express.4]', async () => {
    const outcomes: Outcome[] = [];
    const closed: string[] = [];
    const app = await serve(
      (root) => {
        root.use((incoming, response, next) => {
          response.on('close', () => closed.push(incoming.path));
          next();
        });
        const report = requireEntitlement('feature-reports', { usage: 1 });
        root.post('/sent', report, done);
        root.post('/left', report, (_, response) => void response.status(200).write('a piece'));
        root.post('/cut', report, (_, response) => void response.socket?.destroy());
      },
      {
        settleBy: (outcome) => {
          outcomes.push(outcome);
          return undefined;
        },
      },
    );
    const { customerId } = await post(app, '/sent');
    // `close` follows every response, a sent one too.
    await eventually(() => closed).toEqual(['/sent']);
    expect(outcomes).toEqual([{ kind: 'finished', statusCode: 200 }]);
    await sendAndLeave(app, '/left', { 'x-customer': customerId });
    await expect(send(app, 'POST', '/cut', { 'x-customer': customerId })).rejects.toThrow();
    const aborted = { kind: 'aborted', phase: 'in-handler' };
    await eventually(() => outcomes).toEqual([{ kind: 'finished', statusCode: 200 }, aborted, aborted]);
    await eventually(() => closed).toEqual(['/sent', '/left', '/cut']);
    await eventually(() => heldOf(customerId)).toBe(0n);
    expect([await reportsOf(customerId), outcomes.length]).toEqual([1, 3]);
  });

  test('requests on one connection each settle for themselves [express.4]', async () => {
    const customerId = await stage.bench.newCustomer('plan-pro');
    const app = await serve((root) => {
      root.post('/:status', requireEntitlement('feature-reports', { usage: 2 }), (incoming, response) => {
        response.status(Number(incoming.params.status)).end();
      });
    });
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    const one = (status: number) =>
      `POST /${status} HTTP/1.1\r\nHost: x\r\nX-Customer: ${customerId}\r\nContent-Length: 0\r\n\r\n`;
    // All of them before the first answer.
    socket.write([200, 500, 201, 404].map(one).join(''));
    await eventually(() => reportsOf(customerId)).toBe(4);
    await eventually(() => heldOf(customerId)).toBe(0n);
    socket.destroy();
  });

  test('settleBy decides by status, for one route before all of them [express.5]', async () => {
    const app = await serve(
      (root) => {
        const settleBy = (outcome: Outcome) =>
          outcome.kind === 'finished' && outcome.statusCode === 422 ? 'commit' : undefined;
        const answer = (incoming: Request, response: Response) =>
          void response.sendStatus(Number(incoming.get('x-status')));
        root.post('/own', requireEntitlement('feature-reports', { usage: 10, settleBy }), answer);
        root.post('/all', requireEntitlement('feature-reports', { usage: 100 }), answer);
      },
      { settleBy: (outcome) => (outcome.kind === 'finished' && outcome.statusCode === 409 ? 3 : 'release') },
    );
    const customerId = await stage.bench.newCustomer('plan-pro');
    const statuses: [path: string, status: string][] = [
      ['/own', '422'],
      ['/own', '404'],
      ['/own', '201'],
      ['/all', '200'],
      ['/all', '409'],
    ];
    for (const [path, status] of statuses) await post(app, path, { 'x-customer': customerId, 'x-status': status });
    // 10 for the 422, 10 for the 201, 3 for the 409; nothing for the others.
    await eventually(() => reportsOf(customerId)).toBe(23);
    await eventually(() => heldOf(customerId)).toBe(0n);
  });

  test('leaves the body alone: a parser may come before or after, or nobody reads it as JSON [express.7]', async () => {
    const sizeOf = (incoming: Request) => Number(incoming.body?.size ?? 1);
    const app = await serve((root) => {
      root.post('/after', requireEntitlement('feature-sso'), express5.json(), (incoming, response) => {
        response.json(incoming.body);
      });
      root.post('/before', express5.json(), requireEntitlement('feature-reports', { usage: sizeOf }), done);
      root.post('/raw', requireEntitlement('feature-sso'), async (incoming, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        response.json({ bytes: Buffer.concat(chunks).length });
      });
    });
    const customerId = await stage.bench.newCustomer('plan-pro');
    const body = JSON.stringify({ size: 7 });
    expect(await postBody(app, '/after', customerId, body)).toEqual({ size: 7 });
    expect(await postBody(app, '/raw', customerId, 'x'.repeat(200_000))).toEqual({ bytes: 200_000 });
    expect(await postBody(app, '/before', customerId, body)).toEqual({ done: true });
    await eventually(() => reportsOf(customerId)).toBe(7);
  });

  test('respects an answer that was sent while it decided [express.7]', async () => {
    let runs = 0;
    const app = await serve((root) => {
      const early = (_: Request, response: Response, next: NextFunction): void => {
        response.json({ early: true });
        next();
      };
      root.post('/', early, requireEntitlement('feature-reports', { usage: 1 }), () => {
        runs += 1;
      });
      root.post('/denied', early, requireEntitlement('feature-chat'), done);
    });
    const { customerId, body, status } = await post(app, '/');
    expect([status, body]).toEqual([200, { early: true }]);
    expect((await post(app, '/denied', { 'x-customer': customerId })).body).toEqual({ early: true });
    await eventually(() => heldOf(customerId)).toBe(0n);
    expect([runs, await reportsOf(customerId)]).toEqual([0, 0]);
  });

  test('announces quotas in the words that the application chooses [express.2]', async () => {
    const headersWith = async (quotaHeaders: 'draft-11' | 'x-ratelimit' | 'none') => {
      const build = (root: express5.Express) =>
        root.post('/', requireEntitlement('feature-reports', { usage: 1 }), done);
      const app = await serve(build, { quotaHeaders });
      const { headers } = await post(app, '/', { 'x-customer': await stage.bench.newCustomer('plan-free') });
      return ['ratelimit', 'ratelimit-policy', 'x-ratelimit-limit', 'x-ratelimit-remaining'].map((header) =>
        headers.get(header),
      );
    };
    const [state, policy] = ['"feature-reports";r=2;t=1425600', '"feature-reports";q=3;w=2678400'];
    expect(await headersWith('draft-11')).toEqual([state, policy, null, null]);
    expect(await headersWith('x-ratelimit')).toEqual([null, null, '3', '2']);
    expect(await headersWith('none')).toEqual([null, null, null, null]);
  });

  test('lets in, or answers 503, while nothing is known, as the application says [express.2]', async () => {
    const transport = { ...stage.bench.stack.transport, execute: () => Promise.reject(new Error('no way through')) };
    const statusWith = async (onUnavailable: 'allow' | 'deny') => {
      const client = stage.bench.newClient({ transport });
      const build = (root: express5.Express) => root.post('/', requireEntitlement('feature-sso'), done);
      return (await post(await serve(build, { client, onUnavailable, deadlineMs: 300 }), '/')).status;
    };
    expect([await statusWith('allow'), await statusWith('deny')]).toEqual([200, 503]);
  });
});

/** Something that happens once, and can be waited for. */
function signal(): { given: Promise<void>; give(): void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

function postBody(app: StartedApp, path: string, customerId: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-customer': customerId, 'content-type': 'application/json' };
    const call = request(app.url + path, { method: 'POST', headers, agent: false }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      resolve(JSON.parse(Buffer.concat(chunks).toString()));
    });
    call.on('error', reject);
    call.end(body);
  });
}
