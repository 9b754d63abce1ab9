import { type Amount, formatAmount, parseAmount } from '@tollgate/contract';
import fc from 'fast-check';
import { post } from './post.js';
import type { Proof } from './proof.js';
import { openServerStage, type ServerStage } from './server-stage.js';
import { expectSame, until } from './until.js';

const RUNS = { short: 3, long: 20 } as const;
const PROCESSES = 3;
const REQUESTS = 1000;
const LIMIT = 100;

/** One request to an app, and how it ends there. */
interface Asked {
  path: string;
  /** Credits that it asks for. */
  amount: Amount;
  /** What of it is charged where the request is let in. */
  charged: Amount;
}

const credits = (text: string): Amount => parseAmount(text, 'amount');
const one = credits('1');

/** Mixed amounts; in a storm that gives back, some requests fail after they were let in, and some use less than asked. */
const creditRequest = (givesBack: boolean): fc.Arbitrary<Asked> =>
  fc
    .record({
      amount: fc.constantFrom('1', '2', '3', '5', '8', '0.5', '1.25', '0.000001'),
      ends: givesBack ? fc.constantFrom('as asked', 'as asked', 'failed', 'less') : fc.constant('as asked'),
    })
    .map(({ amount, ends }): Asked => {
      const asked = credits(amount);
      const measured = asked / 2n;
      const path = `/credits?amount=${amount}`;
      if (ends === 'failed') return { path: `${path}&ends=failed`, amount: asked, charged: 0n };
      if (ends === 'less')
        return { path: `${path}&measured=${formatAmount(measured)}`, amount: asked, charged: measured };
      return { path, amount: asked, charged: asked };
    });

/** What was granted, in up to three grants. */
const grantAmounts = fc.array(fc.constantFrom('100', '33.25', '200', '0.5'), { minLength: 1, maxLength: 3 });

export const reservations: Proof = {
  name: 'reservations',
  promise: `${REQUESTS.toLocaleString('en-US')} requests at once, over ${PROCESSES} apps and ${PROCESSES} servers on one Postgres: exactly as many pass as the limit says, no credit is spent twice, and none is left that nobody can use.`,
  run: async (length, seed) => {
    const stage = await openServerStage(PROCESSES);
    try {
      const apps = await Promise.all(stage.servers.map((server) => stage.app(server)));
      const urls = apps.map(({ url }) => url);
      for (let run = 0; run < RUNS[length]; run += 1) {
        await limitRun(stage, urls, `limit-${run}`);
        await creditRun(stage, urls, { customerId: `credits-${run}`, seed: seed + run, givesBack: run % 2 === 1 });
      }
      expectSame(await stage.environment.verify(Date.now()), [], 'differences that verify finds');
      return `${RUNS[length]} runs of ${REQUESTS.toLocaleString('en-US')} requests for usage and as many for credits`;
    } finally {
      await stage.close();
    }
  },
};

async function limitRun(stage: ServerStage, urls: readonly string[], customerId: string): Promise<void> {
  const { environment } = stage;
  const subscriptionParams = { planId: 'plan-work' };
  await environment.provisionCustomer({ customerId, subscriptionParams }, Date.now());
  const asked = Array.from({ length: REQUESTS }, (): Asked => ({ path: '/jobs', amount: one, charged: one }));
  const passed = await storm(urls, customerId, asked);
  expectSame(passed.length, LIMIT, `requests of ${customerId} that passed`);
  const counter = await until(
    () => counterOf(stage, customerId),
    ({ held }) => held === 0n,
    `holds of ${customerId}`,
  );
  expectSame(counter.currentUsage, BigInt(LIMIT) * one, `usage of ${customerId}`);
  expectSame((await storm(urls, customerId, asked.slice(0, 9))).length, 0, `requests of ${customerId} past the limit`);
}

async function creditRun(
  stage: ServerStage,
  urls: readonly string[],
  { customerId, seed, givesBack }: { customerId: string; seed: number; givesBack: boolean },
): Promise<void> {
  const now = Date.now();
  await stage.environment.provisionCustomer({ customerId }, now);
  const [grants = []] = fc.sample(grantAmounts, { seed, numRuns: 1 });
  for (const [index, amount] of grants.entries()) {
    const grant = { customerId, currencyId: 'credits', amount, displayName: `grant ${index}`, priority: index };
    await stage.environment.grantCredits({ ...grant, grantType: 'PROMOTIONAL' as const }, now);
  }
  const granted = grants.reduce((sum, amount) => sum + credits(amount), 0n);
  const asked = fc.sample(creditRequest(givesBack), { seed, numRuns: REQUESTS });

  const passed = await storm(urls, customerId, asked);
  const left = granted - passed.reduce((sum, { charged }) => sum + charged, 0n);
  if (left < 0n) throw new Error(`${customerId} was let spend ${formatAmount(-left)} more than it had`);
  await untilBalance(stage, customerId, left);
  // Where nothing is given back, what is there only shrinks: a request was refused because there was less than it asked.
  const refused = asked.filter((each) => !passed.includes(each)).map(({ amount }) => amount);
  const isUnused = !givesBack && refused.some((amount) => amount <= left);
  if (isUnused) throw new Error(`${customerId} was refused what it had: ${formatAmount(left)} are left`);

  // What is left can be spent to the last millionth, and not a millionth more.
  const spend = (amount: Amount) =>
    storm(urls, customerId, [{ path: `/credits?amount=${formatAmount(amount)}`, amount, charged: amount }]);
  if (left > 0n) expectSame((await spend(left)).length, 1, `whether ${customerId} can spend the rest`);
  expectSame((await spend(1n)).length, 0, `whether ${customerId} can spend more than the rest`);
  await untilBalance(stage, customerId, 0n);
}

/** Sends all of it at once, spread over the apps. Returns what was let in; anything but yes and no is an error. */
async function storm(urls: readonly string[], customerId: string, asked: readonly Asked[]): Promise<Asked[]> {
  const statuses = await Promise.all(
    asked.map(({ path }, index) => post(`${urls[index % urls.length]}${path}`, { 'x-account': customerId })),
  );
  const unexpected = statuses.filter((status) => ![201, 402, 403, 409, 429].includes(status));
  expectSame(unexpected.slice(0, 3), [], `${unexpected.length} answers to ${customerId} that are neither yes nor no`);
  return asked.filter((_each, index) => statuses[index] === 201 || statuses[index] === 409);
}

async function counterOf({ environment }: ServerStage, customerId: string) {
  const [snapshot] = await environment.snapshots(customerId, [null], Date.now());
  const counter = snapshot?.usage.get('jobs');
  if (!counter) throw new Error(`${customerId} has no counter of jobs`);
  return counter;
}

/** Waits until nothing is held of the wallet any more, and expects this balance then. */
async function untilBalance({ environment }: ServerStage, customerId: string, expected: Amount): Promise<void> {
  const look = async () => {
    const [snapshot] = await environment.snapshots(customerId, [null], Date.now());
    const wallet = snapshot?.wallets.get('credits');
    return { balance: wallet?.balance, held: wallet?.held };
  };
  const { balance } = await until(look, ({ held }) => held === 0n, `holds of ${customerId}`);
  expectSame(balance, expected, `balance of ${customerId}`);
}
