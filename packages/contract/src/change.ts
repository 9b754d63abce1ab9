import type { ClockReading } from './clock-reading.js';
import type { SnapshotKey, UsagePart } from './snapshot.js';
import type { Version } from './version.js';

/** A counter's new absolute value. */
export interface UsageChange {
  key: SnapshotKey;
  part: UsagePart;
}

/** Word that a customer's or resource's grants changed: cached grants older than `version` are stale. */
export interface GrantsChange {
  key: SnapshotKey;
  version: Version;
}

/** One message of the change feed: at most one newest state per part. */
export interface ChangeBatch {
  /** Where to resume after this batch. Two of them are compared by `hasCursorReached`. */
  cursor: string;
  clock: ClockReading;
  epoch: string;
  /** The environment's catalog number: parts made under a lower one are stale. */
  catalog: number;
  /** True when the reader was away too long, or the database is another one: everything it cached is stale. */
  isResync: boolean;
  usage: UsageChange[];
  grants: GrantsChange[];
}
