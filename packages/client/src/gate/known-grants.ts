import { type Amount, heldUsageAt, type Snapshot } from '@tollgate/contract';
import { LRUCache } from 'lru-cache';
import type { View } from '../gate-port.js';
import { quotaOf, remainingOf } from './admitted-entitlement.js';
import { type Assessment, usedAfterAgain } from './assessment.js';
import type { Admitted, DeclaredRequirement } from './gate-types.js';
import type { Metering } from './metered.js';
import { partOf } from './pending.js';
import { type Headers, noHeaders, type QuotaHeaders, recurringQuotaHeaders } from './quota-headers.js';

/** What a requirement came to: the same for every request until the customer's snapshots are others, or time is up. */
export interface KnownGrant {
  assessment: Assessment;
  /** Mode `check`: the answer itself, which is the same for everybody. */
  admitted: Admitted | undefined;
  /** Mode `meter`: how each request is charged. */
  metering: Metering | undefined;
  /** What its headers say of the limit. `taken`: what is pending before the request. */
  quotaHeaders(taken: Amount, now: number): Headers;
}

/**
 * Grants that do not hang on how much is used, by the snapshots that they were decided on: a request that asks the same
 * of the same snapshots need not be decided again.
 */
export interface KnownGrants {
  of(requirement: DeclaredRequirement<never>, view: View): KnownGrant | undefined;
  /** Remembers a requirement that was let in, if it may be. `admitted`: what a request got for it alone. */
  add(assessment: Assessment, admitted: Admitted, metering: Metering | undefined): void;
}

interface Entry extends KnownGrant {
  resource: Snapshot | null;
  /** Epoch milliseconds; infinite where nothing is due. */
  until: number;
}

/** So many customers' snapshots, the last ones asked for. */
const snapshotsMax = 1_000;

export function knownGrants(kind: QuotaHeaders): KnownGrants {
  const bySnapshot = new LRUCache<Snapshot, WeakMap<DeclaredRequirement<never>, Entry>>({ max: snapshotsMax });
  return {
    of(requirement, { snapshots, now }) {
      const known = snapshots && bySnapshot.get(snapshots.customer)?.get(requirement);
      return known && known.resource === snapshots.resource && now < known.until ? known : undefined;
    },
    add(assessment, admitted, metering) {
      const { view, asked, mode } = assessment;
      if (!view.snapshots || view.source !== 'cache' || !isLasting(assessment)) return;
      const { customer, resource } = view.snapshots;
      const known = bySnapshot.get(customer) ?? new WeakMap();
      bySnapshot.set(customer, known);
      known.set(asked.requirement, {
        assessment,
        admitted: mode === 'check' ? admitted : undefined,
        metering,
        quotaHeaders: quotaHeadersOf(kind, assessment),
        resource,
        until: untilOf(assessment),
      });
    },
  };
}

function quotaHeadersOf(kind: QuotaHeaders, assessment: Assessment): KnownGrant['quotaHeaders'] {
  const quota = quotaOf(assessment);
  if (!quota || kind === 'none') return () => noHeaders;
  const headersFor = recurringQuotaHeaders(kind, quota);
  const { counted, decision } = assessment;
  const limit = decision.usageLimit ?? 0n;
  // Usage below zero shows as none, and units that are sold are rounded.
  const isShownOtherwise = counted === null || counted < 0n || decision.feature?.unitTransformation;
  if (isShownOtherwise) return (taken, now) => headersFor(remainingOf(limit, usedAfterAgain(assessment, taken)), now);
  const room = limit - usedAfterAgain(assessment, 0n);
  return (taken, now) => headersFor(remainingOf(room, taken), now);
}

/** Whether nothing but other snapshots, or time, can make it another answer. */
function isLasting({ asked, decision, mode, verdict, view, lookedAt }: Assessment): boolean {
  const { type, entitlement } = decision;
  if (verdict !== 'granted' || !decision.hasAccess || !entitlement || view !== lookedAt) return false;
  if (mode === 'check') return type === 'BOOLEAN' || type === 'ENUM' || type === 'NUMERIC';
  const isUnlimited = entitlement.hasUnlimitedUsage || entitlement.hasSoftLimit;
  // Up to the instant that usage counts from, a period begins anew at every one.
  const isCounting = (entitlement.usageCountsFrom ?? view.now) <= view.now;
  return mode === 'meter' && asked.isCharged && isUnlimited && isCounting && entitlement.creditRate === null;
}

/** When a source ends, another period begins, or what is held of the counter is let go of by its time. */
function untilOf({ decision, counter, view }: Assessment): number {
  const { entitlement, usagePeriod } = decision;
  const ends = [entitlement?.endsAt ?? null, usagePeriod?.end ?? null];
  const part = partOf(view, counter);
  if (entitlement && part && heldUsageAt(entitlement, part, view.now) > 0n) ends.push(part.heldUntil);
  return Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
}
