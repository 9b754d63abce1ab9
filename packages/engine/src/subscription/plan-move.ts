import type { PricingType } from '@tollgate/contract';

const inPlace: Readonly<Record<PricingType, readonly PricingType[]>> = {
  FREE: [],
  PAID: ['FREE', 'CUSTOM'],
  CUSTOM: ['FREE'],
};

/**
 * Whether a scheduled move to a plan of another pricing type leaves the subscription the same one. Every other move,
 * between plans of one type too, is a new subscription that takes the place of the old one.
 */
export function movesInPlace(from: PricingType, to: PricingType): boolean {
  return inPlace[from].includes(to);
}
