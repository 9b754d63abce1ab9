import { describe, expect, test } from 'vitest';
import {
  customerImportInput,
  customerImportInputs,
  customerInput,
  customerUpdateInput,
} from '../src/customer-inputs.js';
import { grantGroupInput, grantInput } from '../src/promotion-inputs.js';
import {
  activeSubscriptionsInput,
  applyInput,
  cancelInput,
  subscriptionImportInputs,
  subscriptionInput,
  subscriptionsQuery,
  updateInput,
} from '../src/subscription-inputs.js';

const refusal = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};
/** What callers without types may hand over. */
const untyped = (input: object): never => input as never;

describe('a customer', () => {
  test('travels with what is given, and one of each add-on by default', () => {
    const addons = [{ addonId: 'addon-reports' }];
    expect(customerInput({ customerId: 'a@b', name: 'A', subscriptionParams: { planId: 'plan-pro', addons } })).toEqual(
      {
        customerId: 'a@b',
        name: 'A',
        subscriptionParams: { planId: 'plan-pro', addons: [{ addonId: 'addon-reports', quantity: 1 }] },
      },
    );
  });

  test('keeps the difference between nothing and left out', () => {
    expect(customerInput({ subscriptionParams: null })).toStrictEqual({ subscriptionParams: null });
    expect(customerInput({})).toStrictEqual({});
    expect(customerUpdateInput({ customerId: 'a', salesforceId: null, email: undefined })).toStrictEqual({
      customerId: 'a',
      salesforceId: null,
    });
  });

  test.each([
    ['an empty customer id', { customerId: '' }, 'customerId'],
    ['a name that is a number', { name: 7 }, 'name'],
    ['metadata that is a list', { metadata: [] }, 'metadata'],
    ['a plan without an id', { subscriptionParams: {} }, 'subscriptionParams.planId'],
    ['an unknown field', { coupon: 'c' }, 'coupon'],
    [
      'an unknown field of the subscription',
      { subscriptionParams: { planId: 'p', trial: 1 } },
      'subscriptionParams.trial',
    ],
    ['an unknown field of the billing data', { billingInfo: { vat: 'x' } }, 'billingInfo.vat'],
    ['a tax id without a value', { billingInfo: { taxIds: [{ type: 'eu_vat' }] } }, 'billingInfo.taxIds[0].value'],
  ])('with %s is refused by the name of the field', (_what, input, field) => {
    expect(refusal(() => customerInput(untyped(input)))).toMatchObject({ code: 'INVALID_ARGUMENT', field });
  });

  test('is imported under an id that is made, and never with a date of change', () => {
    expect(customerImportInput({ name: 'A' }, () => 'made')).toEqual({ customerId: 'made', name: 'A' });
    const dated = { customerId: 'a', updatedAt: '2026-01-01' };
    expect(refusal(() => customerImportInput(untyped(dated), () => 'made'))).toMatchObject({ field: 'updatedAt' });
    expect(customerImportInputs({ customers: [dated] }).rows.inputs).toEqual([
      { customerId: 'a', updatedAt: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  test('is imported with at most 999 others', () => {
    const customers = Array.from({ length: 1_001 }, (_, index) => ({ customerId: `c-${index}` }));
    expect(refusal(() => customerImportInputs({ customers }))).toMatchObject({ field: 'customers' });
  });

  test('in a bad row of an import fails in its place, and the others are sent', () => {
    const customers = [{ customerId: 'a' }, { customerId: 'b', updatedAt: 'soon' }, {}, { customerId: 'd' }];
    const { rows } = customerImportInputs(untyped({ customers }));
    expect(rows.inputs).toEqual([{ customerId: 'a' }, { customerId: 'd' }]);
    const results = ['a', 'd'].map((id) => ({ id, outcome: 'CREATED' as const, error: null }));
    expect(rows.merge(results, (row) => (row as { customerId?: string }).customerId)).toMatchObject([
      { id: 'a', outcome: 'CREATED', error: null },
      { id: 'b', outcome: 'FAILED', error: { code: 'INVALID_ARGUMENT', field: 'updatedAt' } },
      { id: '', outcome: 'FAILED', error: { field: 'customerId' } },
      { id: 'd', outcome: 'CREATED', error: null },
    ]);
  });

  test('with a field that no row can have refuses the whole import', () => {
    const customers = [{ customerId: 'a' }, { customerId: 'b', mail: 'x' }];
    expect(refusal(() => customerImportInputs(untyped({ customers })))).toMatchObject({ field: 'customers[1].mail' });
  });
});

describe('a subscription', () => {
  test('travels with exact amounts and instants', () => {
    expect(
      subscriptionInput({
        customerId: 'a',
        planId: 'p',
        startDate: new Date('2026-01-31T10:00:00+02:00'),
        unitQuantity: '0.10',
        billableFeatures: [{ featureId: 'seats', quantity: 0 }],
        budget: { limit: 100, hasSoftLimit: false },
        billingInformation: { isBackdated: true, taxPercentage: 19 },
      }),
    ).toEqual({
      customerId: 'a',
      planId: 'p',
      startDate: '2026-01-31T08:00:00.000Z',
      unitQuantity: '0.1',
      billableFeatures: [{ featureId: 'seats', quantity: '0' }],
      budget: { limit: '100', hasSoftLimit: false },
      billingInformation: { isBackdated: true, taxPercentage: '19' },
    });
  });

  test('takes values of its own bare or under the name of their kind', () => {
    const value = { featureId: 'seats', usageLimit: 7 };
    const entitlements = [value, { feature: { ...value, hasSoftLimit: true } }];
    expect(updateInput({ subscriptionId: 's', entitlements })).toEqual({
      subscriptionId: 's',
      entitlements: [
        { featureId: 'seats', usageLimit: '7' },
        { featureId: 'seats', usageLimit: '7', hasSoftLimit: true },
      ],
    });
  });

  test('lists values of features and of credits together, and lets them travel apart', () => {
    const credit = { customCurrencyId: 'credits', amount: '2500.50', cadence: 'YEAR' as const, hasSoftLimit: true };
    const entitlements = [{ credit }, { featureId: 'seats', usageLimit: 7 }];
    const travelling = {
      entitlements: [{ featureId: 'seats', usageLimit: '7' }],
      creditEntitlements: [{ currencyId: 'credits', amount: '2500.5', cadence: 'YEAR', hasSoftLimit: true }],
    };
    expect(updateInput({ subscriptionId: 's', entitlements })).toStrictEqual({ subscriptionId: 's', ...travelling });
    expect(subscriptionInput({ customerId: 'a', planId: 'p', entitlements })).toMatchObject(travelling);
    expect(applyInput({ customerId: 'a', planId: 'p', entitlements })).toMatchObject(travelling);
  });

  test.each([
    ['no currency', { amount: 1, cadence: 'MONTH' }, 'customCurrencyId'],
    ['credits of nothing', { customCurrencyId: 'c', amount: 0, cadence: 'MONTH' }, 'amount'],
    ['credits of less than nothing', { customCurrencyId: 'c', amount: -1, cadence: 'MONTH' }, 'amount'],
    ['credits of seven places', { customCurrencyId: 'c', amount: 0.0000001, cadence: 'MONTH' }, 'amount'],
    ['credits by the week', { customCurrencyId: 'c', amount: 1, cadence: 'WEEK' }, 'cadence'],
    ['credits that roll over', { customCurrencyId: 'c', amount: 1, cadence: 'MONTH', rollover: true }, 'rollover'],
  ])('is refused with %s, by the name that the caller wrote', (_, credit, field) => {
    const entitlements = [{ featureId: 'seats', usageLimit: 7 }, { credit }];
    expect(refusal(() => updateInput(untyped({ subscriptionId: 's', entitlements })))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: `entitlements[1].credit.${field}`,
    });
    const subscriptionEntitlements = [{ credit: { customCurrencyId: 'c', amount: 1, cadence: 'MONTH' } }];
    expect(refusal(() => updateInput(untyped({ subscriptionId: 's', subscriptionEntitlements })))).toMatchObject({
      field: 'subscriptionEntitlements[0].credit',
    });
  });

  test('keeps a cancellation that is cleared apart from one that is left alone', () => {
    expect(updateInput({ subscriptionId: 's', cancellationDate: null })).toStrictEqual({
      subscriptionId: 's',
      cancellationDate: null,
    });
    expect(updateInput({ subscriptionId: 's' })).toStrictEqual({ subscriptionId: 's' });
  });

  test.each([
    ['no customer', { customerId: undefined }, 'customerId'],
    ['an unknown billing period', { billingPeriod: 'WEEKLY' }, 'billingPeriod'],
    ['half an add-on', { addons: [{ addonId: 'x', quantity: 0.5 }] }, 'addons[0].quantity'],
    ['a date that is none', { cancellationDate: '2026-13-01' }, 'cancellationDate'],
    ['less than nothing', { billableFeatures: [{ featureId: 'f', quantity: -1 }] }, 'billableFeatures[0].quantity'],
    ['more than a whole tax', { billingInformation: { taxPercentage: 101 } }, 'billingInformation.taxPercentage'],
    ['an unknown anchor', { billingCycleAnchor: 'LATER' }, 'billingCycleAnchor'],
    ['half a budget', { budget: { limit: 1 } }, 'budget.hasSoftLimit'],
    ['a checkout that leads nowhere', { checkoutOptions: { successUrl: 'u' } }, 'checkoutOptions.cancelUrl'],
    ['a value without a feature', { entitlements: [{ usageLimit: 1 }] }, 'entitlements[0].featureId'],
    ['an unknown field', { planID: 'p' }, 'planID'],
  ])('with %s is refused by the name of the field', (_what, input, field) => {
    expect(refusal(() => subscriptionInput(untyped({ customerId: 'a', planId: 'p', ...input })))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      field,
    });
  });

  test('is never updated to another plan', () => {
    expect(refusal(() => updateInput(untyped({ subscriptionId: 's', planId: 'p' })))).toMatchObject({
      field: 'planId',
    });
  });

  test('is cancelled only in the ways that there are', () => {
    expect(cancelInput({ subscriptionId: 's', subscriptionCancellationTime: 'IMMEDIATE', endDate: null })).toEqual({
      subscriptionId: 's',
      subscriptionCancellationTime: 'IMMEDIATE',
      endDate: null,
    });
    expect(
      refusal(() => cancelInput(untyped({ subscriptionId: 's', subscriptionCancellationTime: 'SOON' }))),
    ).toMatchObject({
      field: 'subscriptionCancellationTime',
    });
  });

  test('in a bad row of an import fails in its place, and the others are sent', () => {
    const subscriptions = [{ customerId: 'a' }, { customerId: 'a', planId: 'p' }];
    const { rows } = subscriptionImportInputs(untyped({ subscriptions }));
    expect(rows.inputs).toEqual([{ customerId: 'a', planId: 'p' }]);
  });
});

describe('a list of subscriptions', () => {
  test('is asked for by one value or by several, and by page', () => {
    expect(
      subscriptionsQuery({ resourceId: 'r', status: ['ACTIVE', 'EXPIRED'], limit: 5, startingAfter: 'c' }),
    ).toEqual({
      filter: { resourceIds: ['r'], statuses: ['ACTIVE', 'EXPIRED'] },
      page: { limit: 5, after: 'c' },
    });
    expect(activeSubscriptionsInput({ customerId: 'a', resourceId: ['r', 's'] })).toEqual({
      customerId: 'a',
      resourceIds: ['r', 's'],
    });
  });

  test.each([
    ['no item', { limit: 0 }, 'limit'],
    ['101 items', { limit: 101 }, 'limit'],
    ['two directions', { startingAfter: 'a', endingBefore: 'b' }, 'endingBefore'],
    ['an unknown status', { status: 'PAUSED' }, 'status'],
  ])('of %s is refused by the name of the field', (_what, input, field) => {
    expect(refusal(() => subscriptionsQuery(untyped(input)))).toMatchObject({ code: 'INVALID_ARGUMENT', field });
  });
});

describe('a promotion', () => {
  test.each([
    ['1 week', 'ONE_WEEK'],
    ['1 month', 'ONE_MONTH'],
    ['6 month', 'SIX_MONTHS'],
    ['1 year', 'ONE_YEAR'],
    ['lifetime', 'LIFETIME'],
    ['custom', 'CUSTOM'],
  ] as const)('for %s travels as %s', (period, wire) => {
    const input = grantInput({ customerId: 'a', promotionalEntitlements: [{ featureId: 'f', period }] });
    expect(input.promotionalEntitlements).toEqual([{ featureId: 'f', period: wire }]);
  });

  test('for a period that there is not is refused by its place', () => {
    const promotionalEntitlements = [{ featureId: 'f', period: '2 weeks' }];
    expect(refusal(() => grantInput(untyped({ customerId: 'a', promotionalEntitlements })))).toMatchObject({
      field: 'promotionalEntitlements[0].period',
    });
  });

  test('of nothing is refused, unless a group holds all of it already', () => {
    const nothing = { customerId: 'a', promotionalEntitlements: [] };
    expect(refusal(() => grantInput(nothing))).toMatchObject({ field: 'promotionalEntitlements' });
    expect(grantGroupInput({ ...nothing, featureGroupId: 'g' })).toEqual({ ...nothing, featureGroupId: 'g' });
  });
});
