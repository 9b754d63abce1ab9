import { assertId, formatAmount, parseAmount } from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { publishedFeature } from '../catalog/entitlement-input.js';
import { refusal } from './refusal.js';

export interface BillableQuantity {
  featureId: string;
  /** An exact decimal, 0 or more. */
  quantity: string;
}

/** A quantity per billable feature, in the order of their ids. Rejects with the field that breaks a rule. */
export function readBillableFeatures(
  catalog: Catalog,
  asked: readonly { featureId: string; quantity: string | number }[],
  field: string,
): BillableQuantity[] {
  if (!Array.isArray(asked)) throw refusal(field, 'must be a list');
  const seen = new Set<string>();
  const quantities = asked.map(({ featureId, quantity }, index) => {
    const here = `${field}[${index}]`;
    assertId(featureId, `${here}.featureId`);
    publishedFeature(catalog, featureId, `${here}.featureId`);
    if (seen.has(featureId)) throw refusal(`${here}.featureId`, `names ${featureId} a second time`);
    seen.add(featureId);
    return { featureId, quantity: readQuantity(quantity, `${here}.quantity`) };
  });
  return quantities.sort((a, b) => (a.featureId < b.featureId ? -1 : 1));
}

/** An exact decimal that is not negative. */
export function readQuantity(value: string | number, field: string): string {
  const amount = parseAmount(value, field);
  if (amount < 0n) throw refusal(field, 'must be 0 or more');
  return formatAmount(amount);
}
