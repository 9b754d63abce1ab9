import {
  type CatalogEntitlementValue,
  formatAmount,
  type PromotionalEntitlementWire,
  type PromotionalPeriod,
  parseAmount,
  toIso,
} from '@tollgate/contract';
import type { Happened } from '../subscription/happened.js';

/** A promotional grant as it is stored; instants in epoch milliseconds. */
export interface Promotion {
  promotionId: string;
  customerId: string;
  featureId: string;
  period: PromotionalPeriod;
  startDate: number;
  /** Null lasts for ever. */
  endDate: number | null;
  /** When it was revoked, replaced or had expired; null while it holds. */
  endedAt: number | null;
  /** `isGranted: false` revokes the feature, whatever the subscriptions say. */
  value: CatalogEntitlementValue;
  isVisible: boolean;
  /** The feature groups that hold this grant. */
  featureGroupIds: string[];
  /** Whether the customer has it by itself, not only as part of a group: then no group takes it away. */
  isOwn: boolean;
}

/** Whether it ran to its end, rather than being revoked or replaced. */
export const hasExpired = ({ endDate, endedAt }: Promotion): boolean => endedAt !== null && endedAt === endDate;

/** The next instant at which a promotion ends; null when none does. */
export function nextPromotionEnd(promotions: readonly Promotion[]): number | null {
  const ends = promotions.flatMap(({ endDate, endedAt }) => (endedAt === null && endDate !== null ? [endDate] : []));
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Ends the promotions whose time has come by `now`, each at its own instant, in that order. */
export function expirePromotions(
  promotions: readonly Promotion[],
  now: number,
): { promotions: readonly Promotion[]; expired: Promotion[] } {
  const isDue = ({ endDate, endedAt }: Promotion) => endedAt === null && endDate !== null && endDate <= now;
  const after = promotions.map((promotion) =>
    isDue(promotion) ? { ...promotion, endedAt: promotion.endDate } : promotion,
  );
  const expired = after.filter((promotion, index) => promotion !== promotions[index]);
  return { promotions: after, expired: expired.sort((a, b) => (a.endedAt as number) - (b.endedAt as number)) };
}

export type PromotionEvent = 'granted' | 'updated' | 'revoked' | 'expired';

export function promotionHappened(event: PromotionEvent, at: number, promotion: Promotion): Happened {
  return { type: `promotional_entitlement.${event}`, at, entity: promotionToWire(promotion) };
}

/** The grant as the API shows it. */
export function promotionToWire(promotion: Promotion): PromotionalEntitlementWire {
  const { value, endDate, endedAt } = promotion;
  return {
    id: promotion.promotionId,
    customerId: promotion.customerId,
    featureId: promotion.featureId,
    status: endedAt === null ? 'Active' : 'Expired',
    period: promotion.period,
    startDate: toIso(promotion.startDate),
    endDate: endDate === null ? null : toIso(endDate),
    isGranted: value.isGranted ?? true,
    usageLimit: value.usageLimit === undefined ? null : formatAmount(parseAmount(value.usageLimit, 'usageLimit')),
    hasUnlimitedUsage: value.hasUnlimitedUsage ?? false,
    hasSoftLimit: value.hasSoftLimit ?? false,
    enumValues: [...(value.enumValues ?? [])],
    resetPeriod: value.resetPeriod ?? null,
    isVisible: promotion.isVisible,
    featureGroupIds: [...promotion.featureGroupIds],
  };
}
