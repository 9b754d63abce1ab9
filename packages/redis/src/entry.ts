import {
  type ClockReading,
  type GrantsWire,
  type Snapshot,
  type SnapshotKey,
  snapshotFromWire,
  snapshotToWire,
  type UsagePart,
  type UsageWire,
  usageToWire,
  type Version,
} from '@tollgate/contract';

/** One part of an entry, as the write script takes it: name, version, payload. */
export type StoredPart = [name: string, version: string, payload: string];

/** What the feed last said of the environment. */
export interface FeedState {
  cursor: string;
  epoch: string;
  catalog: number;
  clock: ClockReading;
}

/** How long the feed's last word keeps entries trusted. */
export const freshnessMs = 3000;

/** All keys of a customer and its resources share one hash tag, so one slot of a cluster. Ids hold no colon. */
const customerTag = (prefix: string, { customerId }: SnapshotKey): string => `{${prefix}:${customerId}}`;
export const entryKey = (prefix: string, key: SnapshotKey): string =>
  `${customerTag(prefix, key)}:${key.resourceId === null ? 'customer' : `resource:${key.resourceId}`}`;
export const leaseKey = (prefix: string, key: SnapshotKey): string => `${entryKey(prefix, key)}:lease`;
export const feedKey = (prefix: string): string => `{${prefix}}:feed`;

/** A version as text whose byte order is the order of versions. Numbers stay exact: they never pass through Lua's. */
export function sortable({ epoch, catalog, revision, validFrom }: Version): string {
  return `${epochOrder({ epoch, catalog })}.${digits(revision)}.${digits(validFrom)}`;
}

/** The same for what the feed knows. The separator is lower than any character of an epoch. */
export const epochOrder = ({ epoch, catalog }: { epoch: string; catalog: number }): string =>
  `${epoch} ${digits(catalog)}`;

const digits = (value: number): string => String(value).padStart(16, '0');

/**
 * Writes and reads payloads that carry their format number. A reader takes the current format and, through `upgrade`,
 * the one before it; anything else is undefined, which makes it a miss.
 */
export function payloadCodec(format: number, upgrade?: (previous: unknown) => unknown) {
  return {
    write: (value: unknown): string => JSON.stringify({ v: format, value }),
    read: <T>(payload: string | undefined): T | undefined => {
      if (payload === undefined) return undefined;
      try {
        const { v, value } = JSON.parse(payload) as { v: unknown; value: unknown };
        if (v === format) return value as T;
        return v === format - 1 && upgrade ? (upgrade(value) as T) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

export type PayloadCodec = ReturnType<typeof payloadCodec>;

/** The format of this version; when it changes, the upgrade from the one before goes here. */
export const currentCodec = payloadCodec(1);

export function partsOf(snapshot: Snapshot, codec: PayloadCodec): StoredPart[] {
  const grants = codec.write(snapshotToWire({ ...snapshot, usage: new Map() }).grants);
  return [['grants', sortable(snapshot.grants.version), grants], ...usageParts([...snapshot.usage.values()], codec)];
}

export const usageParts = (parts: readonly UsagePart[], codec: PayloadCodec): StoredPart[] =>
  parts.map((part) => [`usage:${part.featureId}`, sortable(part.version), codec.write(usageToWire(part))]);

/** The parts of an entry put together; undefined when a part that is needed is missing or of an unknown format. */
export function snapshotOf(
  key: SnapshotKey,
  fields: ReadonlyMap<string, string>,
  codec: PayloadCodec,
): Snapshot | undefined {
  const grants = codec.read<GrantsWire>(fields.get('part:grants'));
  if (!grants) return undefined;
  const usage: UsageWire[] = [];
  for (const [field, payload] of fields) {
    if (!field.startsWith('part:usage:')) continue;
    const part = codec.read<UsageWire>(payload);
    if (!part) return undefined;
    usage.push(part);
  }
  try {
    return snapshotFromWire({ customerId: key.customerId, resourceId: key.resourceId, grants, usage });
  } catch {
    // Of the right format, and still not what this version writes: as good as not there.
    return undefined;
  }
}

/** What the feed key holds; undefined when nothing feeds the cache any more. */
export interface LiveFeed {
  state: FeedState;
  /** Redis's time since when the feed has missed nothing. */
  since: string;
}

export function liveFeed(fields: ReadonlyMap<string, string> | undefined, codec: PayloadCodec): LiveFeed | undefined {
  const state = codec.read<FeedState>(fields?.get('state'));
  const since = fields?.get('since');
  return state && since !== undefined ? { state, since } : undefined;
}

/**
 * Whether an entry can be trusted: the feed is alive, was uninterrupted since the entry was fetched, knows no later
 * catalog or database, and brought no word of newer grants.
 */
export function isEntryFresh(
  entry: ReadonlyMap<string, string>,
  snapshot: Snapshot,
  feed: LiveFeed | undefined,
): boolean {
  if (!feed) return false;
  const { version } = snapshot.grants;
  const invalidated = entry.get('version:invalidated');
  return (
    (entry.get('fetchedAt') ?? '') >= feed.since &&
    version.epoch === feed.state.epoch &&
    version.catalog >= feed.state.catalog &&
    (invalidated === undefined || invalidated <= sortable(version))
  );
}
