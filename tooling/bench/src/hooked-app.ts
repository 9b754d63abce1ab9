import { parseArgs } from 'node:util';
import { gatePortKey, Tollgate } from '@tollgate/client';
import { type Hook, isHook, requirements } from './hook.js';
import { startHookedExpress } from './hooked-express.js';
import { startHookedFastify } from './hooked-fastify.js';
import { startHookedNest } from './hooked-nest.js';

/*
 * An application of its own process, with one hook on one route: `GET /` answers `{ ok: true }`. `GET /cpu` waits until
 * nothing that was metered is left to send, and answers how much processor time the process has used, in microseconds.
 */
const { values } = parseArgs({
  options: {
    framework: { type: 'string', default: '' },
    hook: { type: 'string', default: '' },
    server: { type: 'string', default: '' },
    'api-key': { type: 'string', default: '' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
  },
});
const starts = { express: startHookedExpress, fastify: startHookedFastify, nest: startHookedNest };

async function main(): Promise<void> {
  const { framework, hook } = values;
  const start = starts[framework as keyof typeof starts];
  if (!start || !isHook(hook)) throw new Error(`no application ${framework} with ${hook}`);
  await start({ hook, client: await clientFor(hook), readCpu, port: Number(values.port), host: values.host });
}

let sent = async (): Promise<void> => {};

/** Only what has a gate has a client: what it does in the background is part of what it costs. */
async function clientFor(hook: Hook): Promise<Tollgate | undefined> {
  if (!(hook in requirements)) return undefined;
  const client = Tollgate.initialize({ baseUri: values.server, apiKey: values['api-key'] });
  await client.waitForInitialization();
  sent = () => client[gatePortKey].sendUnderWay(60_000);
  return client;
}

async function readCpu(): Promise<number> {
  await sent();
  const { user, system } = process.cpuUsage();
  return user + system;
}

void main();
