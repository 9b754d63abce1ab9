import type { SnapshotKey } from '@tollgate/contract';

/** A key as one text. Ids hold no blanks, so a blank parts them without doubt. */
export function keyText({ customerId, resourceId }: SnapshotKey): string {
  return resourceId === null ? customerId : `${customerId} ${resourceId}`;
}

/** A customer's feature, or a resource's, as one text. */
export function featureText({ customerId, resourceId = null, featureId }: FeatureOfCustomer): string {
  return `${keyText({ customerId, resourceId })} ${featureId}`;
}

export interface FeatureOfCustomer {
  customerId: string;
  resourceId?: string | null | undefined;
  featureId: string;
}
