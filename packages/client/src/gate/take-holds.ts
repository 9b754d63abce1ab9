import { type AccessDeniedReason, isTollgateError, TollgateError } from '@tollgate/contract';
import type { GatePort, HeldItem, HoldAnswer, HoldOptions, ReservationKey, WantedHold } from '../gate-port.js';
import type { Assessment } from './assessment.js';
import { type ChargeSink, chargedBefore } from './charge.js';
import { openHold } from './hold.js';
import type { ProblemCode } from './problem.js';

/** What came of asking the engine to hold the amounts of one request: all of them are held, or none. */
export type TakenHolds =
  | { kind: 'held'; sinks: ReadonlyMap<Assessment, ChargeSink> }
  /** The same request runs elsewhere, or another one came before under its key. */
  | { kind: 'repeated'; code: RepetitionCode; assessment: Assessment }
  | { kind: 'refused'; assessment: Assessment; reason: AccessDeniedReason }
  /** The engine gave no answer in time: nobody knows whether there is room. */
  | { kind: 'unavailable'; error: TollgateError; assessment: Assessment }
  /** The engine says that this cannot be held at all: the requirement does not match the catalog. */
  | { kind: 'misconfigured'; error: TollgateError; assessment: Assessment };

type RepetitionCode = Extract<ProblemCode, 'idempotency-key-in-use' | 'idempotency-key-reused'>;

interface Part {
  wanted: WantedHold;
  assessments: readonly Assessment[];
}

interface Attempt {
  part: Part;
  answer?: HoldAnswer;
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
  const failed = attempts.find(({ answer }) => answer?.kind !== 'held' && answer?.kind !== 'charged');
  if (!failed) return { kind: 'held', sinks: new Map(attempts.flatMap((each) => sinksOf(port, each, options))) };
  for (const { part, answer, error } of attempts) {
    // What got no answer may be held all the same.
    const mayBeHeld = error ? error.isRetryable : answer?.kind === 'held';
    if (mayBeHeld) void port.holds.release(reservationOf(part));
  }
  return repetition(attempts) ?? refusal(attempts) ?? failure(failed);
}

/** What came of it where the engine is not asked. */
export function unavailable([first]: readonly Assessment[], why: string): TakenHolds {
  return { kind: 'unavailable', error: new TollgateError('UNAVAILABLE', why), assessment: first as Assessment };
}

function sinksOf(port: GatePort, { part, answer }: Attempt, { ttlMs }: HoldOptions): [Assessment, ChargeSink][] {
  const { wanted, assessments } = part;
  if (answer?.kind === 'charged') return assessments.map((assessment) => [assessment, chargedBefore]);
  const hold = openHold({ port, wanted, ttlMs });
  return assessments.map((assessment, index) => [assessment, hold.sink(index)]);
}

/** One for each customer, and one more for what the customer's request is charged once for. */
function partsOf(port: GatePort, assessments: readonly Assessment[]): Part[] {
  const groups = new Map<string, Assessment[]>();
  for (const assessment of assessments) {
    const { key, repeatedAs } = assessment.asked;
    const name = `${repeatedAs ? 'once' : 'each time'} ${key.customerId}`;
    groups.set(name, [...(groups.get(name) ?? []), assessment]);
  }
  return [...groups.values()].map((group) => partOf(port, group));
}

function partOf(port: GatePort, assessments: readonly Assessment[]): Part {
  const items = assessments.map(
    ({ asked: { key, requirement, usage } }): HeldItem => ({
      ...requirement.target,
      resourceId: key.resourceId,
      amount: usage ?? 0n,
    }),
  );
  const { key, repeatedAs } = (assessments[0] as Assessment).asked;
  return {
    assessments,
    wanted: { customerId: key.customerId, reservationId: port.newId(), items, request: repeatedAs },
  };
}

async function attempt(port: GatePort, part: Part, options: HoldOptions): Promise<Attempt> {
  try {
    return { part, answer: await port.holds.hold(part.wanted, options) };
  } catch (thrown) {
    const error = isTollgateError(thrown) ? thrown : new TollgateError('INTERNAL', String(thrown), { cause: thrown });
    return { part, error };
  }
}

function reservationOf({ wanted: { customerId, reservationId } }: Part): ReservationKey {
  return { customerId, reservationId };
}

function repetition(attempts: readonly Attempt[]): TakenHolds | undefined {
  for (const { part, answer, error } of attempts) {
    const assessment = part.assessments[0] as Assessment;
    if (answer?.kind === 'running') return { kind: 'repeated', code: 'idempotency-key-in-use', assessment };
    const isReused = part.wanted.request !== undefined && error?.code === 'IDEMPOTENCY_CONFLICT';
    if (isReused) return { kind: 'repeated', code: 'idempotency-key-reused', assessment };
  }
  return undefined;
}

function refusal(attempts: readonly Attempt[]): TakenHolds | undefined {
  for (const { part, answer } of attempts) {
    if (answer?.kind !== 'denied') continue;
    const first = answer.denials[0];
    const assessment = part.assessments[first?.item ?? 0] as Assessment;
    return { kind: 'refused', assessment, reason: first?.reason ?? 'Unknown' };
  }
  return undefined;
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
