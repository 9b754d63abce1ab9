import {
  assertCustomerId,
  type ImportCustomerInput,
  type ProvisionCustomerInput,
  TollgateError,
  type UpdateCustomerInput,
} from '@tollgate/contract';
import { readBillingInfo } from './billing-info.js';
import type { CustomerDetails } from './customer-details.js';
import { type Metadata, readMetadata } from './metadata.js';
import { readText } from './text.js';

/** What a call wants a customer to be: undefined leaves a field alone, null clears it. */
export interface CustomerFields {
  name?: string | null | undefined;
  email?: string | null | undefined;
  metadata?: Metadata | undefined;
  details?: { [Field in keyof CustomerDetails]?: CustomerDetails[Field] | undefined } | undefined;
}

type CustomerInput = Omit<ProvisionCustomerInput, 'customerId' | 'subscriptionParams'> &
  Pick<ImportCustomerInput, 'paymentMethodId'> &
  Pick<UpdateCustomerInput, 'shouldWaitSync'>;

/** `customerId` is null when the engine is to make one. */
export function readCustomerInput(input: ProvisionCustomerInput): {
  customerId: string | null;
  fields: CustomerFields;
} {
  const customerId = input.customerId ?? null;
  if (customerId !== null) assertCustomerId(customerId);
  return { customerId, fields: readCustomerFields(input) };
}

/** Rejects with INVALID_ARGUMENT naming the field that breaks a rule. */
export function readCustomerFields(input: CustomerInput): CustomerFields {
  const { billingInfo, paymentMethodId } = readBillingInfo(input.billingInfo);
  const method = readText(input.paymentMethodId, 'paymentMethodId') ?? paymentMethodId;
  return {
    name: readText(input.name, 'name'),
    email: readText(input.email, 'email'),
    metadata: readMetadata(input.metadata, 'metadata'),
    details: {
      billingId: readText(input.billingId, 'billingId'),
      salesforceId: readText(input.salesforceId, 'salesforceId'),
      awsMarketplaceCustomerId: readText(input.awsMarketplaceCustomerId, 'awsMarketplaceCustomerId'),
      couponId: readText(input.couponId, 'couponId'),
      excludeFromExperiment: readFlag(input.excludeFromExperiment, 'excludeFromExperiment'),
      billingInfo,
      defaultPaymentMethod: typeof method === 'string' ? attachedMethod(method) : method,
    },
  };
}

/** What is known of a method of payment by its id alone; the billing provider knows the rest. */
function attachedMethod(paymentMethodId: string): CustomerDetails['defaultPaymentMethod'] {
  return { paymentMethodId, type: 'CARD', last4: null, expirationMonth: null, expirationYear: null };
}

function readFlag(value: unknown, field: string): boolean | null | undefined {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  throw new TollgateError('INVALID_ARGUMENT', `${field} must be true or false`, { field });
}
