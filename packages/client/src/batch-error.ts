import { TollgateError } from '@tollgate/contract';
import { asTollgateError } from './thrown.js';

/** Why one item of a batch was refused; the error names its field from the batch on. */
export interface ItemFailure {
  index: number;
  error: TollgateError;
}

/**
 * The error of a batch of which some items were refused: that of the first, with the rest of the story in `details`. What
 * is not among the failures was taken.
 */
export function batchError(
  list: string,
  total: number,
  failures: readonly ItemFailure[],
  details: Record<string, unknown> = {},
): TollgateError {
  const { code, message, field } = (failures[0] as ItemFailure).error;
  return new TollgateError(code, `${failures.length} of ${total} ${list} were refused: ${message}`, {
    cause: failures[0]?.error,
    ...(field !== undefined && { field }),
    details: { ...details, failures: failures.map(({ index, error }) => ({ index, ...factsOf(error) })) },
  });
}

/** Reads every item of a batch: those that break a rule are told apart from those that do not. */
export function readItems<Given, Input>(
  items: readonly Given[],
  list: string,
  read: (item: Given, at: string) => Input,
): { inputs: Input[]; failures: ItemFailure[] } {
  const inputs: Input[] = [];
  const failures: ItemFailure[] = [];
  items.forEach((item, index) => {
    try {
      inputs.push(read(item, `${list}[${index}].`));
    } catch (error) {
      failures.push({ index, error: asTollgateError(error) });
    }
  });
  return { inputs, failures };
}

function factsOf({ code, message, field }: TollgateError): object {
  return { code, message, ...(field !== undefined && { field }) };
}
