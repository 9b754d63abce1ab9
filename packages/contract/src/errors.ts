/**
 * Every code that a `TollgateError` can carry: the HTTP status it stands for, and whether the same call may succeed
 * later without a change. Compare `error.code`, never `instanceof`: two copies of a package may be loaded.
 */
export const errorCodes = Object.freeze({
  /** A field of the input breaks a rule; `field` names it. */
  INVALID_ARGUMENT: { status: 400, isRetryable: false },
  /** An item's `createdAt` lies before the window in which idempotency keys are kept. */
  TOO_OLD: { status: 400, isRetryable: false },
  /** A feature with a meter takes events only, any other feature calculated usage only. */
  WRONG_USAGE_KIND: { status: 400, isRetryable: false },
  /** The feature is of another type than the call needs. */
  FEATURE_TYPE_MISMATCH: { status: 400, isRetryable: false },
  /** A catalog file that does not parse or breaks a rule of the catalog. */
  CATALOG_INVALID: { status: 400, isRetryable: false },
  /** Options that contradict each other, or an option that this version does not take. */
  CONFIGURATION: { status: 400, isRetryable: false },
  /** The API key is missing, unknown or revoked. */
  UNAUTHENTICATED: { status: 401, isRetryable: false },
  /** The API key is known, but not allowed to do this. */
  FORBIDDEN: { status: 403, isRetryable: false },
  CUSTOMER_NOT_FOUND: { status: 404, isRetryable: false },
  FEATURE_NOT_FOUND: { status: 404, isRetryable: false },
  PRODUCT_NOT_FOUND: { status: 404, isRetryable: false },
  PLAN_NOT_FOUND: { status: 404, isRetryable: false },
  ADDON_NOT_FOUND: { status: 404, isRetryable: false },
  SUBSCRIPTION_NOT_FOUND: { status: 404, isRetryable: false },
  FEATURE_GROUP_NOT_FOUND: { status: 404, isRetryable: false },
  CURRENCY_NOT_FOUND: { status: 404, isRetryable: false },
  CREDIT_GRANT_NOT_FOUND: { status: 404, isRetryable: false },
  RESERVATION_NOT_FOUND: { status: 404, isRetryable: false },
  /** The customer has no such promotional grant, or not through that group. */
  PROMOTIONAL_ENTITLEMENT_NOT_FOUND: { status: 404, isRetryable: false },
  ENVIRONMENT_NOT_FOUND: { status: 404, isRetryable: false },
  /** The change contradicts what is stored, for example an id that belongs to another customer. */
  CONFLICT: { status: 409, isRetryable: false },
  /** The same idempotency key came with other content. */
  IDEMPOTENCY_CONFLICT: { status: 409, isRetryable: false },
  /** A catalog that would break live subscriptions. */
  CATALOG_BREAKS_SUBSCRIPTIONS: { status: 409, isRetryable: false },
  /** Another process holds the data folder. */
  DATABASE_IN_USE: { status: 409, isRetryable: false },
  /** The database was migrated by a newer version than this process. */
  SCHEMA_TOO_NEW: { status: 409, isRetryable: false },
  RATE_LIMITED: { status: 429, isRetryable: true },
  INTERNAL: { status: 500, isRetryable: true },
  /** A bounded queue is full. */
  OVERLOADED: { status: 503, isRetryable: true },
  /** The engine cannot be reached, or what stands in front of it answered 408 or 5xx. */
  UNAVAILABLE: { status: 503, isRetryable: true },
  TIMEOUT: { status: 504, isRetryable: true },
  /** The client was closed. */
  CLOSED: { status: 503, isRetryable: false },
  /** The client was initialized with `offline: true`. */
  OFFLINE: { status: 503, isRetryable: false },
} satisfies Record<string, { status: number; isRetryable: boolean }>);

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorContext {
  cause?: unknown;
  /** The input field that breaks the rule, for example `usages[2].value`. */
  field?: string;
  /** Further facts that are safe to send to the caller. */
  details?: Record<string, unknown>;
}

/** The one error class of every package. */
export class TollgateError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = 'TollgateError';
    this.code = code;
    this.field = context.field;
    this.details = context.details;
  }

  get isRetryable(): boolean {
    return errorCodes[this.code].isRetryable;
  }
}

/** True for a `TollgateError` of any loaded copy of this package. */
export function isTollgateError(error: unknown): error is TollgateError {
  return error instanceof Error && error.name === 'TollgateError' && isErrorCode((error as { code?: unknown }).code);
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

/** An input field that breaks a rule, in one sentence: `value must be a finite number`. */
export function invalidArgument(field: string, rule: string): TollgateError {
  return new TollgateError('INVALID_ARGUMENT', `${field} ${rule}`, { field });
}
