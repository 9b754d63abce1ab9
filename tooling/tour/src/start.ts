import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Tollgate } from '@tollgate/client';
import { type Program, startProgram } from './program.js';
import { formatRow, sendRequest, tableHeader } from './requests.js';

const root = join(import.meta.dirname, '../../..');
const print = (line = '') => process.stdout.write(`${line}\n`);
const once = process.argv.includes('--once');
const running: Program[] = [];

interface App {
  name: string;
  url: string;
}

/** The server, as `tollgate dev` starts it: an engine on PGlite in a folder that outlives this run. */
async function startServer(): Promise<{ url: string; apiKey: string }> {
  const said: string[] = [];
  const server = await startProgram({
    args: [
      join(root, 'packages/server/bin/tollgate.js'),
      'dev',
      ...['--data', process.env.TOLLGATE_DATA ?? join(root, '.tollgate/start')],
      ...['--catalog', join(root, 'examples/express/src/tollgate.catalog.ts')],
      '--next-port',
    ],
    ready: /^Ctrl-C stops it/,
    onLine: (line) => {
      said.push(line);
      if (line.includes('taken')) print(line);
    },
  });
  running.push(server);
  const find = (label: RegExp) => said.map((line) => label.exec(line)?.[1]).find((value) => value !== undefined) ?? '';
  return { url: find(/^\s*server\s+(http\S+)/), apiKey: find(/^\s*server key\s+(\S+)/) };
}

async function startApp(name: string, port: number, env: Record<string, string>): Promise<App> {
  const args = [join(root, 'examples', name, 'dist/main.js')];
  const options = { args, ready: /^listening on (\S+)/ };
  const app = await startProgram({ ...options, env: { ...env, PORT: String(port) } }).catch((error: Error) => {
    if (!error.message.includes('EADDRINUSE')) throw error;
    print(`port ${port} is taken: ${name} takes another one`);
    return startProgram({ ...options, env: { ...env, PORT: '0' } });
  });
  running.push(app);
  return { name, url: (app.match[1] as string).replace('[::1]', 'localhost') };
}

/** The same requests to each app: what one plan allows, another denies. */
async function tour(app: App, customers: Record<'free' | 'pro' | 'enterprise', string>): Promise<void> {
  const show = async (request: string, customer: string, body?: object) =>
    print(formatRow(await sendRequest(app.url, request, customer, body)));
  print(`\n${app.name} on ${app.url}\n${tableHeader}`);
  for (const customer of [customers.free, customers.enterprise]) await show('GET /sso', customer);
  for (const customer of [customers.free, customers.pro]) await show('POST /uploads', customer, { megabytes: 50 });
  for (const customer of [customers.pro, customers.enterprise]) await show('GET /exports/pdf', customer);
  for (let project = 1; project <= 3; project += 1) await show('POST /projects', customers.free);
  for (const project of [1, 2]) await show(`DELETE /projects/${project}`, customers.free);
  for (let report = 1; report <= 4; report += 1) await show('POST /reports', customers.free);
  await show('POST /reports', customers.pro);
  for (let call = 1; call <= 6; call += 1) await show('GET /data', customers.free);
}

/** Moves the Free customers to Pro and asks each app until it lets the denied request through. */
async function upgrade(client: Tollgate, apps: App[], customerOf: (app: App) => string): Promise<void> {
  print('\nThe Free customers move to Pro; no app is restarted.');
  for (const app of apps) {
    const customer = customerOf(app);
    await client.provisionSubscription({ customerId: customer, planId: 'plan-pro', billingPeriod: 'MONTHLY' });
    const startedMs = performance.now();
    let row = await sendRequest(app.url, 'POST /reports', customer);
    while (row.status !== 201) {
      if (performance.now() - startedMs > 10_000) throw new Error(`${app.name} did not feel the new plan`);
      row = await sendRequest(app.url, 'POST /reports', customer);
    }
    print(`${formatRow(row)}   felt by ${app.name} after ${Math.round(performance.now() - startedMs)} ms`);
  }
}

async function main(): Promise<void> {
  print('Starting a server and three apps …');
  const server = await startServer();
  const client = Tollgate.initialize({ apiKey: server.apiKey, baseUri: server.url });
  await client.waitForInitialization();

  const env = { TOLLGATE_URL: server.url, TOLLGATE_API_KEY: server.apiKey };
  const apps = await Promise.all([
    startApp('express', 3001, env),
    startApp('fastify', 3002, env),
    startApp('nestjs', 3003, env),
  ]);

  // Fresh customers for every app and run: the data outlives the run, and a month's reports are soon used up.
  const run = randomBytes(3).toString('hex');
  for (const app of apps) {
    const customers = {
      free: `${app.name}-free-${run}`,
      pro: `${app.name}-pro-${run}`,
      enterprise: `${app.name}-ent-${run}`,
    };
    await client.provisionCustomer({ customerId: customers.free, subscriptionParams: { planId: 'plan-free' } });
    await client.provisionCustomer({
      customerId: customers.pro,
      subscriptionParams: { planId: 'plan-pro', billingPeriod: 'MONTHLY' },
    });
    await client.provisionCustomer({
      customerId: customers.enterprise,
      subscriptionParams: { planId: 'plan-enterprise', billingPeriod: 'ANNUALLY' },
    });
    await tour(app, customers);
  }
  await upgrade(client, apps, (app) => `${app.name}-free-${run}`);
  await client.close();
  if (once) return stopAll();

  const example = `${apps[0]?.name}-free-${run}`;
  print(
    `\nEverything stays up: ${apps.map((app) => `${app.name} ${app.url}`).join(', ')}, server ${server.url}/graphql`,
  );
  print('Try:');
  print(`  curl -i -X POST -H 'x-account: ${example}' ${apps[0]?.url}/reports`);
  print(`  curl -i -H 'x-account: ${example}' ${apps[1]?.url}/sso`);
  print(`  curl -i -H 'x-account: nobody' ${apps[2]?.url}/data`);
  print('Ctrl-C stops it.');
}

async function stopAll(): Promise<void> {
  // The apps first: they still hand their last usage to the server.
  for (const program of running.reverse()) await program.stop();
}

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    print('\nStopping …');
    stopAll().then(() => process.exit(0));
  });
}

main().catch(async (error: Error) => {
  process.stderr.write(`${error.message}\n`);
  await stopAll();
  process.exit(1);
});
