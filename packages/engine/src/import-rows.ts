import { type ImportResultWire, isTollgateError, TollgateError } from '@tollgate/contract';
import type { EngineContext } from './engine-context.js';
import { itemError } from './usage/item-input.js';

const rowsMax = 1000;
/** How many customers are imported at the same time: more would take connections from those who wait for an answer. */
const customersAtOnce = 4;

export interface RowImport<Row> {
  /** The input field that holds the rows. */
  field: string;
  /** What a row that could not be taken is called in its result. */
  idOf(row: Row): string;
  /** Takes one row over, in a transaction of its own. */
  take(row: Row): Promise<Pick<ImportResultWire, 'id' | 'outcome'>>;
}

/**
 * Imports 1–1,000 rows, with one result per row in the order given. A row that cannot be taken says so in its result and
 * stops nothing. Rows of one customer are taken one after the other, those of different customers do not wait for each other.
 */
export async function importRows<Row extends { customerId: string }>(
  context: EngineContext,
  rows: readonly Row[],
  { field, idOf, take }: RowImport<Row>,
): Promise<ImportResultWire[]> {
  if (rows.length < 1 || rows.length > rowsMax) {
    const message = `${field} must have 1–${rowsMax} items, and has ${rows.length}`;
    throw new TollgateError('INVALID_ARGUMENT', message, { field });
  }
  const results: ImportResultWire[] = [];
  const takeAt = async (index: number): Promise<void> => {
    const row = rows[index] as Row;
    try {
      results[index] = { ...(await take(row)), error: null };
    } catch (error) {
      if (!isTollgateError(error)) context.onError(error);
      results[index] = { id: idOf(row), outcome: 'FAILED', error: itemError(error) };
    }
  };
  const waiting = indexesByCustomer(rows);
  const work = async (): Promise<void> => {
    for (let indexes = waiting.shift(); indexes; indexes = waiting.shift()) {
      for (const index of indexes) await takeAt(index);
    }
  };
  await Promise.all(Array.from({ length: customersAtOnce }, work));
  return results;
}

function indexesByCustomer(rows: readonly { customerId: string }[]): number[][] {
  const byCustomer = new Map<string, number[]>();
  for (const [index, { customerId }] of rows.entries()) {
    byCustomer.set(customerId, [...(byCustomer.get(customerId) ?? []), index]);
  }
  return [...byCustomer.values()];
}
