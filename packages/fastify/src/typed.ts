import type { EntitlementsOptions, RequirementInput } from '@tollgate/client/gate';
import type { FastifyRequest } from 'fastify';
import { type EntitlementsHandler, entitlementsHandler } from './entitlements-handler.js';

/** What names ids of a catalog, checked against it. */
export interface Typed<Catalog> {
  /** Gives back what a route's `config.entitlement` says. */
  entitlement(requirements: RequirementInput<FastifyRequest, Catalog>): RequirementInput<FastifyRequest>;
  entitlementsHandler(options?: EntitlementsOptions<FastifyRequest, Catalog>): EntitlementsHandler;
}

/** For programs with several catalogs: what a route requires and shows, checked against one of them. */
export function typed<Catalog>(): Typed<Catalog> {
  const entitlement = (requirements: unknown): unknown => requirements;
  return { entitlement, entitlementsHandler } as object as Typed<Catalog>;
}
