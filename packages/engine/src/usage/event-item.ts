import { assertCustomerId, assertId, type ReportEventInput } from '@tollgate/contract';
import { hasUnstorableText } from '../catalog/json.js';
import { contentHash, type Dimensions, invalid, readDimensions, readInstant, readKey } from './item-input.js';

/** One raw event, checked. */
export interface EventItem {
  customerId: string;
  eventName: string;
  resourceId: string | null;
  dimensions: Dimensions;
  timestamp: number | null;
  idempotencyKey: string;
  contentHash: string;
}

export function readEventItem(input: ReportEventInput): EventItem {
  assertCustomerId(input.customerId);
  if (typeof input.eventName !== 'string' || input.eventName.length === 0)
    throw invalid('eventName', 'must not be empty');
  if (input.eventName.length > 255) throw invalid('eventName', 'must have at most 255 characters');
  if (hasUnstorableText(input.eventName))
    throw invalid('eventName', 'must not hold NUL characters or halves of characters');
  const resourceId = input.resourceId ?? null;
  if (resourceId !== null) assertId(resourceId, 'resourceId');
  const idempotencyKey = readKey(input.idempotencyKey);
  if (idempotencyKey === null) throw invalid('idempotencyKey', 'is required for events');
  const timestamp = readInstant(input.timestamp, 'timestamp');
  const dimensions = readDimensions(input.dimensions) ?? {};
  const dated = input.isTimestampFilledIn ? null : timestamp;
  return {
    customerId: input.customerId,
    eventName: input.eventName,
    resourceId,
    dimensions,
    timestamp,
    idempotencyKey,
    contentHash: contentHash({ resourceId, timestamp: dated, dimensions }),
  };
}
