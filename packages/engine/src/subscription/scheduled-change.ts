import { parseAmount } from '@tollgate/contract';
import { isPending, type Scheduled } from './schedule.js';
import type { FutureUpdate, FutureUpdateType, Subscription, SubscriptionChange } from './subscription.js';

/** Under which type each field of a change is scheduled; every other one belongs to the terms of the plan. */
const typeOfField: Readonly<Partial<Record<string, FutureUpdateType>>> = {
  addons: 'ADDON',
  billableFeatures: 'UNIT_AMOUNT',
  billingPeriod: 'BILLING_PERIOD',
  billingCycleAnchor: 'BILLING_PERIOD',
  creditEntitlements: 'RECURRING_CREDITS',
  metadata: 'ADDITIONAL_META_DATA',
  migratesToLatest: 'MIGRATE_TO_LATEST',
  cancellationDate: 'PLAN',
  budget: 'PRICE_OVERRIDE',
  payingCustomerId: 'BILLING_INFO_METADATA',
  paymentCollectionMethod: 'BILLING_INFO_METADATA',
} satisfies Partial<Record<keyof SubscriptionChange, FutureUpdateType>>;

const typeOfKept: Readonly<Record<string, FutureUpdateType>> = {
  unitQuantity: 'UNIT_AMOUNT',
  billingInformation: 'BILLING_INFO_METADATA',
  appliedCoupon: 'COUPON',
  promotionCode: 'COUPON',
  minimumSpend: 'PRICE_OVERRIDE',
  charges: 'PRICE_OVERRIDE',
  priceOverrides: 'PRICE_OVERRIDE',
};

/** What is sold, rather than what is noted about it. */
const packageTypes: readonly FutureUpdateType[] = [
  'DOWNGRADE',
  'PLAN',
  'ADDON',
  'UNIT_AMOUNT',
  'BILLING_PERIOD',
  'RECURRING_CREDITS',
];

/** The parts of a change, one for each type of what changes; together they are the change. */
export function scheduledParts(subscription: Subscription, change: SubscriptionChange): Scheduled[] {
  const { kept = {}, ...own } = change;
  const parts = new Map<FutureUpdateType, SubscriptionChange>();
  for (const [field, value] of Object.entries(own)) {
    const type = typeOfField[field] ?? 'PLAN';
    parts.set(type, { ...parts.get(type), [field]: value });
  }
  for (const [field, value] of Object.entries(kept)) {
    const type = typeOfKept[field] ?? 'BILLING_INFO_METADATA';
    const part = parts.get(type);
    parts.set(type, { ...part, kept: { ...part?.kept, [field]: value } });
  }
  return [...parts].map(([type, part]) => ({ type, change: part, targetPackage: targetOf(subscription, part) }));
}

/**
 * Whether a change takes the place of an update that is to come: both are of one type, or both are about what is sold, of
 * which there is one plan for the future and not a queue.
 */
export function takesPlaceOf(
  subscription: Subscription,
  change: SubscriptionChange,
): (update: FutureUpdate) => boolean {
  const types = scheduledParts(subscription, change).map(({ type }) => type);
  const isOfPackage = types.some((type) => packageTypes.includes(type));
  return ({ type }) => types.includes(type) || (isOfPackage && packageTypes.includes(type));
}

/** The one add-on that changes, or else the plan. */
function targetOf({ planId, addons }: Subscription, change: SubscriptionChange): string {
  if (!change.addons) return change.planId ?? planId;
  const [before, after] = [amounts(addons.map(byAddon)), amounts(change.addons.map(byAddon))];
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id));
  return changed.length === 1 ? (changed[0] as string) : planId;
}

export interface QuantityMove {
  /** The update of the same quantities that is to come. */
  pending: FutureUpdate;
  /** How the quantities that are asked for compare with those that hold now. */
  direction: Direction;
}

type Direction = 'lower' | 'same' | 'higher';

/**
 * What becomes of quantities that are asked for while others are already to come; null for any other change. Fewer than
 * now take the place of those to come, as many as now take them back, and more than now are wanted at once: who was to
 * have fewer is not made to wait for more. `waits` says that the call names a later instant.
 */
export function quantityMove(
  subscription: Subscription,
  change: SubscriptionChange,
  waits: boolean,
): QuantityMove | null {
  const asked = quantitiesOf(change, subscription);
  if (!asked) return null;
  const pending = subscription.futureUpdates.filter(isPending).find((update) => {
    return quantitiesOf(update.change, subscription)?.field === asked.field;
  });
  const coming = pending && quantitiesOf(pending.change, subscription);
  if (!pending || !coming) return null;
  const direction = compare(asked.now, asked.next);
  // More of what was to become more anyway may wait, if the call says so.
  if (direction === 'higher' && waits && compare(coming.now, coming.next) === 'higher') return null;
  return { pending, direction };
}

type Amounts = ReadonlyMap<string, bigint>;

/** The quantities of a change that is about nothing else, before and after it. */
function quantitiesOf(
  change: SubscriptionChange,
  { addons, billableFeatures, kept }: Subscription,
): { field: string; now: Amounts; next: Amounts } | null {
  const fields = Object.keys({ ...change, ...change.kept }).filter((name) => name !== 'kept');
  switch (fields.join()) {
    case 'addons':
      return { field: 'addons', now: amounts(addons.map(byAddon)), next: amounts((change.addons ?? []).map(byAddon)) };
    case 'billableFeatures': {
      const next = amounts((change.billableFeatures ?? []).map(byFeature));
      return { field: 'billableFeatures', now: amounts(billableFeatures.map(byFeature)), next };
    }
    case 'unitQuantity':
      return { field: 'unitQuantity', now: amounts(units(kept)), next: amounts(units(change.kept ?? {})) };
    default:
      return null;
  }
}

type Quantity = readonly [id: string, quantity: bigint];
const byAddon = ({ addonId, quantity }: { addonId: string; quantity: number }): Quantity => [addonId, BigInt(quantity)];
const byFeature = ({ featureId, quantity }: { featureId: string; quantity: string }): Quantity => [
  featureId,
  parseAmount(quantity, 'quantity'),
];
const units = ({ unitQuantity }: Record<string, unknown>): Quantity[] =>
  typeof unitQuantity === 'string' ? [['units', parseAmount(unitQuantity, 'unitQuantity')]] : [];

/** None of something is the same as not having it. */
const amounts = (quantities: readonly Quantity[]): Amounts =>
  new Map(quantities.filter(([, quantity]) => quantity !== 0n));

/** Any one that rises makes the whole a rise. */
function compare(now: Amounts, next: Amounts): Direction {
  const changes = [...new Set([...now.keys(), ...next.keys()])].map((id) => (next.get(id) ?? 0n) - (now.get(id) ?? 0n));
  if (changes.some((change) => change > 0n)) return 'higher';
  return changes.some((change) => change < 0n) ? 'lower' : 'same';
}
