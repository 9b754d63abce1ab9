import {
  type Amount,
  assertId,
  type EntitlementType,
  isTollgateError,
  parseAmount,
  TollgateError,
} from '@tollgate/contract';
import type { Target } from '../gate-port.js';
import { invalid } from './configuration-error.js';
import type { AlternativePlace, DeclaredRequirement, GateMode } from './gate-types.js';
import { placedRequirements } from './requirement-places.js';
import type { Requirement, RequirementInput } from './typed-requirement.js';

const knownKeys = new Set([
  'feature',
  'currency',
  'usage',
  'values',
  'atMost',
  'mode',
  'idempotent',
  'customer',
  'settleBy',
  'shadow',
  'id',
]);

let declarations = 0;

/**
 * Checks requirements where they are declared, so that a mistake shows when the application starts. Throws a
 * CONFIGURATION error that names the field and the rule; `where` names the place, for example the route.
 */
export function defineRequirements<Request = unknown>(
  input: RequirementInput<Request>,
  where = 'requirement',
): readonly DeclaredRequirement<Request>[] {
  const declared = placedRequirements(input, where).map(({ item, where: place, alternative }) =>
    declare<Request>(item, place, alternative),
  );
  assertDistinct(declared, where);
  return Object.freeze(declared);
}

function declare<Request>(
  input: unknown,
  where: string,
  alternative: AlternativePlace | undefined,
): DeclaredRequirement<Request> {
  const given = shapeOf<Request>(input, where);
  // Two declarations with one id are one: half of an `any` that was decided elsewhere would decide the other half too.
  if (alternative && given.id !== undefined) throw invalid(`${where}.id`, 'cannot stand in an alternative of any');
  const mode = modeOf(given.mode, `${where}.mode`);
  const usage = amountOf(given.usage, `${where}.usage`);
  const atMost = amountOf(given.atMost, `${where}.atMost`);
  const values = valuesOf<Request>(given.values, `${where}.values`);
  const kinds = [usage !== undefined && 'usage', atMost !== undefined && 'atMost', values !== undefined && 'values'];
  const named = kinds.filter((kind) => kind !== false);
  const target = targetOf(given, where);
  const name = target.featureId ?? target.currencyId;
  const isNumber = atMost === undefined && values === undefined;
  if (named.length > 1) throw invalid(where, `asks for ${named.join(' and ')}: one feature is of one kind only`);
  if (mode !== undefined && mode !== 'check' && !isNumber) {
    throw invalid(`${where}.mode`, `cannot be ${mode} together with ${named.join()}: only numbers are charged`);
  }
  if (target.currencyId && typeof usage === 'bigint' && usage < 0n) {
    throw invalid(`${where}.usage`, 'must not be negative: credits are given back by a grant');
  }
  if (target.currencyId && !isNumber) throw invalid(where, `asks for ${named.join()}: credits have only usage`);
  return Object.freeze({
    id: given.id ?? `${name}#${++declarations}`,
    target,
    name,
    mode,
    expectedType: target.currencyId ? 'CREDIT' : expectedTypeOf(named[0], mode),
    usage,
    atMost,
    values,
    isIdempotent: idempotentOf(given.idempotent, { mode, usage }, `${where}.idempotent`),
    customer: functionOf(given.customer, `${where}.customer`),
    settleBy: functionOf(given.settleBy, `${where}.settleBy`),
    isShadow: flagOf(given.shadow, `${where}.shadow`),
    alternative,
  });
}

function shapeOf<Request>(input: unknown, where: string): Requirement<Request> {
  if (typeof input === 'string') return shapeOf({ feature: input }, where);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid(where, 'must be a feature id, or an object with a feature or a currency');
  }
  const unknownKey = Object.keys(input).find((key) => !knownKeys.has(key));
  if (unknownKey) throw invalid(`${where}.${unknownKey}`, `is not known; known are ${[...knownKeys].join(', ')}`);
  const given = input as Requirement<Request>;
  if (given.id !== undefined && (typeof given.id !== 'string' || given.id === '')) {
    throw invalid(`${where}.id`, 'must be a string that is not empty');
  }
  return given;
}

function targetOf({ feature, currency }: Requirement<never>, where: string): Target {
  if (currency === undefined) {
    configured(() => assertId(feature, `${where}.feature`));
    return { featureId: feature as string };
  }
  if (feature !== undefined) throw invalid(where, 'must name either a feature or a currency');
  configured(() => assertId(currency, `${where}.currency`));
  return { currencyId: currency };
}

/** A feature id with the details that stand beside it, as one requirement; beside whole requirements none may stand. */
export function withDetails<Request>(
  input: RequirementInput<Request>,
  details: object,
  where: string,
): RequirementInput<Request> {
  if (typeof input === 'string') return { feature: input, ...details };
  const misplaced = Object.keys(details)[0];
  if (misplaced === undefined) return input;
  throw invalid(`${where} options.${misplaced}`, 'belongs into the requirement itself');
}

/** Reads a mode, or refuses it by the name of its field. */
export function modeOf(mode: unknown, field: string): GateMode | undefined {
  if (mode === undefined || mode === 'check' || mode === 'meter' || mode === 'reserve') return mode;
  throw invalid(field, "must be 'check', 'meter' or 'reserve'");
}

/** A repeated request is told in the engine alone, so it has to be held there. */
function idempotentOf(
  idempotent: unknown,
  { mode, usage }: { mode: GateMode | undefined; usage: unknown },
  field: string,
): boolean {
  if (idempotent === undefined || idempotent === false) return false;
  if (idempotent !== true) throw invalid(field, 'must be true or false');
  if (mode === 'check' || mode === 'meter') throw invalid(field, `cannot stand beside the mode ${mode}: it reserves`);
  if (mode === undefined && usage === undefined) throw invalid(field, 'needs usage: nothing else is charged');
  if (typeof usage === 'bigint' && usage < 0n) throw invalid(field, 'needs usage that is not negative');
  return true;
}

function expectedTypeOf(kind: string | undefined, mode: string | undefined): EntitlementType | undefined {
  if (kind === 'usage' || mode === 'meter' || mode === 'reserve') return 'METERED';
  if (kind === 'atMost') return 'NUMERIC';
  return kind === 'values' ? 'ENUM' : undefined;
}

function amountOf<F>(input: F, field: string): Amount | Extract<F, (...args: never[]) => unknown> | undefined {
  if (input === undefined) return undefined;
  if (typeof input === 'function') return input as Extract<F, (...args: never[]) => unknown>;
  return configured(() => parseAmount(input as number | string, field));
}

function valuesOf<Request>(
  input: Requirement<Request>['values'],
  field: string,
): DeclaredRequirement<Request>['values'] {
  if (input === undefined || typeof input === 'function') return input;
  return enumValuesOf(input) ?? raise(invalid(field, 'must be a string or a list of strings that is not empty'));
}

/** One or several enum values as a list; undefined for anything else. */
export function enumValuesOf(input: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(input) ? [...input] : [input];
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  return list.length > 0 && list.every(isText) ? list : undefined;
}

function flagOf(input: unknown, field: string): boolean | undefined {
  if (input !== undefined && typeof input !== 'boolean') throw invalid(field, 'must be true or false');
  return input;
}

function functionOf<F>(input: F, field: string): F {
  if (input !== undefined && typeof input !== 'function') throw invalid(field, 'must be a function');
  return input;
}

// Two amounts for one counter in one request could not be told apart by `measure`, and are nearly always a mistake.
function assertDistinct(
  declared: readonly DeclaredRequirement<never>[] | readonly DeclaredRequirement[],
  where: string,
) {
  const seen = new Map<string, (AlternativePlace | undefined)[]>();
  for (const { name, expectedType, customer, alternative } of declared) {
    if ((expectedType !== 'METERED' && expectedType !== 'CREDIT') || customer) continue;
    const key = `${expectedType} ${name}`;
    const kind = expectedType === 'CREDIT' ? 'currency' : 'metered feature';
    const earlier = seen.get(key) ?? [];
    if (earlier.some((other) => !areExclusive(alternative, other))) {
      throw invalid(where, `names the ${kind} ${name} twice: add the amounts up`);
    }
    seen.set(key, [...earlier, alternative]);
  }
}

/** Whether two places can never both be charged: different alternatives of one `any`. */
function areExclusive(a: AlternativePlace | undefined, b: AlternativePlace | undefined): boolean {
  return a !== undefined && b !== undefined && a.of === b.of && a.index !== b.index;
}

function configured<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!isTollgateError(error)) throw error;
    throw new TollgateError('CONFIGURATION', error.message, { cause: error, field: error.field });
  }
}

function raise(error: Error): never {
  throw error;
}
