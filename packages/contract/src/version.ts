/** The version of one part of a snapshot, compared field by field from left to right. The higher one stays. */
export interface Version {
  /** A time-ordered id made with the database, and anew by a restore. */
  epoch: string;
  /** The environment's catalog number, raised once per publish. */
  catalog: number;
  /** The customer's revision, raised in the transaction of any change. */
  revision: number;
  /** The instant from which this answer holds, epoch milliseconds. */
  validFrom: number;
}

/** Negative when `a` is older than `b`, 0 when equal, positive when newer. */
export function compareVersions(a: Version, b: Version): number {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch ? -1 : 1;
  return a.catalog - b.catalog || a.revision - b.revision || a.validFrom - b.validFrom;
}

/** Whichever of two parts is newer; the one that is there when the other is missing; `current` when they are equal. */
export function newerPart<P extends { version: Version }>(current: P | undefined, incoming: P): P {
  return current && compareVersions(current.version, incoming.version) >= 0 ? current : incoming;
}
