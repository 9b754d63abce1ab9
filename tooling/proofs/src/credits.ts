import fc from 'fast-check';
import { creditCatalog, creditHistories } from './credit-history.js';
import { playCredits } from './credit-play.js';
import { compareListed, compareStored, type Played } from './credit-stored.js';
import { type Host, pgliteHost, postgresHost } from './hosts.js';
import { count, type Proof } from './proof.js';
import { expectSame } from './until.js';

const sizes = {
  short: { onPostgres: 990, onPglite: 10, hours: 3 },
  long: { onPostgres: 19_900, onPglite: 100, hours: 6 },
} as const;
/** Histories that are played at the same time: as many as a pool has connections. */
const TOGETHER = 10;
const environmentId = 'credits';

export const credits: Proof = {
  name: 'credits',
  promise:
    'A balance is what was granted less what was consumed, expired and voided; no message counts twice, the order in which messages arrive changes nothing that it must not, and every balance and counter follows from the ledger and the usage.',
  run: async (length, seed) => {
    const { onPostgres, onPglite, hours } = sizes[length];
    const size = { hours, shrinks: length === 'long' };
    const postgres = await postgresHost();
    try {
      await playMany(postgres, { ...size, seed, histories: onPostgres, together: TOGETHER });
    } finally {
      await postgres.close();
    }
    const pglite = await pgliteHost();
    try {
      await playMany(pglite, { ...size, seed: seed + onPostgres, histories: onPglite, together: 1 });
    } finally {
      await pglite.close();
    }
    return count(onPostgres + onPglite);
  },
};

interface Size {
  seed: number;
  histories: number;
  together: number;
  hours: number;
  /** Whether the smallest history that fails is looked for. */
  shrinks: boolean;
}

/** Plays histories, each of a seed and a customer of its own, and compares what is left of all of them in the database. */
async function playMany(
  { engine, database }: Host,
  { seed, histories, together, hours, shrinks }: Size,
): Promise<void> {
  await engine.ensureEnvironment(environmentId, 0);
  const environment = await engine.environment(environmentId);
  await environment.applyCatalog(creditCatalog, { dryRun: false }, 0);
  const played: Played[] = [];
  let [next, customers] = [0, 0];
  let failure: { error: unknown } | undefined;
  const player = async (): Promise<void> => {
    while (next < histories && !failure) {
      const property = fc.asyncProperty(creditHistories(hours), async (history) => {
        customers += 1;
        played.push(await playCredits(environment, `customer-${customers}`, history));
      });
      const options = { seed: seed + next, numRuns: 1, endOnFailure: !shrinks };
      next += 1;
      await fc.assert(property, options).catch((error: unknown) => {
        failure ??= { error };
      });
    }
  };
  await Promise.all(Array.from({ length: together }, player));
  if (failure) throw failure.error;
  await compareStored(database, played);
  for (const one of played.slice(0, 10)) await compareListed(environment, one);
  const end = Math.max(...played.map((one) => one.end));
  expectSame((await environment.verify(end)).slice(0, 3), [], 'differences that verify finds');
}
