import { type Amount, amountMax } from './amount.js';
import type { Entitlement } from './snapshot.js';

/**
 * What an add-on adds to what there is. The reset rule stays that of the first; so does what usage costs in credits, or
 * it is the second's where the first costs nothing.
 */
export function addedEntitlement(a: Entitlement, b: Entitlement): Entitlement {
  const hasUnlimitedUsage = a.hasUnlimitedUsage || b.hasUnlimitedUsage;
  return {
    ...a,
    usageLimit:
      hasUnlimitedUsage || a.usageLimit === null || b.usageLimit === null
        ? null
        : cappedAmount(a.usageLimit + b.usageLimit),
    hasUnlimitedUsage,
    hasSoftLimit: a.hasSoftLimit || b.hasSoftLimit,
    enumValues: [...new Set([...a.enumValues, ...b.enumValues])],
    creditRate: a.creditRate ?? b.creditRate,
  };
}

/** No counter and no grant can pass the largest amount, so a limit beyond it says the same as one at it. */
export function cappedAmount(amount: Amount): Amount {
  return amount > amountMax ? amountMax : amount;
}
