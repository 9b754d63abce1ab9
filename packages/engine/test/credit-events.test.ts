import { parseAmount } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { activate, burn } from '../src/credit/burn.js';
import { consumptionEvents } from '../src/credit/credit-events.js';
import { type CreditGrant, freeTerms } from '../src/credit/credit-grant.js';
import { type CreditState, noCredits } from '../src/credit/credit-state.js';

const now = Date.UTC(2026, 0, 10);
const wallet = { currencyId: 'tokens', resourceId: null };

const grant = (grantId: string, amount: string): CreditGrant => ({
  ...wallet,
  grantId,
  grantType: 'PROMOTIONAL',
  sourceType: null,
  status: 'ACTIVE',
  amount: parseAmount(amount, 'amount'),
  consumed: 0n,
  priority: 50,
  effectiveAt: now,
  expireAt: null,
  voidedAt: null,
  createdAt: now,
  subscriptionId: null,
  periodStart: null,
  terms: freeTerms('Gift'),
});

const use = (state: CreditState, amount: string): CreditState =>
  burn(
    state,
    {
      wallet,
      amount: parseAmount(amount, 'amount'),
      at: now,
      featureId: null,
      consumptionId: 'c',
      dimensions: null,
    },
    { now, newId: (prefix) => prefix },
  );

/** What is told of each use in turn. */
function told(start: CreditState, amounts: string[]): string[][] {
  let state = start;
  return amounts.map((amount) => {
    const before = state;
    state = use(state, amount);
    return consumptionEvents(before, state, 'ada', now).map(({ type, entity }) => {
      return `${type.replace('credits.', '')} ${entity.grantId ?? entity.currentBalance}`;
    });
  });
}

describe('word of few credits', () => {
  const one = activate(noCredits, grant('first', '100'), now);
  const two = activate(one, grant('second', '100'), now);

  test('is sent when a fifth is left, and when nothing is, each once', () => {
    expect(told(one, ['79.999999', '0.000001', '10', '10', '5'])).toEqual([
      [],
      ['grant.usage_low first', 'balance.usage_low 20'],
      [],
      ['grant.depleted first', 'balance.depleted 0'],
      [],
    ]);
  });

  test('is sent of the end alone where one use crosses both lines', () => {
    expect(told(one, ['130'])).toEqual([['grant.depleted first', 'balance.depleted -30']]);
  });

  test('is sent of a grant while the wallet has enough', () => {
    expect(told(two, ['100', '60'])).toEqual([['grant.depleted first'], ['balance.usage_low 40']]);
  });

  test('is not sent of what is given back', () => {
    expect(told(use(one, '90'), ['-5'])).toEqual([[]]);
  });

  test('is sent again once a later grant has lifted the wallet', () => {
    const lifted = activate(use(one, '100'), grant('second', '100'), now);
    // Of 200 granted 40 are a fifth.
    expect(told(lifted, ['59', '1'])).toEqual([[], ['balance.usage_low 40']]);
  });
});
