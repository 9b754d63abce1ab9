import { TollgateError } from '@tollgate/contract';

/** INVALID_ARGUMENT for a field that breaks a rule; the rule goes on from the field's name. */
export function refusal(field: string, rule: string): TollgateError {
  return new TollgateError('INVALID_ARGUMENT', `${field} ${rule}`, { field });
}
