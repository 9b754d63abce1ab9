/** One metered limit as it stands, in shown units. */
export interface Quota {
  featureId: string;
  limit: number;
  remaining: number;
  /** Epoch milliseconds; null for a limit that never resets. */
  periodStart: number | null;
  resetAt: number | null;
}

/**
 * Which quota headers responses carry: the structured fields `RateLimit` and `RateLimit-Policy` of the IETF draft
 * (revision 11), the older `X-RateLimit-*`, or none.
 */
export type QuotaHeaders = 'draft-11' | 'x-ratelimit' | 'none';

const secondsOf = (ms: number): number => Math.max(0, Math.ceil(ms / 1000));

export type Headers = Readonly<Record<string, string>>;

export const noHeaders: Headers = Object.freeze({});

/** The quota headers for all metered features of one decision: one list member per feature. */
export function quotaHeaders(kind: QuotaHeaders, quotas: readonly Quota[], now: number): Headers {
  if (kind === 'none' || quotas.length === 0) return noHeaders;
  return kind === 'draft-11' ? draftHeaders(quotas, now) : olderHeaders(quotas);
}

/** The same of one limit for many requests: what does not change from one to the next is worked out once. */
export function recurringQuotaHeaders(kind: QuotaHeaders, quota: Quota): (remaining: number, now: number) => Headers {
  if (kind !== 'draft-11') return (remaining, now) => quotaHeaders(kind, [{ ...quota, remaining }], now);
  const { resetAt } = quota;
  const start = stateOf(quota);
  const policy = policyOf(quota);
  let seconds: number | null = null;
  let reset = '';
  return (remaining, now) => {
    const secondsNow = resetAt === null ? null : secondsOf(resetAt - now);
    if (secondsNow !== seconds) {
      seconds = secondsNow;
      reset = resetOf(quota, now);
    }
    return { 'RateLimit-Policy': policy, RateLimit: start + Math.floor(remaining) + reset };
  };
}

function draftHeaders(quotas: readonly Quota[], now: number): Headers {
  const states = quotas.map((quota) => stateOf(quota) + Math.floor(quota.remaining) + resetOf(quota, now));
  return { 'RateLimit-Policy': quotas.map(policyOf).join(', '), RateLimit: states.join(', ') };
}

// The draft's parameters are integers: a limit of 2.5 is announced as 2.
function policyOf({ featureId, limit, periodStart, resetAt }: Quota): string {
  const window = periodStart === null || resetAt === null ? '' : `;w=${secondsOf(resetAt - periodStart)}`;
  return `"${featureId}";q=${Math.floor(limit)}${window}`;
}

/** The member of `RateLimit` for one limit, up to what remains. */
function stateOf({ featureId }: Quota): string {
  return `"${featureId}";r=`;
}

function resetOf({ resetAt }: Quota, now: number): string {
  return resetAt === null ? '' : `;t=${secondsOf(resetAt - now)}`;
}

// The older headers have room for one limit: the one with the least left. The reset is in epoch seconds.
function olderHeaders(quotas: readonly Quota[]): Headers {
  const tightest = quotas.reduce((least, quota) => (quota.remaining < least.remaining ? quota : least));
  return {
    'X-RateLimit-Limit': String(tightest.limit),
    'X-RateLimit-Remaining': String(tightest.remaining),
    ...(tightest.resetAt !== null && { 'X-RateLimit-Reset': String(Math.ceil(tightest.resetAt / 1000)) }),
  };
}

const notExposed = new Set(['Content-Type', 'Cache-Control']);

/** Lets a page on another origin read our headers: only a request that names its origin comes from one. */
export function withExposedHeaders(headers: Headers, origin: string | undefined): Headers {
  if (origin === undefined) return headers;
  const names = Object.keys(headers).filter((name) => !notExposed.has(name));
  return names.length === 0 ? headers : { ...headers, 'Access-Control-Expose-Headers': names.join(', ') };
}

const listValued = new Set(['ratelimit', 'ratelimit-policy', 'access-control-expose-headers']);

/** The value to set when a response may carry the header already: list-valued ones are joined, others replaced. */
export function mergeHeader(name: string, existing: unknown, value: string): string {
  if (existing === undefined || existing === null || !listValued.has(name.toLowerCase())) return value;
  const members = (Array.isArray(existing) ? existing : [existing]).flatMap((line) => String(line).split(/,\s*/));
  const added = value.split(/,\s*/).filter((member) => !members.includes(member));
  return [...members, ...added].filter((member) => member !== '').join(', ');
}
