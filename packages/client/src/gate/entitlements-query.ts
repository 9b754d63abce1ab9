import type { Target } from '../gate-port.js';
import type { CurrencyId, FeatureId, Registered } from '../typed-catalog.js';
import { invalid } from './configuration-error.js';
import type { CustomerResolver, DeclaredRequirement } from './gate-types.js';
import { defineRequirements } from './requirement.js';
import type { RequirementInput } from './typed-requirement.js';

/** What `entitlementsHandler()` shows. */
export interface EntitlementsOptions<Request = unknown, Catalog = Registered> {
  /**
   * The features that are shown, whether the customer has them or not; no other is. Left out: where there is no list of
   * currencies either, every feature that the customer has.
   */
  features?: readonly FeatureId<Catalog>[];
  /** The same for currencies, whose credits are shown. */
  currencies?: readonly CurrencyId<Catalog>[];
  /** Another account than the gate's `customer` finds. */
  customer?: CustomerResolver<Request>;
}

/** The options, checked when they were given. */
export interface EntitlementsQuery<Request = unknown> {
  /** What is listed; undefined for everything that the customer has. */
  readonly listed: readonly DeclaredRequirement<Request>[] | undefined;
  readonly customer: CustomerResolver<Request> | undefined;
  /** How one feature or currency is asked for: only looked at, never charged. */
  look(target: Target): DeclaredRequirement<Request>;
}

const optionNames = ['features', 'currencies', 'customer'];

/** Throws CONFIGURATION, naming the option. */
export function defineEntitlementsQuery<Request>(given: EntitlementsOptions<Request> = {}): EntitlementsQuery<Request> {
  const unknown = Object.keys(given).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) throw invalid(`entitlementsHandler.${unknown}`, `is not one of ${optionNames.join(', ')}`);
  const { features, currencies, customer } = given;
  if (customer !== undefined && typeof customer !== 'function') {
    throw invalid('entitlementsHandler.customer', 'must be a function');
  }
  const known = new Map<string, DeclaredRequirement<Request>>();
  const look = (target: Target): DeclaredRequirement<Request> => {
    const name = JSON.stringify(target);
    const requirement = known.get(name) ?? lookAt<Request>(target);
    known.set(name, requirement);
    return requirement;
  };
  const listed = [
    ...idsOf(features, 'features').map((featureId) => look({ featureId })),
    ...idsOf(currencies, 'currencies').map((currencyId) => look({ currencyId })),
  ];
  return Object.freeze({ listed: features || currencies ? Object.freeze(listed) : undefined, customer, look });
}

function lookAt<Request>({ featureId, currencyId }: Target): DeclaredRequirement<Request> {
  const target = currencyId === undefined ? { feature: featureId } : { currency: currencyId };
  return defineRequirements<Request>({ ...target, mode: 'check' } as RequirementInput<Request>)[0] as never;
}

function idsOf(given: unknown, field: string): string[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw invalid(`entitlementsHandler.${field}`, 'must be a list of ids');
  return [...new Set(given)].map((id, index) => {
    if (typeof id === 'string' && id !== '') return id;
    throw invalid(`entitlementsHandler.${field}[${index}]`, 'must be an id');
  });
}
