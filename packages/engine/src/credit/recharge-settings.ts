import { type Amount, formatAmount, type RechargeThresholdType } from '@tollgate/contract';

/** When and how far the customer's own wallet of a currency is filled up by itself. */
export interface Recharge {
  currencyId: string;
  isEnabled: boolean;
  thresholdType: RechargeThresholdType;
  thresholdValue: Amount;
  targetBalance: Amount;
  /** Per calendar month in UTC, in whole currency units; null without a cap. */
  maxSpendLimit: Amount | null;
  grantExpirationPeriod: 'ONE_MONTH' | 'ONE_YEAR';
  /** What was spent in the month that began at an instant. */
  spent: { month: number; amount: Amount };
}

/** What is answered where nobody saved anything. */
export const defaultRecharge: Omit<Recharge, 'currencyId'> = Object.freeze({
  isEnabled: false,
  thresholdType: 'CREDIT_AMOUNT',
  thresholdValue: 0n,
  targetBalance: 0n,
  maxSpendLimit: null,
  grantExpirationPeriod: 'ONE_MONTH',
  spent: Object.freeze({ month: 0, amount: 0n }),
});

/** The settings as the API shows them. */
export function rechargeToWire({ spent: _, ...settings }: Recharge, customerId: string) {
  const { thresholdValue, targetBalance, maxSpendLimit } = settings;
  return {
    ...settings,
    customerId,
    thresholdValue: formatAmount(thresholdValue),
    targetBalance: formatAmount(targetBalance),
    maxSpendLimit: maxSpendLimit === null ? null : formatAmount(maxSpendLimit),
  };
}
