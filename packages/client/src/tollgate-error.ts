/** The error of every package, for those who depend on the client alone. Compare `error.code`, never `instanceof`. */
export { type ErrorCode, isTollgateError, TollgateError } from '@tollgate/contract';
