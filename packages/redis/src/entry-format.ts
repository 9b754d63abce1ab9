import type { GrantsWire, UsageWire, VersionWire } from '@tollgate/contract';

/** What a payload holds. */
export type PayloadKind = 'grants' | 'usage' | 'wallet' | 'feed';

/**
 * Writes and reads payloads that carry their format number. A reader takes the current format and, through `upgrade`,
 * the one before it; anything else is undefined, which makes it a miss.
 */
export function payloadCodec(format: number, upgrade?: (kind: PayloadKind, previous: unknown) => unknown) {
  return {
    write: (value: unknown): string => JSON.stringify({ v: format, value }),
    read: <T>(kind: PayloadKind, payload: string | undefined): T | undefined => {
      if (payload === undefined) return undefined;
      try {
        const { v, value } = JSON.parse(payload) as { v: unknown; value: unknown };
        if (v === format) return value as T;
        return v === format - 1 && upgrade ? (upgrade(kind, value) as T) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** The format of this version; when it changes, the upgrade from the one before goes here. */
export const currentFormat = 2;
export const currentCodec = payloadCodec(currentFormat, upgradeFromFirst);

/** The first format knew no credits and no holds. */
function upgradeFromFirst(kind: PayloadKind, previous: unknown): unknown {
  if (kind === 'usage') return { ...unproven(previous as UsageWire), held: '0', heldUntil: null };
  if (kind !== 'grants') return previous;
  const grants = unproven(previous as GrantsWire);
  return {
    ...grants,
    entitlements: grants.entitlements.map(({ afterwards, ...first }) => ({
      ...first,
      creditRate: null,
      afterwards: afterwards.map((stage) => ({ ...stage, creditRate: null })),
    })),
  };
}

/**
 * What an older format left out is not known to be absent. So the part answers only while the engine cannot be reached,
 * and whatever the engine says under the same revision replaces it.
 */
function unproven<Part extends { version: VersionWire }>(part: Part): Part {
  return { ...part, validUntil: longAgo, version: { ...part.version, validFrom: longAgo } };
}

const longAgo = new Date(0).toISOString();
