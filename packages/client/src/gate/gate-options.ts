import { TollgateError } from '@tollgate/contract';
import { type GatePort, gatePortKey } from '../gate-port.js';
import { reservationTtlMs } from '../reservation-ttl.js';
import { type GateClient, isClient } from './client-handle.js';
import { invalid } from './configuration-error.js';
import type { CustomerResolver, DeclaredRequirement, GateMode } from './gate-types.js';
import type { SettleBy } from './outcome.js';
import { type ProblemCode, problemKinds } from './problem.js';
import type { QuotaHeaders } from './quota-headers.js';
import { modeOf } from './requirement.js';
import type { UpgradeUrl } from './upgrade-url.js';

export interface GateOptions<Request = unknown> {
  client: GateClient;
  /** Finds the account that pays for a request: the account, not the user who is signed in. */
  customer?: CustomerResolver<Request>;
  /** What happens when the state is unknown and no configured fallback grants access. Default `deny`: 503. */
  onUnavailable?: 'deny' | 'allow';
  /**
   * The mode of requirements with `usage` that name none. Default, for each of them: `reserve` for a hard limit and for
   * credits, `meter` for a soft limit or none.
   */
  mode?: GateMode;
  /**
   * How long `reserve` holds an amount without a sign of life, in milliseconds: what a process that died held is free
   * after that. A handler that takes longer keeps its hold. 1,000–86,400,000, default 60,000.
   */
  reservationTtlMs?: number;
  /** Other statuses for some codes. A failure of ours can never look like a denial: 402, 403 and 429 are refused there. */
  denialStatus?: Partial<Record<ProblemCode, number>>;
  /** Answers a feature that is not entitled with a bare 404. Default false. */
  hideNotEntitled?: boolean;
  /** The status of a request that names no customer: 401, or 500 where that can only be a mistake. Default 401. */
  missingCustomerStatus?: 401 | 500;
  /**
   * Put into every denial that an upgrade could help: an address, or a function that makes one of the denial, which it
   * must not wait for. What it throws is logged, and the address left out.
   */
  upgradeUrl?: UpgradeUrl<Request>;
  /** Whether such a denial names the plans and add-ons that would help. Default true. */
  availableIn?: boolean;
  /** Decides what is charged by how a request ended. */
  settleBy?: SettleBy;
  /** What an abort in the handler means when nothing was measured. Default `release`. */
  onAbort?: 'commit' | 'release';
  /**
   * What else has to be the same when a request comes again under its `Idempotency-Key`, for requirements that are
   * `idempotent`: another text under the same key is answered with 422. Default: method and path.
   */
  fingerprint?: (request: Request) => string | Promise<string>;
  /** How long one request waits for the engine, in all. Default 3,000 ms. */
  deadlineMs?: number;
  /**
   * Decides and records, for the hook `onDecision` and the log, and never denies: to see what enforcement would do before
   * it does it. Nothing is held; what a request used is metered, also where it would have been denied. Default false.
   */
  shadow?: boolean;
  /**
   * For development: every answer says in the header `X-Tollgate-Explain` how it came about, as JSON. It shows usage and
   * limits to whoever asks, so it is refused where NODE_ENV is `production`. Default false.
   */
  explainHeader?: boolean;
  /** Default `draft-11`. */
  quotaHeaders?: QuotaHeaders;
  /** What an unknown feature or a wrong kind in a declared requirement does at the start. Default `fail`. */
  onMisconfigured?: 'fail' | 'warn';
}

type OptionalName = 'customer' | 'settleBy' | 'upgradeUrl' | 'mode' | 'fingerprint';

export type ResolvedGateOptions<Request> = Readonly<
  Required<Omit<GateOptions<Request>, OptionalName | 'missingCustomerStatus'>> &
    Pick<GateOptions<Request>, OptionalName>
>;

/** Every name in `GateOptions`: anything else is a mistake. */
const gateOptionNames = Object.freeze([
  'client',
  'customer',
  'onUnavailable',
  'mode',
  'reservationTtlMs',
  'denialStatus',
  'hideNotEntitled',
  'missingCustomerStatus',
  'upgradeUrl',
  'availableIn',
  'settleBy',
  'onAbort',
  'fingerprint',
  'deadlineMs',
  'shadow',
  'explainHeader',
  'quotaHeaders',
  'onMisconfigured',
] as const satisfies readonly (keyof GateOptions)[]);

/** Checks the options and fills in the defaults. Throws CONFIGURATION, naming the option. */
export function resolveGateOptions<Request>(
  given: GateOptions<Request>,
  environment: Record<string, string | undefined> = process.env,
): ResolvedGateOptions<Request> {
  if (typeof given !== 'object' || given === null) throw invalid('options', 'must be an object');
  const unknown = Object.keys(given).find((name) => !(gateOptionNames as readonly string[]).includes(name));
  if (unknown) throw invalid(unknown, 'is not an option of the gate');
  if (!isClient(given.client)) throw invalid('client', 'must be a Tollgate client');
  const { deadlineMs = 3_000, reservationTtlMs: ttlMs = reservationTtlMs.usual } = given;
  const { least, most } = reservationTtlMs;
  if (!Number.isInteger(ttlMs) || ttlMs < least || ttlMs > most) {
    throw invalid('reservationTtlMs', `must be a whole number from ${least} to ${most}`);
  }
  if (!Number.isFinite(deadlineMs) || deadlineMs <= 0) throw invalid('deadlineMs', 'must be a number above 0');
  assertFunction(given.customer, 'customer');
  assertFunction(given.settleBy, 'settleBy');
  assertFunction(given.fingerprint, 'fingerprint');
  return Object.freeze({
    client: given.client,
    customer: given.customer,
    onUnavailable: oneOf('onUnavailable', given.onUnavailable ?? 'deny', ['deny', 'allow']),
    mode: modeFor(given.client[gatePortKey], modeOf(given.mode, 'mode')),
    reservationTtlMs: ttlMs,
    denialStatus: denialStatuses(given),
    hideNotEntitled: booleanOf('hideNotEntitled', given.hideNotEntitled),
    upgradeUrl: upgradeUrlIn(given.upgradeUrl),
    availableIn: given.availableIn === undefined || booleanOf('availableIn', given.availableIn),
    settleBy: given.settleBy,
    onAbort: oneOf('onAbort', given.onAbort ?? 'release', ['commit', 'release']),
    fingerprint: given.fingerprint,
    deadlineMs,
    shadow: booleanOf('shadow', given.shadow),
    explainHeader: explainHeaderOf(given.explainHeader, environment),
    quotaHeaders: oneOf('quotaHeaders', given.quotaHeaders ?? 'draft-11', ['draft-11', 'x-ratelimit', 'none']),
    onMisconfigured: oneOf('onMisconfigured', given.onMisconfigured ?? 'fail', ['fail', 'warn']),
  });
}

/** A client of the hosted product holds nothing: there, what is reserved by default is metered. */
function modeFor({ isReference }: GatePort, mode: GateMode | undefined): GateMode | undefined {
  if (isReference && mode === 'reserve') throw invalid('mode', needsTollgate('cannot be reserve'));
  return isReference ? (mode ?? 'meter') : mode;
}

/** Throws CONFIGURATION for what a client of the hosted product cannot do. */
export function assertForReference(requirements: readonly DeclaredRequirement<never>[]): void {
  for (const { name, mode, target, isIdempotent } of requirements) {
    if (isIdempotent) throw invalid(`${name}: idempotent`, needsTollgate('cannot be required'));
    if (mode === 'reserve') throw invalid(`${name}: mode`, needsTollgate('cannot be reserve'));
    if (target.currencyId !== undefined) throw invalid(`${name}: currency`, needsTollgate('cannot be required'));
  }
}

const needsTollgate = (rule: string): string =>
  `${rule} with a client of the hosted product: reservations and credits need a Tollgate client`;

const ownFailures: readonly string[] = ['state-unavailable', 'customer-missing', 'requirement-misconfigured'];

function denialStatuses<Request>(given: GateOptions<Request>): Partial<Record<ProblemCode, number>> {
  const missing = given.missingCustomerStatus ?? 401;
  if (missing !== 401 && missing !== 500) throw invalid('missingCustomerStatus', 'must be 401 or 500');
  const statuses = { 'customer-missing': missing, ...given.denialStatus };
  for (const [code, status] of Object.entries(statuses)) {
    const field = `denialStatus.${code}`;
    if (!(code in problemKinds)) throw invalid(field, 'is not a code of a denial');
    if (!Number.isInteger(status) || status < 400 || status > 599) throw invalid(field, 'must be from 400 to 599');
    if (ownFailures.includes(code) && [402, 403, 429].includes(status)) {
      throw invalid(field, 'must not be 402, 403 or 429: a failure of the check is not a denial');
    }
  }
  return Object.freeze(statuses);
}

function upgradeUrlIn<Request>(given: GateOptions<Request>['upgradeUrl']): GateOptions<Request>['upgradeUrl'] {
  if (given === undefined || typeof given === 'function' || (typeof given === 'string' && given !== '')) return given;
  throw invalid('upgradeUrl', 'must be an address that is not empty, or a function');
}

function oneOf<const T extends string>(field: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  throw new TollgateError('CONFIGURATION', `${field} must be one of ${allowed.join(', ')}`, { field });
}

function explainHeaderOf(given: boolean | undefined, environment: Record<string, string | undefined>): boolean {
  const isOn = booleanOf('explainHeader', given);
  if (!isOn || environment.NODE_ENV !== 'production') return isOn;
  throw invalid('explainHeader', 'must not be on where NODE_ENV is production: it shows usage to whoever asks');
}

function booleanOf(field: string, value: boolean | undefined): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw invalid(field, 'must be true or false');
  return value ?? false;
}

function assertFunction(value: unknown, field: string): void {
  if (value !== undefined && typeof value !== 'function') throw invalid(field, 'must be a function');
}
