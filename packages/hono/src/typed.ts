import type { TypedFactories } from '@tollgate/client/gate';
import type { Context } from 'hono';
import { type EntitlementsHandler, entitlementsHandler } from './entitlements-handler.js';
import { type RequirementMiddleware, type RequireOptions, requireEntitlement } from './require-entitlement.js';

type Typed<Catalog> = TypedFactories<Context, RequireOptions, RequirementMiddleware, EntitlementsHandler, Catalog>;

/** For programs with several catalogs: `requireEntitlement` and `entitlementsHandler`, checked against one of them. */
export function typed<Catalog>(): Typed<Catalog> {
  return { requireEntitlement, entitlementsHandler } as object as Typed<Catalog>;
}
