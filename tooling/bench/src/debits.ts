import { randomUUID } from 'node:crypto';
import { type BenchStage, withCredits } from './bench-stage.js';
import type { Figure } from './figure.js';
import { unitsPerSecond } from './load.js';

const CALLERS = 64;
const CUSTOMERS = 1000;
/** Customers that are made at the same time. */
const TOGETHER = 20;

/** Debits as one writes them by hand: lock the balance, check it, write both, commit. */
async function naiveDebits({ pool }: BenchStage): Promise<(walletId: string) => Promise<void>> {
  await pool.query('create table naive_wallet (id text primary key, balance numeric not null)');
  await pool.query(
    'create table naive_ledger (id text primary key, wallet_id text not null, amount numeric not null, at timestamptz not null)',
  );
  await pool.query(
    "insert into naive_wallet select 'hot', 1000000000 union all select 'wallet-' || n, 1000000000 from generate_series(0, $1 - 1) n",
    [CUSTOMERS],
  );
  return async (walletId) => {
    const connection = await pool.connect();
    try {
      await connection.query('begin');
      const { rows } = await connection.query('select balance from naive_wallet where id = $1 for update', [walletId]);
      if (!(Number(rows[0]?.balance) >= 1)) throw new Error('the naive wallet is empty');
      await connection.query('update naive_wallet set balance = balance - 1 where id = $1', [walletId]);
      await connection.query('insert into naive_ledger values ($1, $2, 1, now())', [randomUUID(), walletId]);
      await connection.query('commit');
    } finally {
      connection.release();
    }
  };
}

/** Debits per second on one hot wallet and over many, beside one transaction per debit with the same durability. */
export async function debitFigures(stage: BenchStage, timeMs: number): Promise<Figure[]> {
  const { environment, client } = stage;
  const naive = await naiveDebits(stage);
  const customers = Array.from({ length: CUSTOMERS }, (_each, index) => `wallet-${index}`);
  await withCredits(stage, 'hot');
  for (let from = 0; from < CUSTOMERS; from += TOGETHER) {
    const some = customers.slice(from, from + TOGETHER);
    await Promise.all(some.map((customerId) => withCredits(stage, customerId)));
  }

  const debit = async (customerId: string): Promise<void> => {
    const consumeCredits = { customerId, currencyId: 'credits', amount: '1', idempotencyKey: randomUUID() };
    const { error } = await environment.hot({ consumeCredits }, Date.now());
    if (error) throw new Error(error.message);
  };
  const overHttp = (customerId: string) =>
    client.consumeCredits({ customerId, currencyId: 'credits', amount: 1, idempotencyKey: randomUUID() });
  let turn = 0;
  const next = (): string => customers[turn++ % CUSTOMERS] as string;
  const load = { callers: CALLERS, timeMs };
  const beside = 'a transaction per debit, pool of 10';

  const hotNaive = await unitsPerSecond({ ...load, call: () => naive('hot') });
  const hot = await unitsPerSecond({ ...load, call: () => debit('hot') });
  const hotOverHttp = await unitsPerSecond({ ...load, call: () => overHttp('hot') });
  const spreadNaive = await unitsPerSecond({ ...load, call: () => naive(next()) });
  const spread = await unitsPerSecond({ ...load, call: () => debit(next()) });
  const differences = await environment.verify(Date.now());
  if (differences.length > 0) throw new Error(`verify finds ${JSON.stringify(differences.slice(0, 3))}`);
  const figure = (what: string, ours: number, theirs: number): Figure => ({ what, unit: '/s', ours, beside, theirs });
  return [
    figure(`debits on one hot wallet, ${CALLERS} callers, in process`, hot, hotNaive),
    figure(`debits on one hot wallet, ${CALLERS} callers, client over HTTP`, hotOverHttp, hotNaive),
    figure(
      `debits over ${CUSTOMERS.toLocaleString('en-US')} customers, ${CALLERS} callers, in process`,
      spread,
      spreadNaive,
    ),
  ];
}
