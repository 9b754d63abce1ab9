import { type EvaluationContext, InvalidContextError, TargetingKeyMissingError } from '@openfeature/server-sdk';
import { assertCustomerId, assertId, isTollgateError, type SnapshotKey } from '@tollgate/contract';

/** Whom an evaluation is about: `targetingKey` is the customer, `resourceId` one of the customer's resources. */
export function keyOf({ targetingKey, resourceId = null }: EvaluationContext): SnapshotKey {
  if (targetingKey === undefined || targetingKey === '') {
    throw new TargetingKeyMissingError('targetingKey must be the id of the customer');
  }
  try {
    assertCustomerId(targetingKey);
    if (resourceId === null) return { customerId: targetingKey, resourceId };
    assertId(resourceId, 'resourceId');
    return { customerId: targetingKey, resourceId };
  } catch (error) {
    throw isTollgateError(error) ? new InvalidContextError(error.message) : error;
  }
}
