import {
  type Amount,
  type AutomaticRechargeInput,
  invalidArgument,
  parseAmount,
  RechargeThresholdType,
  TollgateError,
} from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { assertCurrency } from './grant-request.js';
import { defaultRecharge, type Recharge } from './recharge-settings.js';

/**
 * Reads settings of automatic recharge; what is left out stays as it was saved, or has its default. Rejects with
 * INVALID_ARGUMENT or CURRENCY_NOT_FOUND naming the field, and with CONFLICT when enabled with nothing to charge.
 */
export function readRecharge(
  catalog: Catalog,
  input: AutomaticRechargeInput,
  { saved, hasPaymentMethod }: { saved: Recharge | undefined; hasPaymentMethod: boolean },
): Recharge {
  const { currencyId, isEnabled } = input;
  assertCurrency(catalog, currencyId);
  if (typeof isEnabled !== 'boolean') throw invalidArgument('isEnabled', 'must be true or false');
  const before: Recharge = saved ?? { currencyId, ...defaultRecharge };
  const settings: Recharge = {
    ...before,
    isEnabled,
    thresholdType: oneOf(
      input.thresholdType,
      Object.values(RechargeThresholdType),
      'thresholdType',
      before.thresholdType,
    ),
    thresholdValue: readAmount(input.thresholdValue, 'thresholdValue') ?? before.thresholdValue,
    targetBalance: readAmount(input.targetBalance, 'targetBalance') ?? before.targetBalance,
    maxSpendLimit:
      input.maxSpendLimit === undefined ? before.maxSpendLimit : readAmount(input.maxSpendLimit, 'maxSpendLimit'),
    grantExpirationPeriod: oneOf(
      input.grantExpirationPeriod,
      ['ONE_MONTH', 'ONE_YEAR'] as const,
      'grantExpirationPeriod',
      before.grantExpirationPeriod,
    ),
  };
  const isSaid = isEnabled || input.thresholdValue != null || input.targetBalance != null;
  if (isSaid && settings.targetBalance <= settings.thresholdValue) {
    throw invalidArgument('targetBalance', 'must be above thresholdValue');
  }
  if (settings.thresholdType === 'DOLLAR_AMOUNT' && !catalog.currencies.get(currencyId)?.content.unitPrice) {
    throw invalidArgument('thresholdType', `must be CREDIT_AMOUNT: currency ${currencyId} has no unit price`);
  }
  if (isEnabled && !hasPaymentMethod) {
    const message = 'isEnabled must be false: the customer has no payment method that a recharge could be charged to';
    throw new TollgateError('CONFLICT', message, { field: 'isEnabled' });
  }
  return settings;
}

function readAmount(text: string | null | undefined, field: string): Amount | null {
  if (text == null) return null;
  const amount = parseAmount(text, field);
  if (amount < 0n) throw invalidArgument(field, 'must not be negative');
  return amount;
}

function oneOf<Value extends string>(
  given: Value | null | undefined,
  known: readonly Value[],
  field: string,
  otherwise: Value,
): Value {
  if (given == null) return otherwise;
  if (known.includes(given)) return given;
  throw invalidArgument(field, `must be one of ${known.join(', ')}`);
}
