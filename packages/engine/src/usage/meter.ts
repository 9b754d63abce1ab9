import { createHash } from 'node:crypto';
import {
  type Amount,
  amountScale,
  type CatalogMeter,
  type CatalogMeterCondition,
  roundAmount,
} from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import type { Aggregation } from './counter.js';

// Shorter than a hash, so that no text is taken for one.
const distinctTextMax = 63;

export interface MeteredEvent {
  eventName: string;
  dimensions: Record<string, unknown>;
}

/** What one event says about one feature. */
export interface EventContribution {
  featureId: string;
  value: Amount;
  /** What UNIQUE tells apart; null for every other aggregation. */
  distinctValue: string | null;
}

type Measured = Omit<EventContribution, 'featureId'>;

/** What an event says about which features: nothing where a meter's filters do not match, or its field is not usable. */
export function eventContributions(catalog: Catalog, event: MeteredEvent): EventContribution[] {
  return [...catalog.features.values()].flatMap(({ id, isArchived, content }) => {
    const measured = content.meter && !isArchived ? measure(content.meter, event) : null;
    return measured === null ? [] : [{ featureId: id, ...measured }];
  });
}

/** How the rows of a feature come to one number: reported usage and counted events are added up. */
export function aggregationOf(catalog: Catalog, featureId: string): Aggregation {
  const aggregation = catalog.features.get(featureId)?.content.meter?.aggregation ?? 'SUM';
  return aggregation === 'COUNT' ? 'SUM' : aggregation;
}

function measure(meter: CatalogMeter, event: MeteredEvent): Measured | null {
  const isCounted = meter.filters.some(({ conditions }) => conditions.every((condition) => holds(condition, event)));
  if (!isCounted) return null;
  const one = { value: amountScale, distinctValue: null };
  if (meter.aggregation === 'COUNT') return one;
  const field = meter.field === undefined ? undefined : fieldOf(event, meter.field);
  if (meter.aggregation === 'UNIQUE')
    return isDistinct(field) ? { ...one, distinctValue: distinctValueOf(field) } : null;
  const value = typeof field === 'number' ? numberOf(field) : null;
  return value === null ? null : { value, distinctValue: null };
}

/** A number that no counter could hold is no measurement. It must not stop the events behind it. */
function numberOf(value: number): Amount | null {
  try {
    return roundAmount(value, 'dimensions');
  } catch {
    return null;
  }
}

const isDistinct = (field: unknown): field is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof field);

/** Text that tells values apart, `1` from `"1"` too; of a long one its hash, because an index takes short texts only. */
function distinctValueOf(field: string | number | boolean): string {
  const text = JSON.stringify(field);
  return text.length <= distinctTextMax ? text : createHash('sha256').update(text).digest('hex');
}

function fieldOf(event: MeteredEvent, name: string): unknown {
  if (name === 'eventName') return event.eventName;
  return Object.hasOwn(event.dimensions, name) ? event.dimensions[name] : undefined;
}

/** A field that is absent equals nothing, so NOT_EQUALS holds for it; nothing else does but IS_NULL. */
function holds({ field, operation, value, values }: CatalogMeterCondition, event: MeteredEvent): boolean {
  const actual = fieldOf(event, field) ?? null;
  switch (operation) {
    case 'IS_NULL':
      return actual === null;
    case 'IS_NOT_NULL':
      return actual !== null;
    case 'EQUALS':
      return actual === value;
    case 'NOT_EQUALS':
      return actual !== value;
    case 'IN':
      return values?.some((item) => item === actual) ?? false;
    case 'CONTAINS':
      return typeof actual === 'string' && actual.includes(String(value));
    case 'STARTS_WITH':
      return typeof actual === 'string' && actual.startsWith(String(value));
    case 'ENDS_WITH':
      return typeof actual === 'string' && actual.endsWith(String(value));
    default:
      return typeof actual === 'number' && typeof value === 'number' && compares(operation, actual, value);
  }
}

function compares(
  operation: 'GREATER_THAN' | 'GREATER_THAN_OR_EQUAL' | 'LESS_THAN' | 'LESS_THAN_OR_EQUAL',
  actual: number,
  value: number,
): boolean {
  if (operation === 'GREATER_THAN') return actual > value;
  if (operation === 'GREATER_THAN_OR_EQUAL') return actual >= value;
  if (operation === 'LESS_THAN') return actual < value;
  return actual <= value;
}
