export type { ConsumeCredits, ConsumedCredits } from './consumption.js';
export type * from './credit.js';
export type * from './credit-entitlement.js';
export type * from './credit-inputs.js';
export type * from './customer.js';
export type * from './customer-inputs.js';
export type { CustomerStatistics, ProvisionedCustomer } from './customer-management.js';
export * from './default-fallbacks.js';
export type * from './entitlement-params.js';
export type { EntitlementsState, EntitlementsStateV2 } from './entitlement-reads.js';
export * from './enums.js';
export type { TollgateEvent, TollgateEvents, TollgateListener } from './events.js';
export type { EntitlementFallback } from './fallback.js';
export { type GatePort, gatePortKey } from './gate-port.js';
export type * from './hook-events.js';
export type { ImportedRow } from './imported-row.js';
export type { TollgateOptions } from './options.js';
export type { PromotionalEntitlement } from './promotion.js';
export type * from './promotion-inputs.js';
export type * from './reservation-inputs.js';
export type * from './reservations.js';
export type {
  BooleanEntitlement,
  Entitlement,
  EntitlementFeature,
  EnumEntitlement,
  MeteredEntitlement,
  NumericEntitlement,
} from './results.js';
export type { LogLevel } from './safe-logger.js';
export type * from './subscription.js';
export type { ProvisionedSubscription, SubscriptionPage } from './subscription-methods.js';
export type * from './subscription-params.js';
export type * from './subscription-terms.js';
export { type ClientStatus, Tollgate, typed } from './tollgate.js';
export { type ErrorCode, isTollgateError, TollgateError } from './tollgate-error.js';
export * from './typed-catalog.js';
export type { Dimensions, ReportEvent, ReportUsage } from './usage-inputs.js';
export type * from './usage-management.js';
export type { ReportUsageAck } from './usage-reports.js';
