import {
  assertCustomerId,
  assertId,
  type CreditBalanceQuery,
  type CreditGrantFilter,
  type CreditGrantsQuery,
  CreditLedgerEventType,
  type CreditLedgerFilter,
  type CreditLedgerQuery,
  formatAmount,
  invalidArgument,
  type PageInput,
  toIso,
} from '@tollgate/contract';
import { walletTotals } from './credit/credit-state.js';
import { assertCurrency } from './credit/grant-request.js';
import { grantToWire } from './credit/grant-wire.js';
import type { EngineContext } from './engine-context.js';
import { describeCurrency } from './entitlement/wallet-parts.js';
import { pageFrom, type ReadRows, readPage } from './list-page.js';
import { readState } from './read-state.js';
import {
  type ListedGrants,
  type ListedLedger,
  type ListedLedgerRow,
  listGrants,
  listLedger,
} from './storage/credit-lists.js';
import type { GrantRow } from './storage/credit-store.js';
import { isDue } from './storage/customer-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { grantFromStored } from './stored-credits.js';
import { readInstant } from './subscription/instant.js';
import { bringUp } from './sweep.js';

const readOnly = { isolation: 'repeatable read', readOnly: true } as const;

/** Stores what time has done to a customer, so that it stands where lists look. An unknown customer is none's business. */
export async function bringUpIfDue(context: EngineContext, key: CustomerKey, now: number): Promise<void> {
  if (await isDue(context.database, key.environmentId, key.customerId, now)) await bringUp(context, key, now);
}

/** A page of grants in every status, newest first; of the customer's own wallets where no resource is named. */
export async function readCreditGrants(
  context: EngineContext,
  environmentId: string,
  { filter, page }: { filter: CreditGrantFilter; page: PageInput },
  now: number,
): Promise<CreditGrantsQuery['creditGrants']> {
  const list = readGrantFilter(environmentId, filter);
  const asked = readPage({ creditGrants: list }, page);
  await bringUpIfDue(context, list, now);
  return context.database.transaction(async (tx) => {
    const read: ReadRows<GrantRow> = (from, limit) => listGrants(tx, list, from, limit);
    const placeOf = (row: GrantRow) => ({ at: row.createdAt, id: row.grantId });
    const { data, pagination } = await pageFrom({ creditGrants: list }, asked, read, placeOf);
    return { data: data.map((row) => grantToWire(grantFromStored(row), list.customerId)), pagination };
  }, readOnly);
}

function readGrantFilter(environmentId: string, filter: CreditGrantFilter): ListedGrants {
  const { customerId, currencyId = null, resourceId = null } = filter;
  assertScope({ customerId, currencyId, resourceId });
  const createdFrom = readInstant(filter.createdAfter, 'filter.createdAfter');
  const createdTo = readInstant(filter.createdBefore, 'filter.createdBefore');
  if (createdFrom !== null && createdTo !== null && createdTo < createdFrom) {
    throw invalidArgument('filter.createdBefore', 'must not be before filter.createdAfter');
  }
  return { environmentId, customerId, currencyId, resourceId: resourceId ?? '', createdFrom, createdTo };
}

/** A page of the ledger, oldest first: of the customer and all its resources where none is named. */
export async function readCreditLedger(
  context: EngineContext,
  environmentId: string,
  { filter, page }: { filter: CreditLedgerFilter; page: PageInput },
  now: number,
): Promise<CreditLedgerQuery['creditLedger']> {
  const list = readLedgerFilter(environmentId, filter);
  const asked = readPage({ creditLedger: list }, page);
  await bringUpIfDue(context, list, now);
  return context.database.transaction(async (tx) => {
    const read: ReadRows<ListedLedgerRow> = (from, limit) => listLedger(tx, list, from, limit);
    const placeOf = ({ happenedAt, revision, ordinal }: ListedLedgerRow) => {
      return { at: happenedAt, id: `${revision}.${ordinal}` };
    };
    const { data, pagination } = await pageFrom({ creditLedger: list }, asked, read, placeOf);
    return { data: data.map((row) => ledgerToWire(row, list.customerId)), pagination };
  }, readOnly);
}

function readLedgerFilter(environmentId: string, filter: CreditLedgerFilter): ListedLedger {
  const { customerId, currencyId = null, resourceId = null, eventTypes = null } = filter;
  assertScope({ customerId, currencyId, resourceId });
  const known: readonly string[] = Object.values(CreditLedgerEventType);
  eventTypes?.forEach((type, index) => {
    if (!known.includes(type))
      throw invalidArgument(`filter.eventTypes[${index}]`, `must be one of ${known.join(', ')}`);
  });
  if (eventTypes?.length === 0) throw invalidArgument('filter.eventTypes', 'must not be empty');
  const types = eventTypes && [...new Set(eventTypes)].sort();
  return { environmentId, customerId, currencyId, resourceId, types };
}

function ledgerToWire(row: ListedLedgerRow, customerId: string): CreditLedgerQuery['creditLedger']['data'][number] {
  return {
    eventId: `${customerId}/${row.revision}/${row.ordinal}`,
    eventType: row.type as CreditLedgerEventType,
    amount: formatAmount(BigInt(row.amount)),
    creditCurrencyId: row.currencyId,
    creditGrantId: row.grantId,
    customerId,
    featureId: row.featureId,
    resourceId: row.resourceId === '' ? null : row.resourceId,
    timestamp: toIso(row.happenedAt),
  };
}

interface Scope {
  customerId: string;
  currencyId: string | null;
  resourceId: string | null;
}

export function assertScope({ customerId, currencyId, resourceId }: Scope, prefix = 'filter.'): void {
  assertCustomerId(customerId, `${prefix}customerId`);
  if (currencyId !== null) assertId(currencyId, `${prefix}currencyId`);
  if (resourceId !== null) assertId(resourceId, `${prefix}resourceId`);
}

/** What a customer, or one of its resources, has of a currency. Rejects with CUSTOMER_NOT_FOUND, CURRENCY_NOT_FOUND. */
export async function readCreditBalance(
  context: EngineContext,
  environmentId: string,
  asked: { customerId: string; currencyId: string; resourceId: string | null },
  now: number,
): Promise<CreditBalanceQuery['creditBalance']> {
  assertScope(asked, '');
  const { customerId, currencyId, resourceId } = asked;
  const { state, catalog } = await readState(context, { environmentId, customerId }, now);
  // What was granted while the currency was sold is still there once it is archived.
  if (!catalog.currencies.has(currencyId)) assertCurrency(catalog, currencyId);
  const own = resourceId !== null && state.credits.wallets.some((wallet) => isWallet(wallet, currencyId, resourceId));
  const totals = walletTotals(state.credits, { currencyId, resourceId: own ? resourceId : null });
  return {
    currency: describeCurrency(catalog, currencyId),
    currentBalance: formatAmount(totals.balance),
    totalGranted: formatAmount(totals.totalGranted),
    totalConsumed: formatAmount(totals.totalConsumed),
  };
}

const isWallet = (wallet: { currencyId: string; resourceId: string | null }, currencyId: string, resourceId: string) =>
  wallet.currencyId === currencyId && wallet.resourceId === resourceId;
