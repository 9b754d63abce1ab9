import {
  type Amount,
  assertCustomerId,
  assertId,
  type CreditQuestion,
  type FeatureQuestion,
  invalidArgument,
  parseAmount,
  type SnapshotKey,
} from '@tollgate/contract';
import { assertFallback, type EntitlementFallback } from './fallback.js';
import { checkFields } from './input-rules.js';
import type { Asked, FeatureEntitlementType } from './results.js';
import type { CurrencyId, FeatureId } from './typed-catalog.js';

export interface EntitlementOptions {
  /** Answers while the state is unknown, before the client's `entitlementsFallback` or `creditEntitlementsFallback`. */
  fallback?: EntitlementFallback;
  /** Accepted for compatibility; the answer is the same. */
  shouldTrack?: boolean;
}

/** `requestedUsage`: would this much more still fit? Raw units of a feature, or credits; 0 or more. */
export type MeteredOptions = EntitlementOptions & { requestedUsage?: number | string };
/** `requestedValues`: are all of these granted? */
export type EnumOptions = EntitlementOptions & { requestedValues?: string[] };
type AnyOptions = MeteredOptions & EnumOptions;

interface OfCustomer<Options extends EntitlementOptions> {
  customerId: string;
  resourceId?: string;
  options?: Options;
}

export interface GetEntitlement<Options extends EntitlementOptions = EntitlementOptions, Id extends string = FeatureId>
  extends OfCustomer<Options> {
  featureId: Id;
}

export interface GetCreditEntitlement<Id extends string = CurrencyId> extends OfCustomer<MeteredOptions> {
  currencyId: Id;
}

export interface GetCreditBalance<Id extends string = CurrencyId> {
  customerId: string;
  currencyId: Id;
  resourceId?: string;
}

/** Exactly one of the two ids. */
export interface GetEntitlementV2<Feature extends string = FeatureId, Currency extends string = CurrencyId>
  extends OfCustomer<AnyOptions> {
  featureId?: Feature;
  currencyId?: Currency;
}

/** What any of the getters may have been called with. */
export type EntitlementParams = GetEntitlementV2;

const common = ['customerId', 'resourceId', 'options'];
const optionsOf: Readonly<Record<FeatureEntitlementType, readonly string[]>> = {
  BOOLEAN: [],
  NUMERIC: [],
  METERED: ['requestedUsage'],
  ENUM: ['requestedValues'],
};

export const isGiven = (id: string | undefined | null): id is string => id !== undefined && id !== null;

/** Throws INVALID_ARGUMENT. Without a type the feature may be of any. */
export function featureQuestion(
  params: EntitlementParams,
  type: FeatureEntitlementType | undefined,
): FeatureQuestion & Asked {
  if (isGiven(params?.featureId) && isGiven(params.currencyId)) {
    throw invalidArgument('currencyId', 'and featureId exclude each other');
  }
  checkFields(params, [...common, 'featureId'], '');
  assertId(params.featureId, 'featureId');
  const own = type ? optionsOf[type] : ['requestedUsage', 'requestedValues'];
  const { requestedUsage, requestedValues } = checkedOptions(params.options, own);
  return {
    featureId: params.featureId,
    ...(type && { expectedType: type }),
    ...(requestedUsage !== undefined && { requestedUsage: amountOf(requestedUsage) }),
    ...(requestedValues !== undefined && { requestedValues: textsOf(requestedValues) }),
  };
}

/** Throws INVALID_ARGUMENT. */
export function creditQuestion(params: EntitlementParams): CreditQuestion {
  checkFields(params, [...common, 'currencyId'], '');
  assertId(params.currencyId, 'currencyId');
  const { requestedUsage } = checkedOptions(params.options, ['requestedUsage']);
  return {
    currencyId: params.currencyId,
    ...(requestedUsage !== undefined && { requestedCredits: amountOf(requestedUsage) }),
  };
}

export function keyOf(customerId: string, resourceId: string | undefined | null): SnapshotKey {
  assertCustomerId(customerId);
  if (resourceId === undefined || resourceId === null) return { customerId, resourceId: null };
  assertId(resourceId, 'resourceId');
  return { customerId, resourceId };
}

function checkedOptions(options: AnyOptions = {}, own: readonly string[]): AnyOptions {
  checkFields(options, ['fallback', 'shouldTrack', ...own], 'options.');
  if (options.fallback !== undefined) assertFallback(options.fallback, 'options.fallback', 'INVALID_ARGUMENT');
  return options;
}

function amountOf(value: number | string): Amount {
  const amount = parseAmount(value, 'options.requestedUsage');
  if (amount < 0n) throw invalidArgument('options.requestedUsage', 'must not be negative');
  return amount;
}

function textsOf(values: string[]): readonly string[] {
  const areTexts = Array.isArray(values) && values.every((value: unknown) => typeof value === 'string');
  if (!areTexts) throw invalidArgument('options.requestedValues', 'must be an array of strings');
  return values;
}
