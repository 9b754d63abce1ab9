import { heldUsageAt, type Snapshot } from '@tollgate/contract';
import { LRUCache } from 'lru-cache';
import type { View } from '../gate-port.js';
import { quotaOf } from './admitted-entitlement.js';
import type { Assessment } from './assessment.js';
import type { Admitted, DeclaredRequirement } from './gate-types.js';
import type { Metering } from './metered.js';
import { partOf } from './pending.js';
import { policyOf, type Quota } from './quota-headers.js';

/** What a requirement came to: the same for every request until the customer's snapshots are others, or time is up. */
export interface KnownGrant {
  assessment: Assessment;
  /** Mode `check`: the answer itself, which is the same for everybody. */
  admitted: Admitted | undefined;
  /** Mode `meter`: how each request is charged. */
  metering: Metering | undefined;
  /** The limit that its headers tell of, as it was; undefined where there is none. */
  quota: Quota | undefined;
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

export function knownGrants(): KnownGrants {
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
      const quota = quotaOf(assessment);
      known.set(asked.requirement, {
        assessment,
        admitted: mode === 'check' ? admitted : undefined,
        metering,
        quota: quota && { ...quota, policy: policyOf(quota) },
        resource,
        until: untilOf(assessment),
      });
    },
  };
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
