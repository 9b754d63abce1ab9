import type { SnapshotKey } from '@tollgate/contract';

/** A key as one text. Ids hold no blanks, so a blank parts them without doubt. */
export function keyText({ customerId, resourceId }: SnapshotKey): string {
  return resourceId === null ? customerId : `${customerId} ${resourceId}`;
}
