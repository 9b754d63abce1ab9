import { entitlementAt, type WalletPart } from '@tollgate/contract';
import type { Memory, Sight } from './history-rules.js';

/**
 * What a cache that heard nothing more would say later, against what the engine says then, where nothing was asked for in
 * between: it grants nothing that the engine does not, and it knows what lasting sources give. Null when both hold.
 */
export function brokenCacheRule(earlier: Sight, later: Sight, { revoked }: Memory): string | null {
  return brokenWalletRule(earlier, later) ?? brokenGrantsRule(earlier, later, revoked);
}

/** Until the date that a wallet bears nothing about it changes by itself, nor does one come into being unannounced. */
function brokenWalletRule(earlier: Sight, later: Sight): string | null {
  const holds = (validUntil: number | null) => validUntil === null || validUntil > later.now;
  for (const [index, { resourceId, grants, wallets }] of earlier.snapshots.entries()) {
    const fresh = later.snapshots[index]?.wallets ?? new Map<string, WalletPart>();
    for (const [currencyId, cached] of wallets) {
      if (holds(cached.validUntil) && numbersOf(cached) !== numbersOf(fresh.get(currencyId))) {
        const seen = `${numbersOf(cached)} and ${numbersOf(fresh.get(currencyId))}`;
        return `${currencyId} of ${resourceId ?? 'the customer'} changed before its date: ${seen}`;
      }
    }
    const added = [...fresh.keys()].find((currencyId) => !wallets.has(currencyId));
    if (added !== undefined && holds(grants.validUntil))
      return `${added} of ${resourceId ?? 'the customer'} came unannounced`;
  }
  return null;
}

const numbersOf = (part: WalletPart | undefined): string =>
  [part?.balance, part?.totalGranted, part?.totalConsumed, part?.hasSoftLimit, part?.usagePeriodEnd].join(' ');

function brokenGrantsRule(earlier: Sight, later: Sight, revoked: Memory['revoked']): string | null {
  // What takes another's place as time passes makes a cached answer stale, which is another matter than its end.
  const isTakeover = earlier.subscriptions.some(
    ({ status, trialEndBehavior, futureUpdates }) =>
      status === 'NOT_STARTED' ||
      (status === 'IN_TRIAL' && trialEndBehavior === 'CONVERT_TO_PAID') ||
      futureUpdates.some(({ scheduleStatus }) => scheduleStatus === 'SCHEDULED'),
  );
  if (isTakeover) return null;
  for (const [index, { resourceId, grants }] of earlier.snapshots.entries()) {
    const cached = grants.entitlements.get('calls');
    const fresh = later.snapshots[index]?.grants.entitlements.get('calls');
    const found = cached && entitlementAt(cached, later.now);
    const scope = `calls of ${resourceId ?? 'the customer'}`;
    if (found?.isGranted && (!fresh?.isGranted || (fresh.usageLimit ?? 0n) < (found.usageLimit ?? 0n))) {
      return `${scope}: a cache grants ${found.usageLimit} and the engine ${fresh?.isGranted ? fresh.usageLimit : 'nothing'}`;
    }
    if (cached && !found && isLasting(earlier, later, resourceId, revoked))
      return `${scope}: a cache knows nothing of what lasts`;
  }
  return null;
}

/** Whether a subscription that gives something ran then and runs still. */
function isLasting(earlier: Sight, later: Sight, resourceId: string | null, revoked: Memory['revoked']): boolean {
  const giving = ({ subscriptions }: Sight) =>
    subscriptions
      .filter(({ status }) => status === 'ACTIVE' || status === 'IN_TRIAL')
      .filter((each) => each.resourceId === resourceId && !revoked.has(each.subscriptionId))
      .map(({ subscriptionId }) => subscriptionId);
  const then = new Set(giving(earlier));
  return giving(later).some((subscriptionId) => then.has(subscriptionId));
}
