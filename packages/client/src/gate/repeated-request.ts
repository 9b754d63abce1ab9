import { createHash } from 'node:crypto';
import { isTollgateError, TollgateError } from '@tollgate/contract';
import type { ReservedRequest } from '../gate-port.js';
import type { Asked, AskRefusal } from './asked.js';
import type { ResolvedGateOptions } from './gate-options.js';
import type { GateContext } from './gate-types.js';

/**
 * Marks what a request is charged once for, however often its client sends it: what is `idempotent`, where the client
 * gave a key. Answers a refusal when the application's function is at fault.
 */
export async function withRequestKeys<Request>(
  { fingerprint }: Pick<ResolvedGateOptions<Request>, 'fingerprint'>,
  { request, method, path, route, idempotencyKey }: GateContext<Request>,
  asked: readonly Asked[],
): Promise<Asked[] | AskRefusal> {
  const once = asked.filter(({ requirement, isCharged }) => requirement.isIdempotent && isCharged);
  const [first] = once.filter(({ isShadow }) => !isShadow).concat(once);
  if (!idempotencyKey || !first) return [...asked];
  const place = `${method ?? ''} ${path ?? ''}`;
  try {
    for (const { requirement, usage } of once) assertHoldable(requirement.name, usage);
    const told: unknown = fingerprint ? await fingerprint(request) : place;
    if (typeof told !== 'string') throw refused('fingerprint must answer a string');
    const keys = new Map<string, string>();
    for (const { customerId } of once.map(({ key }) => key)) {
      if (keys.has(customerId)) continue;
      keys.set(customerId, keyFor(request, [route ?? place, idempotencyKey, targetsOf(once, customerId), customerId]));
    }
    return asked.map((item) => {
      if (!once.includes(item)) return item;
      // Only the engine knows what other processes get.
      const mode = item.isShadow ? item.mode : 'reserve';
      return { ...item, mode, repeatedAs: { key: keys.get(item.key.customerId) as string, fingerprint: hashOf(told) } };
    });
  } catch (cause) {
    const why = isTollgateError(cause) ? cause.message : 'the fingerprint function threw';
    // What is only watched goes on without.
    if (first.isShadow) return [...asked];
    const { requirement, key } = first;
    return { requirement, key, code: 'requirement-misconfigured', log: why, cause };
  }
}

/** The idempotency key of one item of a request, where it is reported instead of held. */
export function reportKeyOf({ key }: ReservedRequest, name: string): string {
  return hashOf([key, name]);
}

const keysOfRequests = new WeakMap<object, Map<string, number>>();

/** Two checks on the way of one request, for the same thing, are two charges: the second is not the first come again. */
function keyFor(request: unknown, scope: readonly unknown[]): string {
  const key = hashOf(scope);
  if (typeof request !== 'object' || request === null) return key;
  const checks = keysOfRequests.get(request) ?? new Map<string, number>();
  const earlier = checks.get(key) ?? 0;
  keysOfRequests.set(request, checks.set(key, earlier + 1));
  return earlier === 0 ? key : hashOf([key, earlier]);
}

/** Alternatives too: which of them a request was charged for may be another one when it comes again. */
function targetsOf(once: readonly Asked[], customerId: string): string[] {
  const own = once.filter(({ key }) => key.customerId === customerId);
  return own
    .map(({ requirement: { target }, key }) =>
      JSON.stringify([target.featureId ?? null, target.currencyId ?? null, key.resourceId]),
    )
    .sort();
}

function assertHoldable(name: string, usage: Asked['usage']): void {
  if (usage !== undefined && usage < 0n) throw refused(`${name}: usage must not be negative where it is idempotent`);
}

const refused = (message: string): TollgateError => new TollgateError('INVALID_ARGUMENT', message);

/** Keys and fingerprints may be of any length, and nobody else's business. */
const hashOf = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('hex');
