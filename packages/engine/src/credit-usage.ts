import {
  addMonths,
  type CreditUsageInput,
  type CreditUsageQuery,
  CreditUsageTimeRange,
  formatAmount,
  invalidArgument,
  type PageInput,
  toIso,
} from '@tollgate/contract';
import { assertCurrency } from './credit/grant-request.js';
import { assertScope, bringUpIfDue } from './credit-lists.js';
import type { EngineContext } from './engine-context.js';
import { describeCurrency } from './entitlement/wallet-parts.js';
import { pageFrom, type ReadRows, readPage } from './list-page.js';
import {
  listSeries,
  readSeriesPoints,
  type SeriesPoint,
  type SeriesSum,
  type UsageRange,
  usedCurrencies,
} from './storage/credit-usage-store.js';
import { readCatalogNumber } from './storage/environment-store.js';
import { readInstant } from './subscription/instant.js';

type CreditUsage = CreditUsageQuery['creditUsage'];

const limits = { dimensions: 3, joined: 255 };
const dimensionPattern = /^[a-zA-Z0-9_$-]+$/;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * What credits were used for: one series per feature, or per combination of dimensions, in points of an hour for up to two
 * days and of a day beyond. Rejects with CURRENCY_NOT_FOUND, or INVALID_ARGUMENT naming the field.
 */
export async function readCreditUsage(
  context: EngineContext,
  environmentId: string,
  { input, page }: { input: CreditUsageInput; page: PageInput },
  now: number,
): Promise<CreditUsage> {
  const { customerId, currencyId = null, resourceId = null, timeRange = null } = input;
  assertScope({ customerId, currencyId, resourceId }, '');
  const groupBy = readGroupBy(input.groupBy ?? []);
  const times = readTimes(input, now);
  const { startDate = null, endDate = null } = input;
  const list = {
    creditUsage: { environmentId, customerId, currencyId, resourceId, timeRange, startDate, endDate, groupBy },
  };
  const asked = readPage(list, page);
  await bringUpIfDue(context, { environmentId, customerId }, now);
  return context.database.transaction(
    async (tx) => {
      const catalog = await context.catalogs.read(tx, environmentId, await readCatalogNumber(tx, environmentId));
      if (currencyId !== null && !catalog.currencies.has(currencyId)) assertCurrency(catalog, currencyId);
      const range: UsageRange = { environmentId, customerId, currencyId, resourceId, ...times };
      const [used, another] = currencyId === null ? await usedCurrencies(tx, range) : [currencyId];
      if (another) throw invalidArgument('currencyId', 'must be given: credits of several currencies were used');
      const read: ReadRows<SeriesSum> = ({ place, direction }, limit) =>
        listSeries(tx, range, groupBy, { key: place?.id ?? null, direction }, limit);
      const { data, pagination } = await pageFrom(list, asked, read, ({ key }) => ({ at: 0, id: key }));
      const stretchMs = times.end - times.start <= 2 * dayMs ? hourMs : dayMs;
      const keys = data.map(({ key }) => key);
      const points = await readSeriesPoints(tx, range, groupBy, keys, stretchMs);
      return {
        series: data.map((series) => seriesOf(series, points, groupBy)),
        currency: used === undefined ? null : describeCurrency(catalog, used),
        pagination,
      };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

function seriesOf(
  { key, credits, eventCount }: SeriesSum,
  points: readonly SeriesPoint[],
  groupBy: readonly string[] | null,
): CreditUsage['series'][number] {
  const values = JSON.parse(key) as (string | null)[];
  return {
    featureId: groupBy ? null : (values[0] ?? null),
    tags: (groupBy ?? []).map((name, index) => ({ key: name, value: values[index] ?? '' })),
    totalCredits: amountText(credits),
    eventCount,
    points: points
      .filter((point) => point.key === key)
      .map((point) => ({ timestamp: toIso(point.at), value: amountText(point.credits), eventCount: point.eventCount })),
  };
}

const amountText = (millionths: string): string => formatAmount(BigInt(millionths));

/** Null: by feature. */
function readGroupBy(names: readonly string[]): string[] | null {
  if (names.length === 0) return null;
  if (names.length > limits.dimensions) {
    throw invalidArgument('groupBy', `must have at most ${limits.dimensions} dimensions`);
  }
  names.forEach((name, index) => {
    if (!dimensionPattern.test(name)) {
      throw invalidArgument(`groupBy[${index}]`, 'must hold letters, digits and _ $ - only');
    }
    if (names.indexOf(name) !== index) throw invalidArgument(`groupBy[${index}]`, 'is named twice');
  });
  if (names.join(',').length > limits.joined) {
    throw invalidArgument('groupBy', `must have at most ${limits.joined} characters together`);
  }
  return [...names];
}

/** An end that is left out is now, and what happened right now is part of it. */
function readTimes(input: CreditUsageInput, now: number): { start: number; end: number } {
  const start = readInstant(input.startDate, 'startDate');
  const end = readInstant(input.endDate, 'endDate');
  const timeRange = input.timeRange ?? 'LAST_MONTH';
  const known: readonly string[] = Object.values(CreditUsageTimeRange);
  if (!known.includes(timeRange)) throw invalidArgument('timeRange', `must be one of ${known.join(', ')}`);
  if (start === null) {
    if (end !== null) throw invalidArgument('endDate', 'must be given together with startDate');
    return { start: startOf(timeRange, now), end: now + 1 };
  }
  if (end !== null && end < start) throw invalidArgument('endDate', 'must not lie before startDate');
  return { start, end: end ?? Math.max(start, now + 1) };
}

function startOf(timeRange: CreditUsageTimeRange, now: number): number {
  switch (timeRange) {
    case 'LAST_DAY':
      return now - dayMs;
    case 'LAST_WEEK':
      return now - 7 * dayMs;
    case 'LAST_MONTH':
      return addMonths(now, -1);
    case 'LAST_YEAR':
      return addMonths(now, -12);
  }
}
