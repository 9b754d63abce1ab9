import { type SnapshotKey, TollgateError } from '@tollgate/contract';
import { type Charge, computedAmount } from './charge.js';
import type { Admission, AdmittedEntitlement } from './gate-types.js';

/** By this key Node asks an object how to print it. */
const inspectKey = Symbol.for('nodejs.util.inspect.custom');

type Entitlements = Readonly<Record<string, AdmittedEntitlement>>;

/**
 * The object that a handler finds. The entitlements are put together when they are first read: few handlers do. A class,
 * because one is made for nearly every request: an object with a getter of its own takes twenty times as long to make.
 */
export class RequestAdmission implements Admission {
  readonly customerId: string;
  readonly resourceId: string | null;
  // Nobody else's to see: an admission is printed, compared and sent as JSON.
  readonly #charges: readonly Charge[];
  readonly #entitlementsOf: () => Entitlements;
  #entitlements: Entitlements | undefined;

  constructor({ customerId, resourceId }: SnapshotKey, entitlementsOf: () => Entitlements, charges: readonly Charge[]) {
    this.customerId = customerId;
    this.resourceId = resourceId;
    this.#entitlementsOf = entitlementsOf;
    this.#charges = charges;
    Object.freeze(this);
  }

  get entitlements(): Entitlements {
    this.#entitlements ??= Object.freeze(this.#entitlementsOf());
    return this.#entitlements;
  }

  // A function of its own, so that a handler may take it out of the object.
  readonly measure: Admission['measure'] = (amount, feature) =>
    chargeNamed(this.#charges, feature).measure(computedAmount(amount, 'measure'));

  toJSON(): object {
    const { customerId, resourceId, entitlements } = this;
    return { customerId, resourceId, entitlements };
  }

  [inspectKey](): object {
    return this.toJSON();
  }

  static chargesOf(admission: Admission): readonly Charge[] {
    return #charges in admission ? admission.#charges : [];
  }
}

/** One object for a request that several checks let in: the later one's customer, the features of both. */
export function mergeAdmissions(earlier: Admission | null | undefined, later: Admission): Admission {
  if (!earlier) return later;
  const charges = [...RequestAdmission.chargesOf(earlier), ...RequestAdmission.chargesOf(later)];
  return new RequestAdmission(later, () => ({ ...earlier.entitlements, ...later.entitlements }), charges);
}

function chargeNamed(charges: readonly Charge[], name: string | undefined): Charge {
  const names = charges.map((charge) => charge.name).join(', ') || 'none';
  // The last of several checks on one feature is the one nearest to the handler.
  const found = name === undefined ? charges[0] : charges.findLast((charge) => charge.name === name);
  if (!found) throw misuse(`measure: ${name ?? 'the route'} is not charged here; charged are: ${names}`);
  if (name === undefined && charges.length > 1) throw misuse(`measure: name one of what is charged: ${names}`);
  return found;
}

function misuse(message: string): TollgateError {
  return new TollgateError('INVALID_ARGUMENT', message, { field: 'feature' });
}
