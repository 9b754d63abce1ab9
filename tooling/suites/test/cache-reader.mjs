// A process of an application: a client with a memory of its own and the shared cache. Its parent tells it what to call
// by messages, and is told the answer together with the operations that went to the engine so far.
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Tollgate } from '@tollgate/client';
import { redisCache } from '@tollgate/redis';

const { baseUri, apiKey, redisUrl, environmentPrefix } = JSON.parse(process.argv[2]);

// Listened to on the way out.
const operations = [];
const send = http.request;
http.request = (...args) => {
  const request = send(...args);
  const end = request.end.bind(request);
  request.end = (body, ...rest) => {
    operations.push(/(?:query|mutation) (\w+)/.exec(String(body))?.[1]);
    return end(body, ...rest);
  };
  return request;
};
syncBuiltinESMExports();

const client = Tollgate.initialize({
  baseUri,
  apiKey,
  entitlementsTimeout: 10_000,
  logConfiguration: { logLevel: 'NONE' },
  // A machine that starts many processes at once is slow to connect; that alone must not send anybody to the engine.
  cache: redisCache({ url: redisUrl, environmentPrefix, commandTimeoutMs: 5000 }),
});

process.on('message', async ({ method, params }) => {
  try {
    const value = await client[method](params);
    process.send({ value: method === 'waitForInitialization' ? null : value, operations });
  } catch (error) {
    process.send({ error: String(error), operations });
  }
});
process.on('disconnect', () => process.exit(0));
