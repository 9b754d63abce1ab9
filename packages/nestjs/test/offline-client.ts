import { Tollgate, type TollgateOptions } from '@tollgate/client';

/** A client without an engine: it grants `feature-granted` by fallback, and knows nothing of any other feature. */
export const offlineOptions: TollgateOptions = {
  offline: true,
  entitlementsFallback: { 'feature-granted': { hasAccess: true, isUnlimited: true } },
  logConfiguration: { logLevel: 'NONE' },
};

export function offlineClient(): Tollgate {
  return Tollgate.initialize(offlineOptions);
}
