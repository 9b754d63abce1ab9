import { type Amount, formatAmount, toIso } from '@tollgate/contract';
import { isSameWallet } from './credit/credit-grant.js';
import { type CreditState, walletTotals } from './credit/credit-state.js';
import type { EngineContext } from './engine-context.js';
import { customerNotFound } from './read-state.js';
import { readCredits } from './storage/credit-store.js';
import type { Queryable } from './storage/database.js';
import { type CounterRow, type CustomerKey, foldWindows } from './storage/usage-store.js';
import { type LedgerSums, listCounters, listCustomers, listHeld, sumLedger } from './storage/verify-store.js';
import { creditsFromStored } from './stored-credits.js';
import { reservationFromStored } from './stored-reservations.js';
import { holdsAt } from './usage/reservation.js';
import { wholeTime } from './usage/usage-window.js';

/** A number that does not follow from the rows that it should follow from. */
export interface Difference extends CustomerKey {
  /** Which number, in words: `grant grant-1: consumed`. */
  name: string;
  stored: string;
  /** What follows from usage, ledger or reservations. */
  computed: string;
}

export interface VerifyScope {
  /** Null: of every environment. */
  environmentId: string | null;
  /** Null: of every customer. */
  customerId: string | null;
}

const customersPerPage = 500;
const countersPerPage = 500;

/**
 * Recomputes every counter from its usage, every grant and wallet from the ledger, and every hold from its reservation,
 * and yields each difference. It reads only, each customer as of one state, and keeps one customer in memory at a time.
 * Rejects with CUSTOMER_NOT_FOUND where nobody has the id that is named.
 */
export async function* differences(
  context: EngineContext,
  scope: VerifyScope,
  now: number,
): AsyncGenerator<Difference> {
  const { database } = context;
  for (let after: CustomerKey | null = null; ; ) {
    const page: CustomerKey[] = await listCustomers(database, scope, { after, limit: customersPerPage });
    for (const key of page) yield* await customerDifferences(context, key, now);
    if (page.length === 0 && after === null && scope.customerId !== null) throw customerNotFound(scope.customerId);
    after = page.at(-1) ?? null;
    if (!after) return;
  }
}

/** The same, all at once: for tests and small databases. */
export async function verify(context: EngineContext, scope: VerifyScope, now: number): Promise<Difference[]> {
  const found: Difference[] = [];
  for await (const difference of differences(context, scope, now)) found.push(difference);
  return found;
}

type Found = Omit<Difference, keyof CustomerKey>;

async function customerDifferences(context: EngineContext, key: CustomerKey, now: number): Promise<Difference[]> {
  const found = await context.database.transaction(
    async (tx) => [
      ...(await counterDifferences(tx, key)),
      ...(await creditDifferences(tx, key)),
      ...(await holdDifferences(tx, key, now)),
    ],
    { isolation: 'repeatable read', readOnly: true },
  );
  return found.map((one) => ({ ...key, ...one }));
}

async function counterDifferences(tx: Queryable, key: CustomerKey): Promise<Found[]> {
  const found: Found[] = [];
  for (let after: CounterRow | null = null; ; ) {
    const page: CounterRow[] = await listCounters(tx, key, after, countersPerPage);
    const folded = await foldWindows(tx, key, page.map(windowOf));
    for (const stored of page) {
      const own = folded.find((other) => placeOf(other) === placeOf(stored));
      found.push(...(own ? between(`counter ${placeOf(stored)}`, counterTexts(stored), counterTexts(own)) : []));
    }
    after = page.at(-1) ?? null;
    if (!after) return found;
  }
}

const windowOf = ({ featureId, resourceId, windowStart, windowEnd, afterRevision, aggregation }: CounterRow) => {
  return { featureId, resourceId, windowStart, windowEnd, afterRevision, aggregation };
};

function placeOf({ featureId, resourceId, windowStart }: CounterRow): string {
  const of = resourceId === '' ? '' : ` of ${resourceId}`;
  return `${featureId}${of}${windowStart === wholeTime.windowStart ? '' : ` from ${toIso(windowStart)}`}`;
}

/** A sum needs neither total nor number, and counters that are older than both do not have them. */
const counterTexts = ({ aggregation, value, total, measured, latestAt, setAt }: CounterRow) => ({
  value: formatAmount(value),
  total: aggregation === 'SUM' ? '' : formatAmount(total),
  measured: aggregation === 'SUM' ? '' : String(measured),
  latestAt: String(latestAt),
  setAt: String(setAt),
});

async function creditDifferences(tx: Queryable, key: CustomerKey): Promise<Found[]> {
  const state = creditsFromStored(await readCredits(tx, key));
  const sums = await sumLedger(tx, key);
  return [...sums.flatMap(grantDifferences), ...walletDifferences(state, sums)];
}

function grantDifferences(sums: LedgerSums): Found[] {
  const { grantId, status, grantings } = sums;
  const name = `grant ${grantId}`;
  if (status === null) return [{ name, stored: 'is not there', computed: 'has rows in the ledger' }];
  const [amount, stored] = [BigInt(sums.amount), BigInt(sums.consumed)];
  const consumed = BigInt(sums.used) + BigInt(sums.moved);
  const isCounted = Number(grantings) > 0;
  const left = isCounted ? amount - consumed : 0n;
  const ended = { expired: status === 'EXPIRED' ? left : 0n, voided: status === 'VOIDED' ? left : 0n };
  return between(
    name,
    {
      consumed: formatAmount(stored),
      status,
      granted: formatAmount(isCounted || needsGranting(sums) ? amount : 0n),
      grantings: String(isCounted || needsGranting(sums) ? 1 : 0),
      expired: formatAmount(ended.expired),
      voided: formatAmount(ended.voided),
    },
    {
      consumed: formatAmount(consumed),
      status: statusFromLedger(sums, left),
      granted: formatAmount(BigInt(sums.granted)),
      grantings: String(grantings),
      expired: formatAmount(BigInt(sums.expired)),
      voided: formatAmount(BigInt(sums.voided)),
    },
  );
}

/** What counts was granted before. A debt was not: nobody gave it. */
const needsGranting = ({ status, grantType }: LedgerSums): boolean => status === 'ACTIVE' && grantType !== 'OVERDRAFT';

/** The status as far as the ledger tells it: the end of a grant of which nothing was left has no row. */
function statusFromLedger(sums: LedgerSums, left: Amount): string {
  const { status, grantType, grantings, used, moved, expired, voided } = sums;
  if (BigInt(expired) > 0n) return 'EXPIRED';
  if (BigInt(voided) > 0n) return 'VOIDED';
  if (grantType === 'OVERDRAFT') return BigInt(used) + BigInt(moved) === 0n ? String(status) : 'ACTIVE';
  const isWaiting = status === 'SCHEDULED' || status === 'PAYMENT_PENDING';
  return Number(grantings) > 0 && (left > 0n || isWaiting) ? 'ACTIVE' : String(status);
}

function walletDifferences(state: CreditState, sums: readonly LedgerSums[]): Found[] {
  const keys = [...state.wallets, ...sums.map(({ currencyId, resourceId }) => walletOf(currencyId, resourceId))];
  const distinct = keys.filter((key, index) => keys.findIndex((other) => isSameWallet(other, key)) === index);
  return distinct.flatMap((wallet) => {
    const own = sums.filter(({ currencyId, resourceId }) => isSameWallet(walletOf(currencyId, resourceId), wallet));
    const total = (amountOf: (row: LedgerSums) => string) => own.reduce((all, row) => all + BigInt(amountOf(row)), 0n);
    const balance =
      total((row) => row.granted) - total((row) => row.used) - total((row) => row.expired) - total((row) => row.voided);
    const retired = own.filter(({ status, isOpen }) => status === 'ACTIVE' && isOpen === false);
    const isRetirable = ({ amount, consumed, hasEnd, grantType }: LedgerSums) =>
      amount === consumed && !hasEnd && grantType !== 'OVERDRAFT';
    const computed = retired.reduce((all, { amount }) => all + BigInt(amount), 0n);
    const stored = state.wallets.find((other) => isSameWallet(other, wallet))?.retired ?? 0n;
    const of = wallet.resourceId === null ? '' : ` of ${wallet.resourceId}`;
    const wrongly = retired.filter((row) => !isRetirable(row)).map(({ grantId }) => grantId);
    return [
      ...between(
        `wallet ${wallet.currencyId}${of}`,
        { balance: formatAmount(walletTotals(state, wallet).balance), retired: formatAmount(stored) },
        { balance: formatAmount(balance), retired: formatAmount(computed) },
      ),
      ...wrongly.map((id) => ({ name: `grant ${id}: open`, stored: 'false', computed: 'true' })),
    ];
  });
}

const walletOf = (currencyId: string, resourceId: string) => ({ currencyId, resourceId: resourceId || null });

async function holdDifferences(tx: Queryable, key: CustomerKey, now: number): Promise<Found[]> {
  const rows = await listHeld(tx, key, now);
  return rows.flatMap(({ holds, ...row }) => {
    const reservation = reservationFromStored(row);
    const due = holdsAt(reservation, now).map(({ item, kind, heldId, resourceId, windowStart, amount }) =>
      // As the statement writes them: what is null is left out.
      [item, kind, heldId, resourceId, windowStart, amount, reservation.expiresAt]
        .filter((part) => part !== null)
        .join(' '),
    );
    const name = `reservation ${reservation.reservationId}`;
    return between(name, { holds: textOf(holds) }, { holds: textOf(due) });
  });
}

const textOf = (holds: readonly string[]): string => [...holds].sort().join(', ') || 'nothing';

function between<Names extends string>(
  name: string,
  stored: Record<Names, string>,
  computed: Record<Names, string>,
): Found[] {
  return (Object.keys(stored) as Names[])
    .filter((field) => stored[field] !== computed[field])
    .map((field) => ({ name: `${name}: ${field}`, stored: stored[field], computed: computed[field] }));
}
