import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createEngine, openDatabase } from '@tollgate/engine';
import { stageCatalog } from './stage-catalog.js';

/*
 * A process with an engine of its own on a folder: it consumes a credit at a time for ever, and writes down the number of
 * each debit that was acknowledged. Started again, it repeats the last one and goes on.
 */
const [data = '', log = '', template = ''] = process.argv.slice(2);
const customerId = 'writer';

async function write(): Promise<void> {
  const database = await openDatabase(data, { template });
  const engine = await createEngine({ database });
  await engine.ensureEnvironment('folder', Date.now());
  const environment = await engine.environment('folder');
  await environment.applyCatalog(stageCatalog, { dryRun: false }, Date.now());
  await environment.provisionCustomer({ customerId }, Date.now());
  const grant = { customerId, grantId: 'all', currencyId: 'credits', amount: '1000000', displayName: 'All credits' };
  await environment.grantCredits({ ...grant, grantType: 'PROMOTIONAL' }, Date.now());
  const last = existsSync(log) ? Number(readFileSync(log, 'utf8').split('\n').filter(Boolean).at(-1)) : 0;
  for (let number = last; ; number += 1) {
    const debit = { customerId, currencyId: 'credits', amount: '1', dimensions: { debit: number } };
    await environment.hot({ consumeCredits: { ...debit, idempotencyKey: `debit-${number}` } }, Date.now());
    appendFileSync(log, `${number}\n`);
  }
}

write().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
