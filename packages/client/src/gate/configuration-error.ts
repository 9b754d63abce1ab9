import { TollgateError } from '@tollgate/contract';

/** The error for something that was configured or declared wrongly. */
export function invalid(field: string, rule: string): TollgateError {
  return new TollgateError('CONFIGURATION', `${field} ${rule}`, { field });
}
