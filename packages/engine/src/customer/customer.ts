import { isDeepStrictEqual } from 'node:util';
import type { CustomerWire, SubscriptionWire } from '@tollgate/contract';
import { toIso } from '@tollgate/contract';
import { mergeBillingInfo } from './billing-info.js';
import { type CustomerDetails, noDetails } from './customer-details.js';
import type { CustomerFields } from './customer-input.js';
import type { Metadata } from './metadata.js';

/** A customer as it is stored; instants in epoch milliseconds. */
export interface Customer {
  customerId: string;
  name: string | null;
  email: string | null;
  metadata: Metadata;
  createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
  details: CustomerDetails;
}

/** What was written before a detail existed does not have it. */
export function customerFromStored(stored: Omit<Customer, 'details'> & { details: object }): Customer {
  return { ...stored, details: { ...noDetails, ...stored.details } };
}

export function newCustomer(customerId: string, fields: CustomerFields, now: number): Customer {
  const { name = null, email = null, metadata = {}, details } = fields;
  const given = changedDetails(noDetails, details ?? {});
  return { customerId, name, email, metadata, createdAt: now, updatedAt: now, archivedAt: null, details: given };
}

/** Fields that are given replace what is there, null clears; the very same customer when nothing is different. */
export function changedCustomer(customer: Customer, fields: CustomerFields, now: number): Customer {
  const { details, ...own } = fields;
  const after = { ...customer, ...withoutUndefined(own), details: changedDetails(customer.details, details ?? {}) };
  return isDeepStrictEqual(after, customer) ? customer : { ...after, updatedAt: now };
}

function changedDetails(before: CustomerDetails, given: NonNullable<CustomerFields['details']>): CustomerDetails {
  const after: CustomerDetails = { ...before, ...withoutUndefined(given) };
  if (given.billingInfo) after.billingInfo = mergeBillingInfo(before.billingInfo, given.billingInfo);
  // The id alone says less about a method than what is known of it already.
  const isSameMethod = after.defaultPaymentMethod?.paymentMethodId === before.defaultPaymentMethod?.paymentMethodId;
  return isSameMethod ? { ...after, defaultPaymentMethod: before.defaultPaymentMethod } : after;
}

/** Erases what names a person; ids and bookkeeping stay. */
export function archivedCustomer(customer: Customer, now: number): Customer {
  return { ...customer, name: null, email: null, archivedAt: now, updatedAt: now };
}

function withoutUndefined<T extends object>(fields: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

export function customerToWire(customer: Customer, subscriptions: SubscriptionWire[]): CustomerWire {
  return {
    customerId: customer.customerId,
    name: customer.name,
    email: customer.email,
    metadata: customer.metadata,
    ...customer.details,
    billingInfo: customer.details.billingInfo && billingInfoToWire(customer.details.billingInfo),
    createdAt: toIso(customer.createdAt),
    updatedAt: toIso(customer.updatedAt),
    archivedAt: customer.archivedAt === null ? null : toIso(customer.archivedAt),
    subscriptions,
  };
}

function billingInfoToWire(info: Record<string, unknown>): NonNullable<CustomerWire['billingInfo']> {
  const usual = {
    billingAddress: null,
    shippingAddress: null,
    currency: null,
    language: null,
    timezone: null,
    taxIds: [],
    invoiceCustomFields: null,
    metadata: null,
  };
  return { ...usual, ...info };
}
