import { type Amount, type HotOperationInput, parseAmount } from '@tollgate/contract';
import { post } from './post.js';
import type { ServerStage } from './server-stage.js';
import { expectSame, until } from './until.js';

const jobs = 60;

/** Kills apps while their handlers work on what was reserved for them. */
export async function killHolders(stage: ServerStage, kills: number): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) await killHolder(stage, `holder-${kill}`);
}

async function killHolder(stage: ServerStage, customerId: string): Promise<void> {
  const { environment } = stage;
  const [server] = stage.servers;
  if (!server) throw new Error('a stage has a server');
  await environment.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-work' } }, Date.now());
  const app = await stage.app(server);
  const headers = { 'x-account': customerId };
  const requests = Array.from({ length: jobs }, () =>
    post(`${app.url}/jobs?ends=never`, headers).catch(() => 'cut off' as const),
  );
  await until(
    () => counterOf(stage, customerId, Date.now()),
    (counter) => counter.held === amount(jobs),
    `what ${customerId} holds`,
  );
  await app.kill();
  expectSame(await Promise.all(requests), Array(jobs).fill('cut off'), `requests of ${customerId} that were cut off`);

  // The clock is an argument, so nobody has to wait: something is held until then, and nothing after.
  const over = await freeAt(stage, customerId);
  const reserveAll = async (reservationId: string, now: number) => {
    const operation: HotOperationInput = {
      reserve: { customerId, reservationId, items: [{ featureId: 'jobs', amount: '100' }] },
    };
    return (await environment.hot(operation, now)).reservation?.status;
  };
  expectSame(await reserveAll('too early', over - 1), 'DENIED', `all of ${customerId} before its holds run out`);
  expectSame(await reserveAll('in time', over), 'HELD', `all of ${customerId} when its holds have run out`);
  const { currentUsage } = await counterOf(stage, customerId, over);
  expectSame(currentUsage, 0n, `usage of ${customerId}`);
}

/** The instant at which the last hold has run out, if nobody renews them. */
async function freeAt(stage: ServerStage, customerId: string): Promise<number> {
  for (let now = Date.now(); ; ) {
    const { held, heldUntil } = await counterOf(stage, customerId, now);
    if (held === 0n) return now;
    if (heldUntil === null) throw new Error(`${customerId} holds ${held} for ever`);
    now = heldUntil;
  }
}

const amount = (value: number): Amount => parseAmount(value, 'amount');

async function counterOf({ environment }: ServerStage, customerId: string, now: number) {
  const [snapshot] = await environment.snapshots(customerId, [null], now);
  const counter = snapshot?.usage.get('jobs');
  if (!counter) throw new Error(`${customerId} has no counter of jobs`);
  return counter;
}
