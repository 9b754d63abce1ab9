import type { CustomerWire } from '@tollgate/contract';

/** What is kept of a customer for other systems; null where nothing is known. */
export interface CustomerDetails {
  billingId: string | null;
  salesforceId: string | null;
  awsMarketplaceCustomerId: string | null;
  couponId: string | null;
  billingInfo: Record<string, unknown> | null;
  defaultPaymentMethod: NonNullable<CustomerWire['defaultPaymentMethod']> | null;
  excludeFromExperiment: boolean | null;
}

export const noDetails: CustomerDetails = Object.freeze({
  billingId: null,
  salesforceId: null,
  awsMarketplaceCustomerId: null,
  couponId: null,
  billingInfo: null,
  defaultPaymentMethod: null,
  excludeFromExperiment: null,
});
