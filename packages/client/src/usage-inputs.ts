import {
  assertCustomerId,
  assertId,
  formatAmount,
  parseAmount,
  type ReportEventInput,
  type ReportUsageInput,
} from '@tollgate/contract';
import { checkFields, instant, oneOf, optionalId, refused, shortText } from './input-rules.js';
import type { FeatureId, Registered } from './typed-catalog.js';

export type Dimensions = Record<string, string | number | boolean>;

/** Calculated usage of one feature. */
export interface ReportUsage<Id extends string = FeatureId<Registered, 'METERED'>> {
  customerId: string;
  featureId: Id;
  /** Raw units, at most 6 decimal places; negative takes away. */
  value: number | string;
  resourceId?: string;
  /** `DELTA` (default) adds to the counter, `SET` replaces what is before it. */
  updateBehavior?: 'DELTA' | 'SET';
  /** When it happened: a Date or an ISO 8601 instant. Default now; at most 5 minutes ahead. */
  createdAt?: Date | string;
  dimensions?: Dimensions;
  /** Repeating a report with the same key and content changes nothing. At most 255 characters. */
  idempotencyKey?: string;
}

/** A raw event, for features with a meter. */
export interface ReportEvent {
  customerId: string;
  eventName: string;
  idempotencyKey: string;
  resourceId?: string;
  dimensions?: Dimensions;
  /** When it happened: a Date or an ISO 8601 instant. Default now. */
  timestamp?: Date | string;
}

export function usageInput(usage: ReportUsage, at = ''): ReportUsageInput {
  const known = 'customerId featureId value resourceId updateBehavior createdAt dimensions idempotencyKey';
  checkFields(usage, known.split(' '), at);
  assertCustomerId(usage.customerId, `${at}customerId`);
  assertId(usage.featureId, `${at}featureId`);
  if (usage.updateBehavior !== undefined) oneOf(usage.updateBehavior, ['DELTA', 'SET'], `${at}updateBehavior`);
  return {
    customerId: usage.customerId,
    featureId: usage.featureId,
    value: formatAmount(parseAmount(usage.value, `${at}value`)),
    ...optionalId(usage.resourceId, `${at}resourceId`, 'resourceId'),
    updateBehavior: usage.updateBehavior ?? 'DELTA',
    ...(usage.createdAt !== undefined && { createdAt: instant(usage.createdAt, `${at}createdAt`) }),
    ...(usage.dimensions !== undefined && { dimensions: dimensions(usage.dimensions, `${at}dimensions`) }),
    ...(usage.idempotencyKey !== undefined && {
      idempotencyKey: shortText(usage.idempotencyKey, `${at}idempotencyKey`),
    }),
  };
}

export function eventInput(event: ReportEvent, at = ''): ReportEventInput {
  checkFields(event, 'customerId eventName idempotencyKey resourceId dimensions timestamp'.split(' '), at);
  assertCustomerId(event.customerId, `${at}customerId`);
  return {
    customerId: event.customerId,
    eventName: shortText(event.eventName, `${at}eventName`),
    idempotencyKey: shortText(event.idempotencyKey, `${at}idempotencyKey`),
    ...optionalId(event.resourceId, `${at}resourceId`, 'resourceId'),
    ...(event.dimensions !== undefined && { dimensions: dimensions(event.dimensions, `${at}dimensions`) }),
    ...(event.timestamp !== undefined && { timestamp: instant(event.timestamp, `${at}timestamp`) }),
  };
}

/** As JSON: what the engine takes of one item. */
const dimensionsBytesMax = 1_000_000;

/** Strings, finite numbers and booleans by name, at most 1 MB of them. */
export function dimensions(given: unknown, field: string): Dimensions {
  checkFields(given, Object.keys(given ?? {}), field);
  for (const [name, value] of Object.entries(given)) {
    const isAllowed = ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
    if (!isAllowed) throw refused(`${field}.${name}`, 'must be a string, a finite number or a boolean');
  }
  if (Buffer.byteLength(JSON.stringify(given)) > dimensionsBytesMax) throw refused(field, 'must not exceed 1 MB');
  return { ...given };
}
