import { parseAmount } from '@tollgate/contract';
import type { Database, EnvironmentEngine } from '@tollgate/engine';
import type { Model } from './credit-model.js';
import { expectSame } from './until.js';

/** What a history came to, and when it ended. */
export interface Played {
  customerId: string;
  model: Model;
  end: number;
}

interface StoredRow {
  customerId: string;
  ledger: Record<string, string> | null;
  grants: { id: string; type: string; status: string; consumed: string; effectiveAt: number }[] | null;
}

/** Compares the ledger and the grants of all customers, as they are stored, with the models of their histories. */
export async function compareStored(database: Database, played: readonly Played[]): Promise<void> {
  const rows = await database.query<StoredRow>(
    `select c.customer_id as "customerId", l.sums as ledger, g.grants
       from {schema}.customer c
       left join (select environment, customer_id, jsonb_object_agg(type, amount) as sums
          from (select environment, customer_id, type, sum(amount)::text as amount from {schema}.credit_ledger
             group by 1, 2, 3) t group by 1, 2) l using (environment, customer_id)
       left join (select environment, customer_id, jsonb_agg(jsonb_build_object('id', grant_id, 'type', grant_type,
             'status', status, 'consumed', consumed::text, 'effectiveAt', effective_at)) as grants
          from {schema}.credit_grant group by 1, 2) g using (environment, customer_id)`,
  );
  const byCustomer = new Map(rows.map((row) => [row.customerId, row]));
  for (const { customerId, model } of played) {
    const row = byCustomer.get(customerId);
    if (!row) throw new Error(`${customerId} is not stored`);
    compareLedger(customerId, row.ledger ?? {}, model);
    compareGrants(customerId, row.grants ?? [], model);
  }
}

function compareLedger(customerId: string, sums: Readonly<Record<string, string>>, model: Model): void {
  const of = (type: string): bigint => parseAmount(sums[type] ?? '0', type);
  const seen = {
    granted: of('CREDITS_GRANTED'),
    consumed: of('CREDITS_CONSUMED'),
    expired: of('CREDITS_EXPIRED'),
    voided: of('CREDITS_VOIDED'),
  };
  expectSame(seen, model.ledger, `ledger of ${customerId}`);
  const moved = of('CREDITS_CONSUMPTION_TRANSFER_SOURCE') - of('CREDITS_CONSUMPTION_TRANSFER_TARGET');
  expectSame(moved, 0n, `debt of ${customerId} that left its place and came to no other`);
}

function compareGrants(customerId: string, rows: NonNullable<StoredRow['grants']>, model: Model): void {
  const debt = rows.filter(({ type }) => type === 'OVERDRAFT').map(({ consumed }) => parseAmount(consumed, 'consumed'));
  expectSame(
    debt.reduce((sum, one) => sum + one, 0n),
    model.debt,
    `debt of ${customerId}`,
  );
  const names = new Set(model.grants.map(({ id }) => id));
  const seen = rows
    .filter(({ type }) => type !== 'OVERDRAFT')
    .map(({ id, type, effectiveAt, status, consumed }): [string, bigint] => [
      `${names.has(id) ? id : `${type} ${effectiveAt}`} ${status}`,
      parseAmount(consumed, 'consumed'),
    ]);
  const expected = model.grants.map(({ id, kind, effectiveAt, status, consumed }): [string, bigint] => [
    `${id ?? `${kind} ${effectiveAt}`} ${status}`,
    consumed,
  ]);
  expectSame(sums(seen), sums(expected), `grants of ${customerId}`);
}

/** By name, in the order of the names: of grants that nobody can tell apart only the sum is certain. */
function sums(rows: readonly [string, bigint][]): [string, bigint][] {
  const byName = new Map<string, bigint>();
  for (const [name, amount] of rows) byName.set(name, (byName.get(name) ?? 0n) + amount);
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The ledger as a user reads it, page by page, adds up to the same. */
export async function compareListed(environment: EnvironmentEngine, { customerId, model, end }: Played): Promise<void> {
  let balance = 0n;
  for (let after: string | null = null; ; ) {
    const page = await environment.creditLedger({ filter: { customerId }, page: { limit: 7, after } }, end);
    for (const { eventType, amount } of page.data) {
      if (eventType === 'CREDITS_GRANTED') balance += parseAmount(amount, eventType);
      else if (!eventType.startsWith('CREDITS_CONSUMPTION_TRANSFER')) balance -= parseAmount(amount, eventType);
    }
    after = page.pagination.next;
    if (after === null) break;
  }
  const { granted, consumed, expired, voided } = model.ledger;
  expectSame(balance, granted - consumed - expired - voided, `balance of ${customerId} by the list of its ledger`);
}
