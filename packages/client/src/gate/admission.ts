import { type SnapshotKey, TollgateError } from '@tollgate/contract';
import { type Charge, computedAmount } from './charge.js';
import type { Admission, AdmittedEntitlement } from './gate-types.js';

const chargesKey = Symbol('tollgate.charges');
type Charging = Admission & { [chargesKey]?: readonly Charge[] };

type Entitlements = Readonly<Record<string, AdmittedEntitlement>>;

/** The object that a handler finds. The entitlements are put together when they are first read: few handlers do. */
export function openAdmission(
  key: SnapshotKey,
  entitlementsOf: () => Entitlements,
  charges: readonly Charge[],
): Admission {
  let entitlements: Entitlements | undefined;
  const admission: Charging = {
    customerId: key.customerId,
    resourceId: key.resourceId,
    get entitlements() {
      entitlements ??= Object.freeze(entitlementsOf());
      return entitlements;
    },
    measure: (amount, feature) => chargeNamed(charges, feature).measure(computedAmount(amount, 'measure')),
  };
  // Nobody else's to see: an admission is printed, compared and sent as JSON.
  Object.defineProperty(admission, chargesKey, { value: charges });
  return Object.freeze(admission);
}

/** One object for a request that several checks let in: the later one's customer, the features of both. */
export function mergeAdmissions(earlier: Admission | null | undefined, later: Admission): Admission {
  if (!earlier) return later;
  const charges = [...chargesOf(earlier), ...chargesOf(later)];
  return openAdmission(
    { customerId: later.customerId, resourceId: later.resourceId },
    () => ({ ...earlier.entitlements, ...later.entitlements }),
    charges,
  );
}

const chargesOf = (admission: Charging): readonly Charge[] => admission[chargesKey] ?? [];

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
