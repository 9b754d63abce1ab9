export { checkRoutes } from './check-routes.js';
export { type EntitlementsHandler, entitlementsHandler } from './entitlements-handler.js';
export type { DenialHandler, TollgateVariables } from './request-state.js';
export {
  type RequireEntitlement,
  type RequirementMiddleware,
  type RequirementOptions,
  type RequireOptions,
  requireEntitlement,
} from './require-entitlement.js';
export { type TollgateMiddleware, type TollgateOptions, tollgate } from './tollgate.js';
export { typed } from './typed.js';
