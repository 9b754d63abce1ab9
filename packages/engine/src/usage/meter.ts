import {
  type Amount,
  amountScale,
  type CatalogMeter,
  type CatalogMeterCondition,
  roundAmount,
} from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';

export interface MeteredEvent {
  eventName: string;
  dimensions: Record<string, unknown>;
}

/** What an event adds to which features: nothing where a meter's filters do not match or its field is not a number. */
export function eventContributions(catalog: Catalog, event: MeteredEvent): { featureId: string; value: Amount }[] {
  return [...catalog.features.values()].flatMap(({ id, isArchived, content }) => {
    const value = content.meter && !isArchived ? measure(content.meter, event) : null;
    return value === null ? [] : [{ featureId: id, value }];
  });
}

function measure(meter: CatalogMeter, event: MeteredEvent): Amount | null {
  const isCounted = meter.filters.some(({ conditions }) => conditions.every((condition) => holds(condition, event)));
  if (!isCounted) return null;
  if (meter.aggregation === 'COUNT') return amountScale;
  const field = meter.field === undefined ? undefined : fieldOf(event, meter.field);
  return typeof field === 'number' ? summand(field) : null;
}

/** A number that no counter could hold is no measurement. It must not stop the events behind it. */
function summand(value: number): Amount | null {
  try {
    return roundAmount(value, 'dimensions');
  } catch {
    return null;
  }
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
