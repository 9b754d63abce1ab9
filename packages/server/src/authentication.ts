import { createHash } from 'node:crypto';
import { TollgateError } from '@tollgate/contract';
import type { Engine } from '@tollgate/engine';
import type { Clock } from './clock.js';
import type { RequestContext } from './resolvers.js';

/** How long an answer of the database is believed, so that a revoked key stops working soon. */
const keptMs = 30_000;
const keptMax = 1_000;

export interface Authentication {
  /** The context of whoever has this key. Rejects with UNAUTHENTICATED; the error never contains the key. */
  contextOf(key: unknown): Promise<RequestContext>;
}

/**
 * Recognizes API keys. Keys that were accepted are remembered for a while, by hash; refused ones never are, so what
 * callers make up fills nothing. `monotonicNow` gives milliseconds that only go forward.
 */
export function createAuthentication(
  engine: Engine,
  clockOf: (environmentId: string) => Clock,
  monotonicNow: () => number = () => performance.now(),
): Authentication {
  const unanswered: RequestContext['unanswered'] = new Map();
  const accepted = new Map<string, { context: RequestContext; until: number }>();

  async function recognize(key: string): Promise<RequestContext> {
    const found = await engine.authenticate(key);
    if (!found) throw unauthenticated('the API key is not known');
    const { environmentId, kind } = found;
    return {
      environment: await engine.environment(environmentId),
      clock: clockOf(environmentId),
      keyKind: kind,
      unanswered,
    };
  }

  return {
    async contextOf(key) {
      if (typeof key !== 'string' || key === '') throw unauthenticated('an API key is needed');
      const hash = createHash('sha256').update(key).digest('base64');
      const known = accepted.get(hash);
      if (known && known.until > monotonicNow()) return known.context;
      accepted.delete(hash);
      const context = await recognize(key);
      const oldest = accepted.keys().next();
      if (accepted.size >= keptMax && !oldest.done) accepted.delete(oldest.value);
      accepted.set(hash, { context, until: monotonicNow() + keptMs });
      return context;
    },
  };
}

const unauthenticated = (rule: string): TollgateError =>
  new TollgateError('UNAUTHENTICATED', `${rule}: send it in the header X-API-KEY, or as apiKey in connectionParams`);
