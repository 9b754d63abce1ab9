import type { TypedFactories } from '@tollgate/client/gate';
import type { Request } from 'express';
import { type EntitlementsHandler, entitlementsHandler } from './entitlements-handler.js';
import { type RequirementMiddleware, type RequireOptions, requireEntitlement } from './require-entitlement.js';

type Typed<Catalog> = TypedFactories<Request, RequireOptions, RequirementMiddleware, EntitlementsHandler, Catalog>;

/** For programs with several catalogs: `requireEntitlement` and `entitlementsHandler`, checked against one of them. */
export function typed<Catalog>(): Typed<Catalog> {
  return { requireEntitlement, entitlementsHandler } as object as Typed<Catalog>;
}
