/** The gate: one answer per request for every framework adapter. */
export { mergeAdmissions } from './gate/admission.js';
export { after, type Soon, soon } from './gate/at-once.js';
export { type ClientHandle, clientOf, type GateClient, isClient } from './gate/client-handle.js';
export { invalid as configurationError } from './gate/configuration-error.js';
export { createGate, type Gate } from './gate/create-gate.js';
export {
  defineEntitlementsQuery,
  type EntitlementsOptions,
  type EntitlementsQuery,
} from './gate/entitlements-query.js';
export { type FetchWatch, watchFetch } from './gate/fetch-watch.js';
export type { GateOptions } from './gate/gate-options.js';
export type {
  Admission,
  Admitted,
  AdmittedEntitlement,
  Customer,
  CustomerResolver,
  DeclaredRequirement,
  Denied,
  GateContext,
  GateMode,
  RequestAmount,
  RequestValues,
  RequirementDetails,
} from './gate/gate-types.js';
export type { AvailableIn } from './gate/gate-words.js';
export { isPreflight, type MeasuredUsage, type Outcome, type SettleBy, type Settlement } from './gate/outcome.js';
export type { PossibleDenial } from './gate/possible-denials.js';
export type { Problem, ProblemCode } from './gate/problem.js';
export { mergeHeader, type QuotaHeaders } from './gate/quota-headers.js';
export { admissionIn, letInBy, newProgress, notDecidedOf, type RequestProgress } from './gate/request-progress.js';
export { defineRequirements } from './gate/requirement.js';
export { mapRequirements } from './gate/requirement-places.js';
export {
  type RawResponse,
  type ResponseWatch,
  settlesWith,
  type Watching,
  watchedIfWaiting,
  watchResponse,
} from './gate/response-watch.js';
export {
  checkSteps,
  coversPath,
  type ProtectedRoute,
  type RouteMarks,
  type RouteStep,
  targetsOf,
} from './gate/route-check.js';
export {
  missingTollgate,
  type RequirementFactory,
  requirementsOf,
  type TypedFactories,
} from './gate/route-middleware.js';
export type {
  EntitlementsAnswer,
  EntitlementsContext,
  ShownEntitlement,
  ShownEntitlements,
} from './gate/show-entitlements.js';
export type * from './gate/typed-requirement.js';
export type { UpgradeUrl } from './gate/upgrade-url.js';
export { reportGapMs } from './outbox-lane.js';
export { gateClientOf, type ReferenceClient, type ReferenceOptions } from './reference-client.js';
export type { ReferenceEntitlement } from './reference-view.js';
