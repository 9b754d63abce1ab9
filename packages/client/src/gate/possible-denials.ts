import type { ResolvedGateOptions } from './gate-options.js';
import type { DeclaredRequirement } from './gate-types.js';
import { type ProblemCode, problemKinds } from './problem.js';

/** One status that a route may be refused with, and the codes that it may have then. */
export interface PossibleDenial {
  status: number;
  /** Empty for the bare 404 that hides a feature. */
  codes: readonly ProblemCode[];
}

type Options = Pick<ResolvedGateOptions<never>, 'denialStatus' | 'hideNotEntitled' | 'onUnavailable' | 'shadow'>;
type Asking = Pick<DeclaredRequirement<never>, 'expectedType'> &
  Partial<Pick<DeclaredRequirement<never>, 'isIdempotent' | 'isShadow'>>;

/**
 * Everything that these requirements may be answered with besides the handler's own answers, by status: for the
 * documentation of an API. Without a word of the feature's kind it may be metered. A misconfigured requirement is a bug,
 * and none of it.
 */
export function possibleDenials(options: Options, requirements: readonly Asking[]): PossibleDenial[] {
  const byStatus = new Map<number, ProblemCode[]>();
  const enforced = requirements.filter(({ isShadow }) => !(isShadow ?? options.shadow));
  for (const code of new Set(enforced.flatMap((requirement) => codesOf(options, requirement)))) {
    const isHidden = options.hideNotEntitled && code === 'feature-not-entitled';
    const status = isHidden ? 404 : (options.denialStatus[code] ?? problemKinds[code].status);
    byStatus.set(status, [...(byStatus.get(status) ?? []), ...(isHidden ? [] : [code])]);
  }
  return [...byStatus].map(([status, codes]) => ({ status, codes })).sort((one, other) => one.status - other.status);
}

const always: readonly ProblemCode[] = [
  'customer-missing',
  'customer-unknown',
  'subscription-inactive',
  'feature-not-entitled',
];
const ofCredits: readonly ProblemCode[] = ['credits-exhausted', 'budget-exceeded'];
// A metered feature may be paid by credits.
const ofUsage: readonly ProblemCode[] = [...ofCredits, 'limit-reached', 'quota-exceeded'];
const ofRepetitions: readonly ProblemCode[] = ['idempotency-key-in-use', 'idempotency-key-reused'];

function codesOf({ onUnavailable }: Options, { expectedType, isIdempotent }: Asking): ProblemCode[] {
  const mayBeMetered = expectedType === undefined || expectedType === 'METERED';
  const ofAmounts = mayBeMetered ? ofUsage : expectedType === 'CREDIT' ? ofCredits : [];
  const ofKeys = isIdempotent ? ofRepetitions : [];
  return [...always, ...ofAmounts, ...ofKeys, ...(onUnavailable === 'deny' ? ['state-unavailable' as const] : [])];
}
