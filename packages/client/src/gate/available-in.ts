import { type Amount, wouldGrant } from '@tollgate/contract';
import type { GatePort } from '../gate-port.js';
import { type Assessment, questionOf } from './assessment.js';
import { type BlockedClause, isDenied, isDeniedClause } from './clauses.js';
import type { ResolvedGateOptions } from './gate-options.js';
import type { AvailableIn, ProblemCode } from './gate-words.js';
import type { CounterKey } from './pending.js';
import { upgradeHelps } from './upgrade-url.js';

/** How long a denial waits to hear what is on sale, of the time that a request may wait for the engine. */
const patienceShare = 0.1;

export interface AvailableInInput {
  port: Pick<GatePort, 'offers'>;
  options: Pick<ResolvedGateOptions<never>, 'availableIn' | 'hideNotEntitled' | 'deadlineMs'>;
  blocked: readonly BlockedClause[];
  /** What the denial says. */
  code: ProblemCode;
  pendingOf: (counter: CounterKey) => Amount;
}

/**
 * What the customer could buy to be let in, the cheapest first: whatever grants all that is denied. Undefined where
 * nothing on sale makes a difference, where it is not known in time, and where more than one customer is denied.
 */
export async function availableIn(input: AvailableInInput): Promise<AvailableIn[] | undefined> {
  const { port, options, blocked, code, pendingOf } = input;
  const isHidden = options.hideNotEntitled && code === 'feature-not-entitled';
  if (!options.availableIn || isHidden || !upgradeHelps.includes(code)) return undefined;
  const clauses = blocked.filter(isDeniedClause).map((clause) => clause.map((items) => items.filter(isDenied)));
  const denials = clauses.flat(2);
  const [first] = denials;
  const version = first?.view.snapshots?.customer.grants.version;
  if (!first || !version || !denials.every((denial) => isOfSameCustomer(denial, first))) return undefined;
  const known = await port.offers(version, options.deadlineMs * patienceShare);
  const helpful = known?.offers.filter((offer) => {
    const lets = ({ asked, view, counter }: Assessment): boolean =>
      view.snapshots !== undefined &&
      wouldGrant(offer, view.snapshots, questionOf(asked, pendingOf(counter)), view.now);
    return clauses.every((clause) => clause.some((items) => items.every(lets)));
  });
  if (!helpful || helpful.length === 0) return undefined;
  return helpful.map(({ type, id, displayName }) => ({ type: type === 'PLAN' ? 'plan' : 'addon', id, displayName }));
}

function isOfSameCustomer({ asked: a }: Assessment, { asked: b }: Assessment): boolean {
  return a.key.customerId === b.key.customerId && a.key.resourceId === b.key.resourceId;
}
