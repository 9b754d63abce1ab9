import type { AccessDeniedReason, Amount, EntitlementType } from '@tollgate/contract';
import type { Target } from '../gate-port.js';
import type { GateMode, Source } from './gate-words.js';
import type { Outcome, SettleBy } from './outcome.js';
import type { Problem } from './problem.js';

export type { GateMode } from './gate-words.js';

/** The account that pays: its id, or its id and that of one of its resources. */
export type Customer = string | { customerId: string; resourceId?: string | null };

/** Finds the account that pays for a request. `undefined` means that the request names none. */
export type CustomerResolver<Request = unknown> = (
  request: Request,
) => Customer | null | undefined | Promise<Customer | null | undefined>;

/** An amount in raw units: fixed, or worked out from the request (then rounded half up to 6 places). */
export type RequestAmount<Request = unknown> =
  | number
  | string
  | ((request: Request) => number | string | Promise<number | string>);

/** Enum values: fixed, or read from the request. */
export type RequestValues<Request = unknown> =
  | string
  | readonly string[]
  | ((request: Request) => string | readonly string[] | Promise<string | readonly string[]>);

/** What is needed of the feature or currency, and how. */
export interface RequirementDetails<Request = unknown> {
  /**
   * Metered features: how much one request uses. Currencies: how many credits. Negative gives back: never decided, only
   * reported on success.
   */
  usage?: RequestAmount<Request>;
  /** Enum features: the values that the request needs, all of which must be granted. */
  values?: RequestValues<Request>;
  /** Numeric features: the value that the request needs, against the granted one. */
  atMost?: RequestAmount<Request>;
  /**
   * Default: `check` without `usage`; with it the gate's `mode`, and where that is left out `reserve` for a hard limit
   * and for credits, `meter` for a soft limit or none.
   */
  mode?: GateMode;
  /**
   * For handlers that answer a repeated request as they did the first: the request's `Idempotency-Key` is charged once in
   * 24 hours, whichever process gets it. Needs `usage`, and always reserves. Default false.
   */
  idempotent?: boolean;
  /** Another account than the gate's `customer` finds. */
  customer?: CustomerResolver<Request>;
  /** Decides what is charged by how the request ended, instead of the gate's `settleBy`. */
  settleBy?: SettleBy;
  /** In place of the gate's `shadow`: true decides and records, and never denies. */
  shadow?: boolean;
  /** Two declarations with the same id are one: it is decided and charged once per request. */
  id?: string;
}

/** A requirement that was checked when it was declared, with everything resolved that does not need a request. */
export interface DeclaredRequirement<Request = unknown> {
  readonly id: string;
  readonly target: Target;
  /** The id of the feature or currency. */
  readonly name: string;
  readonly mode: GateMode | undefined;
  /** The kind that the requirement's fields ask for; undefined when any kind of feature will do. */
  readonly expectedType: EntitlementType | undefined;
  readonly usage: Amount | ((request: Request) => number | string | Promise<number | string>) | undefined;
  readonly atMost: Amount | ((request: Request) => number | string | Promise<number | string>) | undefined;
  readonly values:
    | readonly string[]
    | ((request: Request) => string | readonly string[] | Promise<string | readonly string[]>)
    | undefined;
  readonly isIdempotent: boolean;
  readonly customer: CustomerResolver<Request> | undefined;
  readonly settleBy: SettleBy | undefined;
  /** Undefined where the gate says. */
  readonly isShadow: boolean | undefined;
  /** Undefined where the request must have it whatever else it has. */
  readonly alternative: AlternativePlace | undefined;
}

/** Where a requirement stands in an `any`: what has the same group and the same index is required together. */
export interface AlternativePlace {
  readonly of: string;
  readonly index: number;
}

/** What the gate needs to know of a request, whatever brought it. */
export interface GateContext<Request = unknown> {
  /** Handed as it is to the functions of the application: `customer`, `usage`, `values`, `atMost`. */
  request: Request;
  /** HTTP only: HEAD and OPTIONS are checked, never charged. */
  method?: string;
  /** The path for the problem's `instance`, without the query. */
  path?: string;
  /** Method and pattern, for example `POST /reports/:id`: for logs and labels, so never the raw URL. */
  route?: string | undefined;
  /** The `Idempotency-Key` header as it came. */
  idempotencyKey?: string | undefined;
  /** The `Origin` header as it came: a page on another origin may read only those of our headers that the answer names. */
  origin?: string | undefined;
}

/** One feature or currency as it stood when the request was let in. Amounts are shown units, or credits. Frozen. */
export interface AdmittedEntitlement {
  /** Null for credits. */
  featureId: string | null;
  /** Null for a feature. */
  currencyId: string | null;
  type: EntitlementType | null;
  /** False only where shadow mode let in what would have been denied. */
  hasAccess: boolean;
  /** True when the state was unknown and a configured fallback, or `onUnavailable: 'allow'`, let the request in. */
  isFallback: boolean;
  source: Source;
  /**
   * Metered, and credits: used so far, with what others hold and what this process has admitted and not yet been told is
   * stored, without this request.
   */
  currentUsage: number;
  /** The limit of a metered feature, or all credits that were granted; null when unlimited, unknown or not metered. */
  usageLimit: number | null;
  /** What is left after this request; null when unlimited, unknown or not metered. Never below 0. */
  remaining: number | null;
  isUnlimited: boolean;
  hasSoftLimit: boolean;
  /** The value of a numeric feature; null otherwise, or when unlimited. */
  value: number | null;
  enumValues: readonly string[];
  /** When usage starts again from zero, ISO 8601; null when it never does. */
  resetAt: string | null;
}

/** What a handler finds: who pays, what was granted, and a way to say what was really used. */
export interface Admission {
  /** Empty only where shadow mode let in a request that names no customer. */
  customerId: string;
  resourceId: string | null;
  /** By the id of the feature or currency. */
  entitlements: Readonly<Record<string, AdmittedEntitlement>>;
  /**
   * Says what the request used in total; the last call counts, and takes the place of `usage`. `feature`, the id of a
   * feature or currency, may be left out when the route charges only one. Throws INVALID_ARGUMENT for a bad amount or
   * for something that is not charged.
   */
  measure(amount: number | string, feature?: string): void;
}

export interface Admitted {
  isAdmitted: true;
  admission: Admission;
  /** Response headers by name; list-valued ones are merged with `mergeHeader`. */
  headers: Readonly<Record<string, string>>;
  /** False when it makes no difference how the request ends: then nobody need watch for it. */
  isCharged: boolean;
  /** Charges or lets go, once; every later call does nothing. Never throws. To be called on this object. */
  settle(outcome: Outcome): void;
}

export interface Denied {
  isAdmitted: false;
  status: number;
  headers: Readonly<Record<string, string>>;
  problem: Problem;
  /** The domain's word, or null when the gate never came to a decision. */
  reason: AccessDeniedReason | null;
  /** Null when no customer was found. */
  customerId: string | null;
  resourceId: string | null;
}
