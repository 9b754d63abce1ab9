import type { BillingProvider } from './billing-provider.js';

/** Nobody collects anything: payments are the application's own affair, and every subscription starts at once. */
export const manual: BillingProvider = Object.freeze({ name: 'manual' });
