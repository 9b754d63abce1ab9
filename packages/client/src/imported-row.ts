import { type ImportResultWire, TollgateError } from '@tollgate/contract';
import { type Rules, readFields } from './field-rules.js';
import { checkFields, listOf } from './input-rules.js';
import { asTollgateError, itemError } from './thrown.js';

/** What became of one imported row. */
export interface ImportedRow {
  /** The id of the customer or the subscription; empty where the row had none. */
  id: string;
  outcome: ImportResultWire['outcome'];
  /** Why it FAILED; null otherwise. */
  error: TollgateError | null;
}

const rowsMax = 1_000;

/**
 * Reads 1–1,000 rows, each by itself: one that breaks a rule fails in its place and stops no other. A field that no row
 * can have is a mistake of the program, though, and refuses the call before anything is sent.
 */
export function importRows<Out extends object>(given: readonly object[], rules: Rules<Out>, list: string) {
  const rows = listOf(given, list, rowsMax);
  for (const [index, row] of rows.entries()) checkFields(row, Object.keys(rules), `${list}[${index}].`);
  const read = rows.map((row) => {
    try {
      return readFields(row, rules, '');
    } catch (error) {
      return asTollgateError(error);
    }
  });
  return {
    inputs: read.filter((row): row is Out => !(row instanceof TollgateError)),
    /** The results of the rows that were sent, with those that were not in their places. */
    merge: (results: readonly ImportResultWire[], idOf: (row: object) => unknown): ImportedRow[] => {
      const sent = results.values();
      return read.map((row, index) => {
        if (!(row instanceof TollgateError)) return importedRowOf(sent.next().value as ImportResultWire);
        const id = idOf(rows[index] as object);
        return { id: typeof id === 'string' ? id : '', outcome: 'FAILED', error: row };
      });
    },
  };
}

function importedRowOf({ id, outcome, error }: ImportResultWire): ImportedRow {
  return { id, outcome, error: itemError(error) };
}
