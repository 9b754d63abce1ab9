import type { CustomerWire, PaymentMethodType } from '@tollgate/contract';
import { type CustomerSubscription, subscriptionOf } from './subscription.js';
import type { TaxId } from './subscription-terms.js';
import { date, dateOrNull, record, recordOrNull } from './wire-values.js';

export interface PaymentMethod {
  paymentMethodId: string;
  type: PaymentMethodType;
  last4: string | null;
  expirationMonth: number | null;
  expirationYear: number | null;
}

export interface CustomerBillingInfo {
  billingAddress: Record<string, unknown> | null;
  shippingAddress: Record<string, unknown> | null;
  currency: string | null;
  language: string | null;
  timezone: string | null;
  taxIds: TaxId[];
  invoiceCustomFields: Record<string, unknown> | null;
  metadata: Record<string, unknown> | null;
}

export interface Customer {
  customerId: string;
  name: string | null;
  email: string | null;
  metadata: Record<string, unknown>;
  /** The customer's id in the billing provider. */
  billingId: string | null;
  salesforceId: string | null;
  awsMarketplaceCustomerId: string | null;
  couponId: string | null;
  billingInfo: CustomerBillingInfo | null;
  /** The method that charges go to; null when there is none. */
  defaultPaymentMethod: PaymentMethod | null;
  /** The same under the reference's other name. */
  paymentMethodDetails: PaymentMethod | null;
  excludeFromExperiment: boolean | null;
  createdAt: Date;
  updatedAt: Date;
  archivedAt: Date | null;
  /** Those that are active or in trial, newest first. */
  subscriptions: CustomerSubscription[];
}

export function customerOf(wire: CustomerWire): Customer {
  const { billingInfo, defaultPaymentMethod: method } = wire;
  return {
    ...wire,
    metadata: record(wire.metadata),
    billingInfo: billingInfo && {
      ...billingInfo,
      billingAddress: recordOrNull(billingInfo.billingAddress),
      shippingAddress: recordOrNull(billingInfo.shippingAddress),
      taxIds: billingInfo.taxIds.map((taxId) => ({ ...taxId })),
      invoiceCustomFields: recordOrNull(billingInfo.invoiceCustomFields),
      metadata: recordOrNull(billingInfo.metadata),
    },
    defaultPaymentMethod: method && { ...method },
    paymentMethodDetails: method && { ...method },
    createdAt: date(wire.createdAt),
    updatedAt: date(wire.updatedAt),
    archivedAt: dateOrNull(wire.archivedAt),
    subscriptions: wire.subscriptions.map(subscriptionOf),
  };
}
