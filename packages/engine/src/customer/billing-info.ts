import { type BillingInfoInput, invalidArgument, TollgateError } from '@tollgate/contract';
import { readMetadata } from './metadata.js';
import { readText, requireText } from './text.js';

/** What is kept of a customer for bills: only the fields that were ever given. */
export type BillingInfo = Record<string, unknown>;

export interface GivenBillingInfo {
  /** Undefined leaves everything alone, null clears everything, and so does each field of it. */
  billingInfo: BillingInfo | null | undefined;
  paymentMethodId: string | null | undefined;
}

/** Rejects with INVALID_ARGUMENT naming the field that breaks a rule. */
export function readBillingInfo(input: BillingInfoInput | null | undefined): GivenBillingInfo {
  if (input === undefined || input === null) return { billingInfo: input, paymentMethodId: undefined };
  const at = (field: string) => `billingInfo.${field}`;
  return {
    billingInfo: {
      billingAddress: readRecord(input.billingAddress, at('billingAddress')),
      shippingAddress: readRecord(input.shippingAddress, at('shippingAddress')),
      currency: readCurrency(input.currency, at('currency')),
      language: readLanguage(input.language, at('language')),
      timezone: readTimezone(input.timezone, at('timezone')),
      taxIds: readTaxIds(input.taxIds, at('taxIds')),
      invoiceCustomFields: readRecord(input.invoiceCustomFields, at('invoiceCustomFields')),
      metadata: readRecord(input.metadata, at('metadata')),
    },
    paymentMethodId: readText(input.paymentMethodId, at('paymentMethodId')),
  };
}

/** Fields that are given replace what is there as a whole, null clears one; null when nothing is left. */
export function mergeBillingInfo(before: BillingInfo | null, given: BillingInfo | null): BillingInfo | null {
  if (given === null) return null;
  const all = { ...before, ...withoutUndefined(given) };
  const kept = Object.entries(all).filter(([, value]) => value !== null);
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

const withoutUndefined = (fields: BillingInfo): BillingInfo =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function readTaxIds(value: unknown, field: string): { type: string; value: string }[] | null | undefined {
  if (value === undefined || value === null) return value;
  if (!Array.isArray(value)) throw invalidArgument(field, 'must be a list');
  return value.map((item: { type?: unknown; value?: unknown } | null, index) => ({
    type: requireText(item?.type, `${field}[${index}].type`),
    value: requireText(item?.value, `${field}[${index}].value`),
  }));
}

function readRecord(value: unknown, field: string): Record<string, unknown> | null | undefined {
  return value === null ? null : readMetadata(value, field);
}

/** Prices are named by lower-case codes, so a customer's currency is too. */
function readCurrency(value: unknown, field: string): string | null | undefined {
  const text = readText(value, field);
  if (typeof text === 'string' && !/^[a-z]{3}$/i.test(text)) throw invalidArgument(field, 'must be a code of ISO 4217');
  return text?.toLowerCase() ?? text;
}

function readLanguage(value: unknown, field: string): string | null | undefined {
  const text = readText(value, field);
  if (typeof text === 'string' && !/^[a-z]{2,3}([-_][a-z0-9]{2,8})*$/i.test(text)) {
    throw invalidArgument(field, 'must be a language tag, such as "en" or "pt-BR"');
  }
  return text;
}

function readTimezone(value: unknown, field: string): string | null | undefined {
  const text = readText(value, field);
  if (typeof text !== 'string') return text;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch (cause) {
    const message = `${field} must be a time zone of the IANA database, such as "Europe/Berlin"`;
    throw new TollgateError('INVALID_ARGUMENT', message, { field, cause });
  }
}
