import { amountToNumber, type ProvisionSubscriptionInput, parseAmount } from '@tollgate/contract';
import { readMetadata } from '../customer/metadata.js';
import { readText, requireText } from '../customer/text.js';
import { refusal } from './refusal.js';
import { readQuantity } from './requested-quantities.js';

const prorationBehaviors = ['CREATE_PRORATIONS', 'INVOICE_IMMEDIATELY', 'NONE'];

type BillingInformation = NonNullable<ProvisionSubscriptionInput['billingInformation']>;

/** What is kept and returned for the billing provider, each by its own name. */
export interface KeptFields {
  charges?: unknown;
  appliedCoupon?: unknown;
  priceOverrides?: unknown;
  promotionCode?: string | null;
  unitQuantity?: string | number | null;
  billableFeatures?: readonly unknown[] | null;
  salesforceId?: string | null;
  billingId?: string | null;
  billingCountryCode?: string | null;
  billingInformation?: BillingInformation | null;
  minimumSpend?: unknown;
}

/** The fields that were given: null clears one. Rejects with the field that breaks a rule. */
export function readKeptFields(input: KeptFields, prefix = ''): Record<string, unknown> {
  const at = (field: keyof KeptFields) => `${prefix}${field}`;
  if (isGiven(input.unitQuantity) && isGiven(input.billableFeatures)) {
    throw refusal(at('unitQuantity'), 'is the older name of billableFeatures: give one of the two');
  }
  const kept = {
    charges: readRecords(input.charges, at('charges')),
    appliedCoupon: orNull(input.appliedCoupon, (value) => readMetadata(value, at('appliedCoupon'))),
    priceOverrides: readRecords(input.priceOverrides, at('priceOverrides')),
    promotionCode: readText(input.promotionCode, at('promotionCode')),
    unitQuantity: orNull(input.unitQuantity, (value) => readQuantity(value, at('unitQuantity'))),
    salesforceId: readText(input.salesforceId, at('salesforceId')),
    billingId: readText(input.billingId, at('billingId')),
    billingCountryCode: orNull(input.billingCountryCode, (value) => readCountry(value, at('billingCountryCode'))),
    billingInformation: orNull(input.billingInformation, (value) =>
      readBillingInformation(value, `${at('billingInformation')}.`),
    ),
    minimumSpend: orNull(input.minimumSpend, (value) => readMinimumSpend(value, at('minimumSpend'))),
  };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

function readBillingInformation(input: BillingInformation, at: string): Record<string, unknown> {
  const flag = (field: 'isBackdated' | 'isInvoicePaid') => {
    const value = input[field];
    if (isGiven(value) && typeof value !== 'boolean') throw refusal(`${at}${field}`, 'must be true or false');
    return value;
  };
  const fields = {
    isBackdated: flag('isBackdated'),
    prorationBehavior: orNull(input.prorationBehavior, (value) => {
      if (prorationBehaviors.includes(value)) return value;
      throw refusal(`${at}prorationBehavior`, `must be one of ${prorationBehaviors.join(', ')}`);
    }),
    taxIds: orNull(input.taxIds, (ids) => {
      if (!Array.isArray(ids)) throw refusal(`${at}taxIds`, 'must be a list');
      return ids.map((id: { type?: unknown; value?: unknown } | null, index) => ({
        type: requireText(id?.type, `${at}taxIds[${index}].type`),
        value: requireText(id?.value, `${at}taxIds[${index}].value`),
      }));
    }),
    taxPercentage: orNull(input.taxPercentage, (value) => readPercentage(value, `${at}taxPercentage`)),
    taxRateIds: orNull(input.taxRateIds, (ids) => {
      if (!Array.isArray(ids)) throw refusal(`${at}taxRateIds`, 'must be a list');
      return ids.map((id: unknown, index) => requireText(id, `${at}taxRateIds[${index}]`));
    }),
    invoiceDaysUntilDue: orNull(input.invoiceDaysUntilDue, (days) => {
      if (Number.isSafeInteger(days) && days >= 0) return days;
      throw refusal(`${at}invoiceDaysUntilDue`, 'must be a whole number of days, 0 or more');
    }),
    isInvoicePaid: flag('isInvoicePaid'),
    integrationId: readText(input.integrationId, `${at}integrationId`),
    billingAddress: orNull(input.billingAddress, (value) => readMetadata(value, `${at}billingAddress`)),
    chargeOnBehalfOfAccount: readText(input.chargeOnBehalfOfAccount, `${at}chargeOnBehalfOfAccount`),
    metadata: orNull(input.metadata, (value) => readMetadata(value, `${at}metadata`)),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isGiven(value)));
}

function readPercentage(value: string | number, field: string): number {
  const percentage = amountToNumber(parseAmount(value, field));
  if (percentage < 0 || percentage > 100) throw refusal(field, 'must be from 0 to 100');
  return percentage;
}

function readMinimumSpend(value: unknown, field: string): { amount: number; currency: string } {
  const { amount, currency, ...others } = readMetadata(value, field) ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refusal(`${field}.${unknown}`, 'is not a field of a minimum spend');
  if (typeof currency !== 'string' || !/^[a-z]{3}$/i.test(currency)) {
    throw refusal(`${field}.currency`, 'must be a code of ISO 4217');
  }
  const exact = parseAmount(amount as number | string, `${field}.amount`);
  if (exact < 0n) throw refusal(`${field}.amount`, 'must be 0 or more');
  return { amount: amountToNumber(exact), currency: currency.toLowerCase() };
}

function readCountry(value: unknown, field: string): string {
  if (typeof value === 'string' && /^[a-z]{2}$/i.test(value)) return value.toUpperCase();
  throw refusal(field, 'must be a code of ISO 3166, such as "DE"');
}

function readRecords(value: unknown, field: string): unknown {
  return orNull(value, () => {
    if (!Array.isArray(value)) throw refusal(field, 'must be a list');
    return value.map((item, index) => readMetadata(item, `${field}[${index}]`));
  });
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function orNull<In, Out>(value: In | null | undefined, read: (value: In) => Out): Out | null | undefined {
  return value === undefined || value === null ? (value as null | undefined) : read(value);
}
