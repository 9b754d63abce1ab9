import fc from 'fast-check';
import { killFolderWriters } from './crash-folder.js';
import { killHolders } from './crash-holder.js';
import { countedDebits, type Debit, debitOf, openCharger, wronglyCounted } from './crash-load.js';
import type { Proof } from './proof.js';
import { openServerStage, type ServerStage } from './server-stage.js';
import { expectSame } from './until.js';

const sizes = {
  short: { serverKills: 3, appKills: 1, folderKills: 1 },
  long: { serverKills: 20, appKills: 5, folderKills: 5 },
} as const;
const CALLERS = 16;
const customerIds = ['load-1', 'load-2', 'load-3'];

export const crashes: Proof = {
  name: 'crashes',
  promise:
    'Whoever is killed, and whenever: every debit that was acknowledged is counted, none twice, however often it is sent again; what an app held when it was killed is free again when its time is up, and nothing is charged for it.',
  run: async (length, seed) => {
    const { serverKills, appKills, folderKills } = sizes[length];
    const stage = await openServerStage(1);
    let debits = 0;
    try {
      debits = await killServers(stage, serverKills, seed);
      await killHolders(stage, appKills);
      expectSame(await stage.environment.verify(Date.now()), [], 'differences that verify finds');
    } finally {
      await stage.close();
    }
    debits += await killFolderWriters(folderKills, seed);
    const killed = `${serverKills} servers, ${appKills} apps and ${folderKills} embedded engines`;
    return `${serverKills + appKills + folderKills} kills: ${killed}, ${debits.toLocaleString('en-US')} debits`;
  },
};

/** Kills the server in the middle of load, starts it again, and sends everything once more. Returns how many debits. */
async function killServers(stage: ServerStage, kills: number, seed: number): Promise<number> {
  const { environment, database, engine, apiKey } = stage;
  for (const customerId of customerIds) {
    const now = Date.now();
    await environment.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-work' } }, now);
    const grant = { customerId, currencyId: 'credits', amount: '1000000', displayName: 'All credits' };
    await environment.grantCredits({ ...grant, grantType: 'PROMOTIONAL' }, now);
  }
  const [first] = stage.servers;
  if (!first) throw new Error('a stage has a server');
  const { url } = first;
  const port = Number(new URL(url).port);
  let server = first;
  const all: Debit[] = [];
  const acksBeforeKill = fc.sample(fc.integer({ min: 1, max: 400 }), { seed, numRuns: kills });
  for (const acks of acksBeforeKill) {
    const { sent, acknowledged } = await loadUntilKilled({ url, apiKey, from: all.length, acks, kill: server.kill });
    all.push(...sent);
    server = await stage.serve(port);
    await engine.applyBacklog(Date.now());
    const whenKilled = wronglyCounted(await countedDebits(database), sent, acknowledged);
    expectSame(whenKilled, [], 'debits that were counted wrongly when the server was killed');

    const charger = openCharger(url, apiKey);
    try {
      await Promise.all(sent.map((debit) => charger.charge(debit)));
    } finally {
      await charger.close();
    }
    await engine.applyBacklog(Date.now());
    const numbers = new Set(all.map(({ number }) => number));
    expectSame(wronglyCounted(await countedDebits(database), all, numbers), [], 'debits counted wrongly in the end');
  }
  return all.length;
}

interface Load {
  url: string;
  apiKey: string;
  /** The number of the first debit. */
  from: number;
  /** After how many acknowledgements the server is killed. */
  acks: number;
  kill(): Promise<void>;
}

async function loadUntilKilled({ url, apiKey, from, acks, kill }: Load) {
  const charger = openCharger(url, apiKey);
  const sent: Debit[] = [];
  const acknowledged = new Set<number>();
  let killed: Promise<void> | undefined;
  const caller = async (): Promise<void> => {
    while (!killed) {
      const debit = debitOf(from + sent.length, customerIds);
      sent.push(debit);
      try {
        await charger.charge(debit);
      } catch (error) {
        if (!killed) throw error;
        return;
      }
      acknowledged.add(debit.number);
      if (acknowledged.size >= acks) killed ??= kill();
    }
  };
  try {
    await Promise.all(Array.from({ length: CALLERS }, caller));
    await killed;
  } finally {
    await charger.close();
  }
  return { sent, acknowledged };
}
