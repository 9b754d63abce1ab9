export { admissionOf, type DenialHandler, type WithTollgate } from './request-state.js';
export { type RequirementOptions, type RequireOptions, requireEntitlement } from './require-entitlement.js';
export { type TollgateMiddleware, type TollgateOptions, tollgate } from './tollgate.js';
