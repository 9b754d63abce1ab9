export { checkRoutes } from './check-routes.js';
export { admissionOf, type DenialHandler, type WithTollgate } from './request-state.js';
export {
  type RequireEntitlement,
  type RequirementMiddleware,
  type RequirementOptions,
  type RequireOptions,
  requireEntitlement,
  typed,
} from './require-entitlement.js';
export { type TollgateMiddleware, type TollgateOptions, tollgate } from './tollgate.js';
