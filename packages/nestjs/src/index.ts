export * from './admission.decorator.js';
export type { ClientOwner } from './client-owner.js';
export {
  type Declaration,
  type Per,
  REQUIREMENTS_METADATA,
  type RequirementMetadata,
  SKIP_METADATA,
} from './declared-requirements.js';
export type { DenialException } from './denial-exception.js';
export * from './entitlement.exception.js';
export * from './entitlement.guard.js';
export * from './entitlement.interceptor.js';
export { EntitlementCalls } from './entitlement-calls.js';
export type { EnforcedDeclaration, EntitlementGate } from './entitlement-gate.js';
export * from './entitlements-handler.js';
export * from './require-entitlement.decorator.js';
export * from './skip-entitlement.decorator.js';
export * from './tollgate.module.js';
export * from './tollgate.tokens.js';
export type * from './tollgate-options.js';
