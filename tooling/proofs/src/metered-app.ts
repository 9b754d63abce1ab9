import { parseArgs } from 'node:util';
import { Tollgate } from '@tollgate/client';
import { admissionOf, requireEntitlement, tollgate } from '@tollgate/express';
import express, { type Request, type Response } from 'express';

/*
 * A small application of its own process: one route that does a job of a metered feature, one that spends credits, in the
 * gate's default mode. How a request ends is said by its query: `ends=failed` fails, `ends=never` keeps it open, and
 * `measured` says what was really used.
 */
const { values } = parseArgs({
  options: {
    server: { type: 'string', default: '' },
    'api-key': { type: 'string', default: '' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
  },
});
const client = Tollgate.initialize({ baseUri: values.server, apiKey: values['api-key'] });

function finish(request: Request, response: Response): void {
  const { ends, measured } = request.query;
  if (ends === 'never') return;
  if (typeof measured === 'string') admissionOf(request)?.measure(measured);
  response.status(ends === 'failed' ? 409 : 201).end();
}

const app = express();
app.get('/readyz', async (_request, response) => {
  await client.waitForInitialization();
  response.end();
});
// A storm on a slow machine takes its time, and an answer that comes too late would prove nothing.
app.use(tollgate({ client, deadlineMs: 60_000, customer: (request) => request.header('x-account') }));
app.post('/jobs', requireEntitlement('jobs', { usage: 1 }), finish);
app.post(
  '/credits',
  requireEntitlement({ currency: 'credits', usage: (request) => String(request.query.amount) }),
  finish,
);
app.listen(Number(values.port), values.host);
