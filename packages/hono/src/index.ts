export { checkRoutes } from './check-routes.js';
export type { DenialHandler, TollgateVariables } from './request-state.js';
export {
  type RequireEntitlement,
  type RequirementMiddleware,
  type RequirementOptions,
  type RequireOptions,
  requireEntitlement,
  typed,
} from './require-entitlement.js';
export { type TollgateMiddleware, type TollgateOptions, tollgate } from './tollgate.js';
