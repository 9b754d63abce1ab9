import { type BenchStage, withCredits } from './bench-stage.js';
import type { Figure } from './figure.js';
import { medianMs } from './load.js';

const CALLS = 200;
const perRevision = 1000;

/** Reading a balance with more and more ledger rows behind it, beside adding them up. */
export async function balanceFigures(stage: BenchStage, sizes: readonly number[]): Promise<Figure[]> {
  const { environment, pool } = stage;
  const figures: Figure[] = [];
  for (const rows of sizes) {
    const customerId = `ledger-${rows}`;
    await withLedger(stage, customerId, rows);
    const ours = await medianMs(CALLS, async () => {
      const [snapshot] = await environment.snapshots(customerId, [null], Date.now());
      const balance = snapshot?.wallets.get('credits')?.balance;
      if (balance !== BigInt(1_000_000_000 - rows) * 1_000_000n) throw new Error(`the balance is ${balance}`);
    });
    const theirs = await medianMs(rows > 100_000 ? 3 : CALLS, () =>
      pool.query(
        `select sum(case type when 'CREDITS_GRANTED' then amount else -amount end) from tollgate.credit_ledger
           where environment = 'bench' and customer_id = $1`,
        [customerId],
      ),
    );
    const what = `reading a balance with ${rows.toLocaleString('en-US')} ledger rows behind it`;
    figures.push({ what, unit: 'ms', ours, beside: 'the sum of the rows', theirs });
  }
  return figures;
}

/** A customer with so many debits behind the balance, written at once as the engine would have one by one. */
async function withLedger(stage: BenchStage, customerId: string, rows: number): Promise<void> {
  const { environment, database } = stage;
  await withCredits(stage, customerId);
  const grantId = `grant-of-${customerId}`;
  await database.transaction(async (tx) => {
    await tx.query(
      `insert into {schema}.credit_ledger (environment, customer_id, revision, ordinal, currency_id, resource_id, grant_id,
              type, amount, feature_id, consumption_id, dimensions, happened_at, stored_at)
       select r.environment, r.customer_id, r.revision + 1 + n / $3, n % $3, 'credits', '', $2, 'CREDITS_CONSUMED', 1, null,
              'debit-' || n, null, r.last_now, r.last_now
         from {schema}.customer_revision r, generate_series(0, $4 - 1) n where r.environment = 'bench' and r.customer_id = $1`,
      [customerId, grantId, perRevision, rows],
    );
    await tx.query("update {schema}.credit_grant set consumed = $2 where environment = 'bench' and customer_id = $1", [
      customerId,
      rows,
    ]);
    await tx.query(
      "update {schema}.customer_revision set revision = revision + 1 + $2 where environment = 'bench' and customer_id = $1",
      [customerId, Math.ceil(rows / perRevision)],
    );
  });
  await database.query('analyze {schema}.credit_ledger');
  const differences = await environment.verify(Date.now(), { customerId });
  if (differences.length > 0) throw new Error(`verify finds ${JSON.stringify(differences.slice(0, 3))}`);
}
