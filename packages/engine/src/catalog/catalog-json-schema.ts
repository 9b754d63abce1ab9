import { z } from 'zod';
import {
  addonEntitlementShape,
  addonShape,
  currencyShape,
  featureShape,
  groupShape,
  planEntitlementShape,
  planShape,
  productShape,
} from './catalog-shape.js';

const byId = <Shape extends z.ZodType>(shape: Shape) => z.record(z.string(), shape);
const granted = z.literal(true);

/** The whole document in one shape. It is only described, not checked by: checking goes entry by entry. */
const documentShape = z.strictObject({
  $schema: z.string().optional(),
  products: byId(productShape),
  features: byId(featureShape),
  plans: byId(planShape.extend({ entitlements: byId(z.union([granted, planEntitlementShape])) })),
  addons: byId(addonShape.extend({ entitlements: byId(z.union([granted, addonEntitlementShape])) })).optional(),
  featureGroups: byId(groupShape).optional(),
  customCurrencies: byId(currencyShape).optional(),
});

/**
 * The JSON Schema of a catalog document, for editors. It knows fields, types and values, and none of the rules between
 * them: those are `validateCatalog`'s.
 */
export function catalogJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(documentShape, { target: 'draft-7' });
  return { ...schema, title: 'A catalog of Tollgate: products, features, plans, add-ons, groups and currencies' };
}
