export type {
  BillingCall,
  BillingOutcome,
  BillingProvider,
  CancelRequest,
  CollectGrantRequest,
  CollectOutcome,
  CollectRequest,
  ConfirmOutcome,
  LookUpRequest,
  Payer,
  PaymentMethodRequest,
} from './billing/billing-provider.js';
export type { SandboxDesk, SandboxItem } from './billing/sandbox-rules.js';
export { catalogJsonSchema } from './catalog/catalog-json-schema.js';
export { validateCatalog } from './catalog/validate-catalog.js';
export { createEngine, type EngineOptions } from './engine.js';
export type {
  ApiKeyKind,
  ChangedGrant,
  ChangedPromotions,
  ChangedSubscription,
  CreditOperations,
  Difference,
  Engine,
  EnvironmentEngine,
  FeedListener,
  ProvisionedSubscription,
  VerifyScope,
} from './engine-api.js';
export type { Database, Queryable, TransactionOptions } from './storage/database.js';
export { migrate, requireMigrated } from './storage/migrate.js';
export { type DatabaseSource, type OpenDatabaseOptions, openDatabase } from './storage/open-database.js';
export type { PgPool } from './storage/pg-database.js';
export { createPgliteTemplate } from './storage/pglite-template.js';
