import { type Amount, amountToNumber, isTollgateError, type SnapshotKey } from '@tollgate/contract';
import type { EntitlementFallback } from '../fallback.js';
import type { ReservedRequest } from '../gate-port.js';
import { after, type Soon, soon } from './at-once.js';
import { computedAmount } from './charge.js';
import { customerRefusal, type FoundCustomer, findCustomer } from './customer.js';
import type { ResolvedGateOptions } from './gate-options.js';
import type { CustomerResolver, DeclaredRequirement, GateContext, GateMode } from './gate-types.js';
import { isNeverCharged } from './outcome.js';
import type { ProblemCode } from './problem.js';
import { enumValuesOf } from './requirement.js';

/** One requirement with everything that had to be worked out from the request. Amounts are raw units. */
export interface Asked {
  requirement: DeclaredRequirement<never>;
  key: SnapshotKey;
  /** Undefined where the kind of limit says: that is known when it is decided. */
  mode: GateMode | undefined;
  /** False for requests that are only checked. */
  isCharged: boolean;
  /** True when it is only watched: decided and recorded, and let in whatever comes of it. */
  isShadow: boolean;
  usage: Amount | undefined;
  atMost: Amount | undefined;
  values: readonly string[] | undefined;
  /** What tells the request when it comes again; undefined where every request is a new one. */
  repeatedAs: ReservedRequest | undefined;
}

/** Why a request got no further than its own functions. */
export interface AskRefusal {
  requirement: DeclaredRequirement<never>;
  /** Null when no customer was found. */
  key: SnapshotKey | null;
  code: ProblemCode;
  /** In place of the code's own. */
  status?: number;
  /** For the log only: never sent. */
  log: string;
  cause: unknown;
}

/** What a request asks for, and what could not be worked out and is only watched. */
export interface AllAsked {
  asked: Asked[];
  unasked: AskRefusal[];
}

/**
 * Works out who pays and how much is asked for, all of it before anything is decided. `firstCustomer`: what was answered
 * already for the first requirement.
 */
export function askedOf<Request>(
  options: ResolvedGateOptions<Request>,
  context: GateContext<Request>,
  requirements: readonly DeclaredRequirement<Request>[],
  firstCustomer: Soon<FoundCustomer> | undefined,
): Soon<AllAsked | AskRefusal> {
  // One call per function and request, however many requirements use it.
  const customers = new Map<CustomerResolver<Request> | undefined, Soon<FoundCustomer>>();
  if (firstCustomer) customers.set(requirements[0]?.customer ?? options.customer, firstCustomer);
  const asking: Asking = { method: context.method, ask: askingOnce(context.request) };
  const all: AllAsked = { asked: [], unasked: [] };
  const askFrom = (index: number): Soon<AllAsked | AskRefusal> => {
    const requirement = requirements[index];
    if (!requirement) return all;
    const resolver = requirement.customer ?? options.customer;
    const finding = customers.get(resolver) ?? findCustomer(resolver, context.request);
    customers.set(resolver, finding);
    const answer = after(finding, (customer) => askOne(options, requirement, customer, asking));
    return after(answer, (asked) => {
      if (!('code' in asked)) all.asked.push(asked);
      else if (requirement.isShadow ?? options.shadow) all.unasked.push(asked);
      else return asked;
      return askFrom(index + 1);
    });
  };
  return askFrom(0);
}

interface Asking extends Pick<GateContext, 'method'> {
  /** Undefined where the requirement has no function for it. */
  ask: <Answer>(given: unknown) => Soon<Answer | undefined>;
}

/** Calls each function of the application once per request: two requirements may share the one that looks something up. */
function askingOnce(request: unknown): Asking['ask'] {
  const answers = new Map<unknown, unknown>();
  return <Answer>(given: unknown): Soon<Answer | undefined> => {
    if (typeof given !== 'function') return undefined;
    if (!answers.has(given)) answers.set(given, given(request));
    return soon(answers.get(given) as Answer);
  };
}

function askOne<Request>(
  options: ResolvedGateOptions<Request>,
  requirement: DeclaredRequirement<Request>,
  customer: FoundCustomer,
  asking: Asking,
): Soon<Asked | AskRefusal> {
  if (!('key' in customer)) return { requirement, key: null, ...customerRefusal(customer) };
  const { key } = customer;
  const failed = (cause: unknown): AskRefusal => {
    const why = isTollgateError(cause) ? cause.message : 'a function of the requirement threw';
    return { requirement, key, code: 'requirement-misconfigured', log: `${requirement.name}: ${why}`, cause };
  };
  try {
    const asked = amountsOf(options, requirement, key, asking);
    return asked instanceof Promise ? asked.catch(failed) : asked;
  } catch (cause) {
    return failed(cause);
  }
}

function amountsOf<Request>(
  options: ResolvedGateOptions<Request>,
  requirement: DeclaredRequirement<Request>,
  key: SnapshotKey,
  { method, ask }: Asking,
): Soon<Asked> {
  const { name, target, usage, atMost, values } = requirement;
  const isShadow = requirement.isShadow ?? options.shadow;
  const enforced = requirement.mode ?? (usage === undefined ? 'check' : options.mode);
  // Nothing is held for what is only watched: that could be refused, and takes room from others.
  const mode = isShadow && enforced !== 'check' ? 'meter' : enforced;
  const asked: Asked = {
    requirement,
    key,
    mode,
    isCharged: mode !== 'check' && !isNeverCharged(method),
    isShadow,
    usage: undefined,
    atMost: undefined,
    values: undefined,
    repeatedAs: undefined,
  };
  const withValues = after(ask(values), (told) => {
    asked.values = typeof values === 'function' ? enumValuesOf(told) : values;
    if (values && !asked.values) throw new TypeError(`${name}: values must be strings`);
    return ask(usage);
  });
  const withUsage = after(withValues, (told) => {
    asked.usage = typeof usage === 'function' ? computedAmount(told, 'usage') : usage;
    if (target.currencyId !== undefined && asked.usage !== undefined && asked.usage < 0n) {
      throw new TypeError(`${name}: usage must not be negative: credits are given back by a grant`);
    }
    return ask(atMost);
  });
  return after(withUsage, (told) => {
    asked.atMost = typeof atMost === 'function' ? computedAmount(told, 'atMost') : atMost;
    return asked;
  });
}

/** What an admitted request takes from its counter or wallet until the engine has it. */
export function takenBy({ isCharged, usage }: Asked): Amount {
  return isCharged && usage !== undefined && usage > 0n ? usage : 0n;
}

/** Whether a configured fallback grants what is asked. How much is used is unknown, so a limit in it is not compared. */
export function fallbackCovers(fallback: EntitlementFallback, { values, atMost }: Asked): boolean {
  if (!fallback.hasAccess) return false;
  if (values && fallback.enumValues && !values.every((value) => fallback.enumValues?.includes(value))) return false;
  const isBounded = atMost !== undefined && fallback.value !== undefined && !fallback.isUnlimited;
  return !isBounded || amountToNumber(atMost) <= (fallback.value ?? 0);
}
