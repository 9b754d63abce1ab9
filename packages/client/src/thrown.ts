import { type ItemErrorWire, isErrorCode, isTollgateError, TollgateError } from '@tollgate/contract';

/** Whatever was thrown, as the one error class. */
export function asTollgateError(thrown: unknown): TollgateError {
  if (isTollgateError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new TollgateError('INTERNAL', message, { cause: thrown });
}

/** Why the engine refused one item of a batch, as the one error class. `at` is put before the field. */
export function itemError(error: ItemErrorWire | null, at = ''): TollgateError | null {
  if (!error) return null;
  // A newer engine may give a code that this version does not know; whether to try again is what counts then.
  const code = isErrorCode(error.code) ? error.code : error.isRetryable ? 'INTERNAL' : 'INVALID_ARGUMENT';
  return new TollgateError(code, error.message, error.field === null ? {} : { field: at + error.field });
}

/** The same error with further facts, such as an id that was made here and that the caller needs to ask again. */
export function withDetails(error: TollgateError, facts: Record<string, unknown>): TollgateError {
  const { code, message, field } = error;
  const details = { ...error.details, ...facts };
  return new TollgateError(code, message, { cause: error, details, ...(field !== undefined && { field }) });
}
