import { type AccessDeniedReason, isTollgateError, TollgateError } from '@tollgate/contract';
import type { GatePort, HeldItem, HoldDenials, HoldOptions, ReservationKey } from '../gate-port.js';
import type { Assessment } from './assessment.js';
import type { ChargeSink } from './charge.js';
import { openHold } from './hold.js';

/** What came of asking the engine to hold the amounts of one request: all of them are held, or none. */
export type TakenHolds =
  | { kind: 'held'; sinks: ReadonlyMap<Assessment, ChargeSink> }
  | { kind: 'refused'; assessment: Assessment; reason: AccessDeniedReason }
  /** The engine gave no answer in time: nobody knows whether there is room. */
  | { kind: 'unavailable'; error: TollgateError; assessment: Assessment }
  /** The engine says that this cannot be held at all: the requirement does not match the catalog. */
  | { kind: 'misconfigured'; error: TollgateError; assessment: Assessment };

interface Part {
  key: ReservationKey;
  assessments: Assessment[];
  items: HeldItem[];
}

interface Attempt {
  part: Part;
  denials?: HoldDenials;
  error?: TollgateError;
}

/**
 * Holds the amounts of all assessments: one reservation per customer, which is one for nearly every request, and all of
 * them in one round trip. Where one is not held, the others are let go.
 */
export async function takeHolds(
  port: GatePort,
  assessments: readonly Assessment[],
  options: HoldOptions,
): Promise<TakenHolds> {
  const attempts = await Promise.all(partsOf(port, assessments).map((part) => attempt(port, part, options)));
  const failed = attempts.find(({ error, denials }) => error || denials);
  if (!failed) {
    const sinks = new Map<Assessment, ChargeSink>();
    for (const { part } of attempts) {
      const hold = openHold({ port, key: part.key, items: part.items, ttlMs: options.ttlMs });
      part.assessments.forEach((assessment, index) => {
        sinks.set(assessment, hold.sink(index));
      });
    }
    return { kind: 'held', sinks };
  }
  for (const { part, denials, error } of attempts) {
    // What got no answer may be held all the same.
    const mayBeHeld = error ? error.isRetryable : !denials;
    if (mayBeHeld) void port.holds.release(part.key);
  }
  const refused = attempts.find(({ denials }) => denials);
  return refused ? refusal(refused) : failure(failed);
}

/** What came of it where the engine is not asked. */
export function unavailable([first]: readonly Assessment[], why: string): TakenHolds {
  return { kind: 'unavailable', error: new TollgateError('UNAVAILABLE', why), assessment: first as Assessment };
}

function partsOf(port: GatePort, assessments: readonly Assessment[]): Part[] {
  const parts = new Map<string, Part>();
  for (const assessment of assessments) {
    const { key, requirement, usage } = assessment.asked;
    const { customerId, resourceId } = key;
    const part = parts.get(customerId) ?? {
      key: { customerId, reservationId: port.newId() },
      assessments: [],
      items: [],
    };
    parts.set(customerId, part);
    part.assessments.push(assessment);
    part.items.push({ ...requirement.target, resourceId, amount: usage ?? 0n });
  }
  return [...parts.values()];
}

async function attempt(port: GatePort, part: Part, options: HoldOptions): Promise<Attempt> {
  try {
    return { part, denials: await port.holds.hold(part.key, part.items, options) };
  } catch (thrown) {
    const error = isTollgateError(thrown) ? thrown : new TollgateError('INTERNAL', String(thrown), { cause: thrown });
    return { part, error };
  }
}

function refusal({ part, denials }: Attempt): TakenHolds {
  const first = denials?.[0];
  const assessment = part.assessments[first?.item ?? 0] as Assessment;
  return { kind: 'refused', assessment, reason: first?.reason ?? 'Unknown' };
}

/** What the engine says of a feature or customer that it does not know, in the domain's words. */
const reasons: Partial<Record<TollgateError['code'], AccessDeniedReason>> = {
  FEATURE_NOT_FOUND: 'FeatureNotFound',
  FEATURE_TYPE_MISMATCH: 'FeatureTypeMismatch',
  CUSTOMER_NOT_FOUND: 'CustomerNotFound',
};
const misconfigurations: readonly TollgateError['code'][] = [
  'CURRENCY_NOT_FOUND',
  'WRONG_USAGE_KIND',
  'INVALID_ARGUMENT',
];

function failure({ part, error }: Attempt): TakenHolds {
  const assessment = part.assessments[0] as Assessment;
  const known = error as TollgateError;
  const reason = reasons[known.code];
  if (reason) return { kind: 'refused', assessment, reason };
  const kind = misconfigurations.includes(known.code) ? 'misconfigured' : 'unavailable';
  return { kind, error: known, assessment };
}
