import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { type Served, startProgram } from '@tollgate/services';
import { addedCpu, type FrameworkCpu } from './added-cpu.js';
import type { BenchStage } from './bench-stage.js';
import { accountHeader, type Hook, hooks } from './hook.js';

const CALLERS = 16;
const ROUNDS = 15;
/** Before anything is measured, so that all code is compiled and every snapshot is in memory. */
const WARM_ROUNDS = 6;

const frameworks = [
  { id: 'express', framework: 'Express 5', limiterName: 'express-rate-limit' },
  { id: 'fastify', framework: 'Fastify 5', limiterName: '@fastify/rate-limit' },
  { id: 'nest', framework: 'Nest 12 on Express', limiterName: '@nestjs/throttler' },
];
/** One busy account: most of what a limiter has to remember is somebody's. */
const account = 'account';

/**
 * The processor time of an application with a hook, per request, over that of one with a hook that does nothing. Every
 * application is a process of its own; load, engine and database are others. The rounds take turns between them.
 */
export async function gateCpu(
  stage: Pick<BenchStage, 'environment' | 'serverUrl' | 'apiKey'>,
  requests: number,
): Promise<FrameworkCpu[]> {
  const subscriptionParams = { planId: 'plan-bench' };
  await stage.environment.provisionCustomer({ customerId: account, subscriptionParams }, Date.now());
  const measured: FrameworkCpu[] = [];
  for (const { id, framework, limiterName } of frameworks) {
    const costs = await costsOf(stage, id, requests);
    const added = (hook: Hook) => addedCpu(costs[hook], costs.nothing);
    const all = { check: added('check'), meter: added('meter'), limiter: added('limiter') };
    measured.push({ framework, limiterName, added: all });
  }
  return measured;
}

/** What a request costs with each hook, by round. */
async function costsOf(
  { serverUrl, apiKey }: Pick<BenchStage, 'serverUrl' | 'apiKey'>,
  framework: string,
  requests: number,
): Promise<Record<Hook, number[]>> {
  const program = join(import.meta.dirname, '../dist/hooked-app.js');
  const costs: Record<Hook, number[]> = { nothing: [], check: [], meter: [], limiter: [] };
  const apps: { served: Served; hook: Hook }[] = [];
  try {
    for (const hook of hooks) {
      const args = ['--framework', framework, '--hook', hook, '--server', serverUrl, '--api-key', apiKey];
      apps.push({ served: await startProgram({ program, args }), hook });
    }
    for (let round = -WARM_ROUNDS; round < ROUNDS; round += 1) {
      for (const { served, hook } of apps) {
        const cost = await cpuPerRequest(served.url, requests);
        if (round >= 0) costs[hook].push(cost);
      }
    }
    return costs;
  } finally {
    for (const { served } of apps) await served.kill();
  }
}

/** In microseconds, with what the process does afterwards to get its usage to the engine. */
async function cpuPerRequest(url: string, requests: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  try {
    const before = Number(await get(agent, `${url}/cpu`));
    let sent = 0;
    const caller = async (): Promise<void> => {
      while (sent < requests) {
        sent += 1;
        await get(agent, url);
      }
    };
    await neverAsleep(Promise.all(Array.from({ length: CALLERS }, caller)));
    return (Number(await get(agent, `${url}/cpu`)) - before) / requests;
  } finally {
    agent.destroy();
  }
}

/**
 * Keeps this process awake while it waits. An application that writes to a sleeping process pays for waking it, and a slow
 * application would pay more often than a quick one.
 */
async function neverAsleep(work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const over = work.finally(() => {
    isDone = true;
  });
  const turn = (): void => {
    if (!isDone) setImmediate(turn);
  };
  turn();
  await over;
}

function get(agent: Agent, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { [accountHeader]: account } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.once('error', reject).once('end', () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${url} answered ${response.statusCode}: ${body}`));
      });
    });
    sent.once('error', reject).end();
  });
}
