import {
  type ClockReading,
  type GrantsWire,
  grantsToWire,
  type NumberParts,
  type Snapshot,
  type SnapshotKey,
  snapshotFromWire,
  type UsageWire,
  usageToWire,
  type Version,
  type WalletWire,
  walletToWire,
} from '@tollgate/contract';
import { currentCodec, currentFormat } from './entry-format.js';

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

export function partsOf(snapshot: Snapshot): StoredPart[] {
  const { grants, usage, wallets } = snapshot;
  const numbers = numberParts({ usage: [...usage.values()], wallets: [...wallets.values()] });
  return [stored('grants', grants.version, grantsToWire(grants)), ...numbers];
}

export const numberParts = ({ usage, wallets }: NumberParts): StoredPart[] => [
  ...usage.map((part) => stored(`usage:${part.featureId}`, part.version, usageToWire(part))),
  ...wallets.map((part) => stored(`wallet:${part.currency.currencyId}`, part.version, walletToWire(part))),
];

/** Under equal versions the later format wins, so that what an older writer left out comes back. */
function stored(name: string, version: Version, value: unknown): StoredPart {
  return [name, `${sortable(version)}.${digits(currentFormat)}`, currentCodec.write(value)];
}

/** The parts of an entry put together; undefined when a part that is needed is missing or of an unknown format. */
export function snapshotOf(key: SnapshotKey, fields: ReadonlyMap<string, string>): Snapshot | undefined {
  const grants = currentCodec.read<GrantsWire>('grants', fields.get('part:grants'));
  const usage = readParts<UsageWire>('usage', fields);
  const wallets = readParts<WalletWire>('wallet', fields);
  if (!grants || !usage || !wallets) return undefined;
  try {
    return snapshotFromWire({ customerId: key.customerId, resourceId: key.resourceId, grants, usage, wallets });
  } catch {
    // Of the right format, and still not what this version writes: as good as not there.
    return undefined;
  }
}

function readParts<Part>(kind: 'usage' | 'wallet', fields: ReadonlyMap<string, string>): Part[] | undefined {
  const parts: Part[] = [];
  for (const [field, payload] of fields) {
    if (!field.startsWith(`part:${kind}:`)) continue;
    const part = currentCodec.read<Part>(kind, payload);
    if (!part) return undefined;
    parts.push(part);
  }
  return parts;
}

/** What the feed key holds; undefined when nothing feeds the cache any more. */
export interface LiveFeed {
  state: FeedState;
  /** Redis's time since when the feed has missed nothing. */
  since: string;
}

export function liveFeed(fields: ReadonlyMap<string, string> | undefined): LiveFeed | undefined {
  const state = currentCodec.read<FeedState>('feed', fields?.get('state'));
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
