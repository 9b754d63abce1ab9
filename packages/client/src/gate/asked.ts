import { type Amount, amountToNumber, isTollgateError, type SnapshotKey } from '@tollgate/contract';
import type { EntitlementFallback } from '../fallback.js';
import type { ReservedRequest } from '../gate-port.js';
import { computedAmount } from './charge.js';
import { type FoundCustomer, findCustomer } from './customer.js';
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

/** Works out who pays and how much is asked for, all of it before anything is decided. */
export async function askedOf<Request>(
  options: ResolvedGateOptions<Request>,
  context: GateContext<Request>,
  requirements: readonly DeclaredRequirement<Request>[],
): Promise<AllAsked | AskRefusal> {
  // One call per function and request, however many requirements use it.
  const customers = new Map<CustomerResolver<Request> | undefined, ReturnType<typeof findCustomer>>();
  const asking: Asking<Request> = { method: context.method, ask: askingOnce(context.request) };
  const all: AllAsked = { asked: [], unasked: [] };
  for (const requirement of requirements) {
    const resolver = requirement.customer ?? options.customer;
    const finding = customers.get(resolver) ?? findCustomer(resolver, context.request);
    customers.set(resolver, finding);
    const asked = await askOne(options, requirement, await finding, asking);
    if (!('code' in asked)) all.asked.push(asked);
    else if (requirement.isShadow ?? options.shadow) all.unasked.push(asked);
    else return asked;
  }
  return all;
}

interface Asking<Request> extends Pick<GateContext, 'method'> {
  ask: <Answer>(given: (request: Request) => Answer) => Answer;
}

/** Calls each function of the application once per request: two requirements may share the one that looks something up. */
function askingOnce<Request>(request: Request): Asking<Request>['ask'] {
  const answers = new Map<unknown, unknown>();
  return <Answer>(given: (request: Request) => Answer): Answer => {
    if (!answers.has(given)) answers.set(given, given(request));
    return answers.get(given) as Answer;
  };
}

async function askOne<Request>(
  options: ResolvedGateOptions<Request>,
  requirement: DeclaredRequirement<Request>,
  customer: FoundCustomer,
  asking: Asking<Request>,
): Promise<Asked | AskRefusal> {
  const noCustomer = { requirement, key: null, code: 'customer-missing' } as const;
  if ('missing' in customer) return { ...noCustomer, log: customer.missing, cause: undefined };
  if ('failed' in customer) return { ...noCustomer, log: customer.failed, cause: customer.cause, status: 500 };
  const { key } = customer;
  try {
    return await amountsOf(options, requirement, key, asking);
  } catch (cause) {
    const why = isTollgateError(cause) ? cause.message : 'a function of the requirement threw';
    return { requirement, key, code: 'requirement-misconfigured', log: `${requirement.name}: ${why}`, cause };
  }
}

async function amountsOf<Request>(
  options: ResolvedGateOptions<Request>,
  requirement: DeclaredRequirement<Request>,
  key: SnapshotKey,
  { method, ask }: Asking<Request>,
): Promise<Asked> {
  const { name, target, usage, atMost, values } = requirement;
  const isShadow = requirement.isShadow ?? options.shadow;
  const enforced = requirement.mode ?? (usage === undefined ? 'check' : options.mode);
  // Nothing is held for what is only watched: that could be refused, and takes room from others.
  const mode = isShadow && enforced !== 'check' ? 'meter' : enforced;
  const named = typeof values === 'function' ? enumValuesOf(await ask(values)) : values;
  if (values && !named) throw new TypeError(`${name}: values must be strings`);
  const amount = typeof usage === 'function' ? computedAmount(await ask(usage), 'usage') : usage;
  if (target.currencyId !== undefined && amount !== undefined && amount < 0n) {
    throw new TypeError(`${name}: usage must not be negative: credits are given back by a grant`);
  }
  return {
    requirement,
    key,
    mode,
    isCharged: mode !== 'check' && !isNeverCharged(method),
    isShadow,
    usage: amount,
    atMost: typeof atMost === 'function' ? computedAmount(await ask(atMost), 'atMost') : atMost,
    values: named,
    repeatedAs: undefined,
  };
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
