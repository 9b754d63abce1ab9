import type {
  EntitlementResetPeriod,
  PromotionalEntitlementPeriod,
  PromotionalEntitlementStatus,
  PromotionalEntitlementWire,
  PromotionalPeriod,
} from '@tollgate/contract';
import { date, dateOrNull, number } from './wire-values.js';

/** A grant to a customer beside any subscription. */
export interface PromotionalEntitlement {
  id: string;
  customerId: string;
  featureId: string;
  status: PromotionalEntitlementStatus;
  period: PromotionalEntitlementPeriod;
  startDate: Date;
  /** Null: it does not end. */
  endDate: Date | null;
  isGranted: boolean;
  usageLimit: number | null;
  hasUnlimitedUsage: boolean;
  hasSoftLimit: boolean;
  enumValues: string[];
  resetPeriod: EntitlementResetPeriod | null;
  isVisible: boolean;
  /** The groups that hold this grant. */
  featureGroupIds: string[];
}

export const periodToWire: Readonly<Record<PromotionalEntitlementPeriod, PromotionalPeriod>> = {
  '1 week': 'ONE_WEEK',
  '1 month': 'ONE_MONTH',
  '6 month': 'SIX_MONTHS',
  '1 year': 'ONE_YEAR',
  lifetime: 'LIFETIME',
  custom: 'CUSTOM',
};

const periodFromWire = Object.fromEntries(
  Object.entries(periodToWire).map(([period, wire]) => [wire, period]),
) as Readonly<Record<PromotionalPeriod, PromotionalEntitlementPeriod>>;

export function promotionOf(wire: PromotionalEntitlementWire): PromotionalEntitlement {
  return {
    ...wire,
    period: periodFromWire[wire.period],
    startDate: date(wire.startDate),
    endDate: dateOrNull(wire.endDate),
    usageLimit: wire.usageLimit === null ? null : number(wire.usageLimit, 'usageLimit'),
    enumValues: [...wire.enumValues],
    featureGroupIds: [...wire.featureGroupIds],
  };
}
