import { createHash, randomBytes } from 'node:crypto';
import { TollgateError } from '@tollgate/contract';
import type { Queryable } from './database.js';
import { environmentNotFound } from './environment-store.js';

/** `server` keys may do everything in their environment; `client` keys read what a page may show. */
export type ApiKeyKind = 'server' | 'client';

interface KeyRow {
  environmentId: string;
  kind: ApiKeyKind;
  isRevoked: boolean;
}

const randomBytesInKey = 32;
/** A stored hash has no salt, so a key must be too long to be guessed from it. */
const shortestKey = 16;

/**
 * SHA-256 is enough for keys of high entropy, and looking the hash up takes the same time whatever the key is: how far
 * a guess agrees with a stored key cannot be seen.
 */
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Makes a key and stores its hash; nobody can read the key again. */
export async function createApiKey(
  db: Queryable,
  environmentId: string,
  kind: ApiKeyKind,
  now: number,
): Promise<string> {
  assertKind(kind);
  const key = `tollgate_${kind}_${randomBytes(randomBytesInKey).toString('base64url')}`;
  await insertKey(db, environmentId, kind, key, now);
  return key;
}

/**
 * Stores the hash of a key that the operator chose: at least 16 characters, no white space. Doing it again changes
 * nothing. Rejects with CONFLICT when the key was revoked, or serves another environment or kind.
 */
export async function registerApiKey(
  db: Queryable,
  environmentId: string,
  kind: ApiKeyKind,
  key: string,
  now: number,
): Promise<void> {
  assertKind(kind);
  if (typeof key !== 'string' || key.length < shortestKey || /\s/.test(key)) {
    const message = `key must have at least ${shortestKey} characters and no white space`;
    throw new TollgateError('INVALID_ARGUMENT', message, { field: 'key' });
  }
  await insertKey(db, environmentId, kind, key, now);
  const stored = await findKey(db, key);
  if (stored?.environmentId === environmentId && stored.kind === kind && !stored.isRevoked) return;
  const state = stored?.isRevoked ? 'was revoked' : 'serves another environment or kind';
  throw new TollgateError('CONFLICT', `this key ${state}: choose another`, { field: 'key' });
}

/** Null for a key that is unknown or revoked. */
export async function authenticate(
  db: Queryable,
  key: string,
): Promise<{ environmentId: string; kind: ApiKeyKind } | null> {
  const row = await findKey(db, key);
  return row && !row.isRevoked ? { environmentId: row.environmentId, kind: row.kind } : null;
}

async function findKey(db: Queryable, key: string): Promise<KeyRow | undefined> {
  const text = `select environment as "environmentId", kind, revoked_at is not null as "isRevoked"
    from {schema}.api_key where hash = $1`;
  return (await db.query<KeyRow>(text, [hashOf(key)]))[0];
}

async function insertKey(db: Queryable, environmentId: string, kind: ApiKeyKind, key: string, now: number) {
  const text = `with found as (select id from {schema}.environment where id = $2),
    stored as (insert into {schema}.api_key (hash, environment, kind, created_at)
      select $1, id, $3, $4::timestamptz from found on conflict (hash) do nothing)
    select id from found`;
  const found = await db.query(text, [hashOf(key), environmentId, kind, new Date(now)]);
  if (found.length === 0) throw environmentNotFound(environmentId);
}

function assertKind(kind: ApiKeyKind): void {
  if (kind === 'server' || kind === 'client') return;
  throw new TollgateError('INVALID_ARGUMENT', 'kind must be "server" or "client"', { field: 'kind' });
}
