import type {
  BillingInfoInput,
  ImportCustomerInput,
  ProvisionCustomerInput,
  UpdateCustomerInput,
} from '@tollgate/contract';
import {
  anything,
  arrayOf,
  customerId,
  date,
  flag,
  objectOf,
  optional,
  type Rules,
  readFields,
  record,
  text,
} from './field-rules.js';
import { importRows } from './imported-row.js';
import { customerSubscriptionRules } from './subscription-rules.js';
import type { DateParam, SubscriptionParams, TaxId } from './subscription-terms.js';

export interface BillingInfo {
  /** Free-form: line1, city, country and so on. */
  billingAddress?: Record<string, unknown> | null;
  shippingAddress?: Record<string, unknown> | null;
  currency?: string | null;
  language?: string | null;
  timezone?: string | null;
  /** Attaches this payment method as the default one. */
  paymentMethodId?: string | null;
  /** Replaces the list. */
  taxIds?: TaxId[] | null;
  invoiceCustomFields?: Record<string, unknown> | null;
  metadata?: Record<string, unknown> | null;
}

/** What is left out stays as it is; null clears it. */
export interface CustomerFields {
  name?: string | null;
  email?: string | null;
  metadata?: Record<string, unknown> | null;
  billingInfo?: BillingInfo | null;
  couponId?: string | null;
  billingId?: string | null;
  salesforceId?: string | null;
  awsMarketplaceCustomerId?: string | null;
}

export interface ProvisionCustomer extends CustomerFields {
  /** Made when left out. */
  customerId?: string | null;
  excludeFromExperiment?: boolean | null;
  /** A subscription to start together with the customer. Null: none; left out: what the product settings say. */
  subscriptionParams?: SubscriptionParams | null;
}

export interface UpdateCustomer extends CustomerFields {
  customerId: string;
  /** Whether to wait until the billing provider has the change. */
  shouldWaitSync?: boolean | null;
}

export interface ImportCustomer {
  /** Made when left out. */
  customerId?: string | null;
  name?: string | null;
  email?: string | null;
  billingId?: string | null;
  salesforceId?: string | null;
  paymentMethodId?: string | null;
  metadata?: Record<string, unknown> | null;
}

export interface ImportCustomerRow extends ImportCustomer {
  customerId: string;
  /** A row that is not newer than what is stored is skipped; without it the row is always applied. */
  updatedAt?: DateParam | null;
}

export interface ImportCustomerBulk {
  /** 1–1,000 rows. */
  customers: ImportCustomerRow[];
  integrationId?: string | null;
}

const billingInfo: Rules<BillingInfoInput> = {
  billingAddress: optional(record),
  shippingAddress: optional(record),
  currency: optional(text),
  language: optional(text),
  timezone: optional(text),
  paymentMethodId: optional(text),
  taxIds: optional(arrayOf(objectOf({ type: text, value: text }))),
  invoiceCustomFields: optional(record),
  metadata: optional(record),
};

const customerFields = {
  name: optional(text),
  email: optional(text),
  metadata: optional(record),
  billingInfo: optional(objectOf(billingInfo)),
  couponId: optional(text),
  billingId: optional(text),
  salesforceId: optional(text),
  awsMarketplaceCustomerId: optional(text),
};

const provisionRules: Rules<ProvisionCustomerInput> = {
  ...customerFields,
  customerId: optional(customerId),
  excludeFromExperiment: optional(flag),
  subscriptionParams: optional(objectOf(customerSubscriptionRules)),
};
const updateRules: Rules<UpdateCustomerInput> = { ...customerFields, customerId, shouldWaitSync: optional(flag) };

const importRules: Rules<Omit<ImportCustomerInput, 'updatedAt'>> = {
  customerId,
  name: optional(text),
  email: optional(text),
  billingId: optional(text),
  salesforceId: optional(text),
  paymentMethodId: optional(text),
  metadata: optional(record),
};
const importRowRules: Rules<ImportCustomerInput> = { ...importRules, updatedAt: optional(date) };

export const customerInput = (customer: ProvisionCustomer): ProvisionCustomerInput =>
  readFields(customer, provisionRules, '');

export const customerUpdateInput = (customer: UpdateCustomer): UpdateCustomerInput =>
  readFields(customer, updateRules, '');

/** One imported customer, with an id of ours where the caller has none. */
export const customerImportInput = (customer: ImportCustomer, newId: () => string): ImportCustomerInput => {
  const { customerId: given = null, ...rest } = readFields(
    customer,
    { ...importRules, customerId: optional(customerId) },
    '',
  );
  return { customerId: given ?? newId(), ...rest };
};

export function customerImportInputs(params: ImportCustomerBulk) {
  const { integrationId } = readFields(params, { customers: anything, integrationId: optional(text) }, '');
  return { rows: importRows(params.customers, importRowRules, 'customers'), integrationId };
}
