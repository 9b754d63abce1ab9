import {
  assertId,
  CreditCadence,
  formatAmount,
  parseAmount,
  type SubscriptionCreditEntitlementInput,
} from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { leftOpen, type SoldPlanId } from './custom-values.js';
import { refusal } from './refusal.js';
import type { CustomCredits } from './subscription.js';

const cadences: readonly unknown[] = Object.values(CreditCadence);

/** The currencies of which a plan leaves open how many credits it gives. */
export const openCredits = (catalog: Catalog, plan: SoldPlanId): ReadonlyMap<string, unknown> =>
  leftOpen(catalog, plan, ({ creditEntitlements = {} }) => creditEntitlements);

/**
 * Reads recurring credits in place of what the plan leaves open, by currency id. Undefined when none were given. Rejects
 * with the field that breaks a rule.
 */
export function readCustomCredits(
  catalog: Catalog,
  plan: SoldPlanId,
  given: readonly SubscriptionCreditEntitlementInput[] | null | undefined,
  field: string,
): Record<string, CustomCredits> | undefined {
  if (!given?.length) return undefined;
  const open = openCredits(catalog, plan);
  const credits: Record<string, CustomCredits> = {};
  given.forEach(({ currencyId, amount, cadence, hasSoftLimit }, index) => {
    const here = `${field}[${index}]`;
    assertId(currencyId, `${here}.currencyId`);
    if (!open.has(currencyId)) {
      throw refusal(`${here}.currencyId`, `names ${currencyId}, which plan ${plan.planId} does not leave open`);
    }
    if (Object.hasOwn(credits, currencyId)) throw refusal(`${here}.currencyId`, `names ${currencyId} a second time`);
    const exact = parseAmount(amount, `${here}.amount`);
    if (exact <= 0n) throw refusal(`${here}.amount`, 'must be above 0');
    if (!cadences.includes(cadence)) throw refusal(`${here}.cadence`, `must be one of ${cadences.join(', ')}`);
    const isSoft = typeof hasSoftLimit === 'boolean' && { hasSoftLimit };
    credits[currencyId] = { amount: formatAmount(exact), cadence, ...isSoft };
  });
  return credits;
}
