import type { ExtendInput, ReleaseInput, ReserveInput, SettleInput } from '@tollgate/contract';
import {
  amount,
  arrayOf,
  customerId,
  id,
  objectOf,
  optional,
  type Rule,
  type Rules,
  readFields,
} from './field-rules.js';
import { refused, shortText } from './input-rules.js';
import { reservationTtlMs } from './reservation-ttl.js';
import type { CurrencyId, FeatureId, Registered } from './typed-catalog.js';
import { type Dimensions, dimensions } from './usage-inputs.js';

/** What to hold: all of it, or nothing. */
export interface Reserve<
  Feature extends string = FeatureId<Registered, 'METERED'>,
  Currency extends string = CurrencyId,
> {
  customerId: string;
  /** 1–20 items. */
  items: ReserveItem<Feature, Currency>[];
  /** Yours, so that a call without an answer can be repeated. Default: a new one. At most 255 characters. */
  reservationId?: string;
  /** How long it is held without a sign of life, in milliseconds: 1,000–86,400,000. Default 60,000. */
  ttlMs?: number;
}

/** An amount of a feature or of a currency: exactly one. */
export interface ReserveItem<
  Feature extends string = FeatureId<Registered, 'METERED'>,
  Currency extends string = CurrencyId,
> {
  featureId?: Feature;
  currencyId?: Currency;
  /** 0 or more: raw units of a feature, or credits. At most 6 decimal places. */
  amount: number | string;
  resourceId?: string;
  /** What the cost in credits may depend on. */
  dimensions?: Dimensions;
}

export interface SettleReservation {
  customerId: string;
  reservationId: string;
  /** What is not named here is charged as it was reserved. */
  amounts?: SettledAmount[];
}

export interface SettledAmount {
  /** Which item of the reservation: its place, from 0. */
  item: number;
  /** 0 or more; more than was reserved is charged too. */
  amount: number | string;
  dimensions?: Dimensions;
}

export interface ReleaseReservation {
  customerId: string;
  reservationId: string;
}

export interface ExtendReservation {
  customerId: string;
  reservationId: string;
  /** How long it is held from now on. Default 60,000. */
  ttlMs?: number;
}

export type GetReservation = ReleaseReservation;

type ItemInput = ReserveInput['items'][number];
type AmountInput = NonNullable<SettleInput['amounts']>[number];

const itemsMax = 20;

const key: Rule<string> = (value, field) => shortText(value as string, field);

const ttl: Rule<number> = (value, field) => {
  const { least, most } = reservationTtlMs;
  const isAllowed = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  if (!isAllowed) throw refused(field, `must be a whole number of milliseconds from ${least} to ${most}`);
  return value as number;
};

const place: Rule<number> = (value, field) => {
  const isAllowed = Number.isInteger(value) && (value as number) >= 0 && (value as number) < itemsMax;
  if (!isAllowed) throw refused(field, `must be the place of an item: a whole number from 0 to ${itemsMax - 1}`);
  return value as number;
};

const itemFields: Rules<ItemInput> = {
  featureId: optional(id),
  currencyId: optional(id),
  resourceId: optional(id),
  amount: amount(),
  dimensions: optional(dimensions),
};

const item: Rule<ItemInput> = (value, field) => {
  const read = objectOf(itemFields)(value, field);
  if (Boolean(read.featureId) === Boolean(read.currencyId)) {
    throw refused(field, 'must name either a featureId or a currencyId');
  }
  return read;
};

const items: Rule<ItemInput[]> = (value, field) => {
  const read = arrayOf(item)(value, field);
  if (read.length < 1 || read.length > itemsMax) throw refused(field, `must have 1–${itemsMax} items`);
  return read;
};

const settledAmount = objectOf<AmountInput>({ item: place, amount: amount(), dimensions: optional(dimensions) });

const settledAmounts: Rule<AmountInput[]> = (value, field) => {
  const read = arrayOf(settledAmount)(value, field);
  const twice = read.findIndex((one, index) => read.findIndex((other) => other.item === one.item) < index);
  if (twice >= 0) throw refused(`${field}[${twice}].item`, 'is named twice');
  return read;
};

const named = { customerId, reservationId: key };

export function reserveInput(params: Reserve, newId: () => string): ReserveInput {
  // Requests that come again are the gate's to tell.
  const rules: Rules<Omit<ReserveInput, 'request'>> = {
    customerId,
    reservationId: (value, field) => (value === undefined ? newId() : key(value, field)),
    items,
    ttlMs: optional(ttl),
  };
  return readFields(params, rules, '');
}

export function settleInput(params: SettleReservation): SettleInput {
  return readFields<SettleInput>(params, { ...named, amounts: optional(settledAmounts) }, '');
}

export function releaseInput(params: ReleaseReservation): ReleaseInput {
  return readFields<ReleaseInput>(params, named, '');
}

export function extendInput(params: ExtendReservation): ExtendInput {
  return readFields<ExtendInput>(params, { ...named, ttlMs: optional(ttl) }, '');
}
