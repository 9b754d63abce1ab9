import type { PromotionalEntitlementInput } from '@tollgate/contract';
import fc from 'fast-check';
import { type PlanId, planIds } from './history-catalog.js';

const hour = 3_600_000;
const day = 24 * hour;

export const customerIds = ['ada', 'bob'] as const;
export const resourceIds = ['w1', 'w2'] as const;

/** What is done, as data: a history can be repeated and made smaller. `nth` picks among the subscriptions there are. */
export type Action =
  | { do: 'wait' }
  | {
      do: 'provision';
      customerId: string;
      planId: PlanId;
      resourceId: string;
      billingPeriod: 'MONTHLY' | 'ANNUALLY';
      addonIds: string[];
      isTrial: boolean | null;
      startsIn: number | null;
      endsIn: number | null;
      scheduleStrategy: 'IMMEDIATE' | 'END_OF_BILLING_PERIOD' | 'END_OF_BILLING_MONTH' | null;
    }
  | {
      do: 'update';
      nth: number;
      addonIds: string[] | null;
      billingPeriod: 'MONTHLY' | 'ANNUALLY' | null;
      cancelsIn: number | 'never' | null;
      trialEndsIn: number | null;
      billingCycleAnchor: 'NOW' | null;
      scheduleStrategy: 'IMMEDIATE' | 'END_OF_BILLING_PERIOD' | null;
    }
  | {
      do: 'cancel';
      nth: number;
      time: 'IMMEDIATE' | 'END_OF_BILLING_PERIOD' | 'SPECIFIC_DATE' | null;
      endsIn: number;
      revokes: boolean;
    }
  | { do: 'cancel scheduled'; nth: number }
  | { do: 'migrate'; nth: number; time: 'IMMEDIATE' | 'END_OF_BILLING_PERIOD' }
  | { do: 'transfer'; nth: number; resourceId: string }
  | { do: 'delegate'; nth: number; customerId: string }
  | { do: 'promote'; customerId: string; grant: Omit<PromotionalEntitlementInput, 'customEndDate'>; endsIn: number }
  | { do: 'end promotion'; customerId: string; featureId: string }
  | { do: 'promote group'; customerId: string; groupId: string; isFull: boolean }
  | { do: 'end group'; customerId: string; groupId: string; unlinks: boolean }
  | { do: 'publish'; planId: PlanId; isForAll: boolean }
  | { do: 'report'; customerId: string; resourceId: string | null; value: number }
  | {
      do: 'grant credits';
      customerId: string;
      resourceId: string | null;
      amount: string;
      startsIn: number | null;
      endsIn: number | null;
    }
  | { do: 'use credits'; customerId: string; resourceId: string | null; amount: string }
  | { do: 'void credits'; customerId: string; resourceId: string | null; nthGrant: number }
  | { do: 'archive'; customerId: string; isBack: boolean };

export interface Step {
  /** How long nothing happened before, in milliseconds. */
  after: number;
  action: Action;
}

const customerId = fc.constantFrom(...customerIds);
const resourceId = fc.constantFrom(...resourceIds);
const nth = fc.nat(7);
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 2 });
const span = fc.constantFrom(hour, day, 3 * day, 10 * day, 31 * day, 45 * day);
const billingPeriod = fc.constantFrom('MONTHLY' as const, 'ANNUALLY' as const);
const addonIds = fc.subarray(['addon-seats', 'addon-no-sso']);
type FieldsOf<Name extends Action['do']> = Omit<Extract<Action, { do: Name }>, 'do'>;
const doing = <Name extends Action['do']>(
  name: Name,
  fields: { [Field in keyof FieldsOf<Name>]: fc.Arbitrary<FieldsOf<Name>[Field]> },
): fc.Arbitrary<Action> => fc.record({ ...fields, do: fc.constant(name) }) as fc.Arbitrary<Action>;

// Most often the plan that time puts customers on: which version they get depends on when they are looked at, if anything.
const publishedPlan = fc.oneof(fc.constant<PlanId>('plan-free'), fc.constantFrom(...planIds));

const grant = fc.oneof(
  fc.record({
    featureId: fc.constant('calls'),
    usageLimit: fc.constantFrom('100', '2500', '9000'),
    resetPeriod: fc.constantFrom('MONTH' as const, 'DAY' as const),
  }),
  fc.record({ featureId: fc.constant('sso') }),
  fc.record({ featureId: fc.constantFrom('calls', 'sso'), isGranted: fc.constant(false) }),
);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Action>({ do: 'wait' }) },
  {
    weight: 6,
    arbitrary: doing('provision', {
      customerId,
      planId: fc.constantFrom(...planIds),
      resourceId,
      billingPeriod,
      addonIds,
      isTrial: orNull(fc.boolean()),
      startsIn: fc.option(span, { freq: 1 }),
      endsIn: orNull(span),
      scheduleStrategy: orNull(
        fc.constantFrom('IMMEDIATE' as const, 'END_OF_BILLING_PERIOD' as const, 'END_OF_BILLING_MONTH' as const),
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: doing('update', {
      nth,
      addonIds: orNull(addonIds),
      billingPeriod: orNull(billingPeriod),
      cancelsIn: fc.option(fc.oneof(span, fc.constant('never' as const)), { freq: 1 }),
      trialEndsIn: fc.option(span, { freq: 1 }),
      billingCycleAnchor: orNull(fc.constant('NOW' as const)),
      scheduleStrategy: orNull(fc.constantFrom('IMMEDIATE' as const, 'END_OF_BILLING_PERIOD' as const)),
    }),
  },
  {
    weight: 3,
    arbitrary: doing('cancel', {
      nth,
      time: orNull(fc.constantFrom('IMMEDIATE' as const, 'END_OF_BILLING_PERIOD' as const, 'SPECIFIC_DATE' as const)),
      endsIn: span,
      revokes: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: doing('cancel scheduled', { nth }) },
  {
    weight: 1,
    arbitrary: doing('migrate', {
      nth,
      time: fc.constantFrom('IMMEDIATE' as const, 'END_OF_BILLING_PERIOD' as const),
    }),
  },
  { weight: 2, arbitrary: doing('transfer', { nth, resourceId }) },
  { weight: 2, arbitrary: doing('delegate', { nth, customerId }) },
  {
    weight: 3,
    arbitrary: fc
      .record({
        customerId,
        grant,
        period: fc.constantFrom('ONE_WEEK' as const, 'ONE_MONTH' as const, 'LIFETIME' as const, 'CUSTOM' as const),
        endsIn: span,
      })
      .map(
        (given): Action => ({
          do: 'promote',
          customerId: given.customerId,
          grant: { ...given.grant, period: given.period },
          endsIn: given.endsIn,
        }),
      ),
  },
  { weight: 1, arbitrary: doing('end promotion', { customerId, featureId: fc.constantFrom('calls', 'sso') }) },
  {
    weight: 1,
    arbitrary: doing('promote group', {
      customerId,
      groupId: fc.constantFrom('group-one', 'group-two'),
      isFull: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: doing('end group', {
      customerId,
      groupId: fc.constantFrom('group-one', 'group-two'),
      unlinks: fc.boolean(),
    }),
  },
  { weight: 7, arbitrary: doing('publish', { planId: publishedPlan, isForAll: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: doing('report', { customerId, resourceId: orNull(resourceId), value: fc.integer({ min: -2, max: 9 }) }),
  },
  {
    weight: 2,
    arbitrary: doing('grant credits', {
      customerId,
      resourceId: orNull(resourceId),
      amount: fc.constantFrom('40', '0.5', '700'),
      startsIn: fc.option(span, { freq: 1 }),
      endsIn: orNull(span),
    }),
  },
  {
    weight: 3,
    arbitrary: doing('use credits', {
      customerId,
      resourceId: orNull(resourceId),
      amount: fc.constantFrom('3', '0.25', '900', '2500'),
    }),
  },
  { weight: 1, arbitrary: doing('void credits', { customerId, resourceId: orNull(resourceId), nthGrant: nth }) },
  { weight: 1, arbitrary: doing('archive', { customerId, isBack: fc.constantFrom(true, true, false) }) },
);

/** One after the other, with gaps from nothing to more than a billing period. */
export const steps = (most: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      after: fc.oneof(fc.constant(0), span),
      action,
    }),
    { minLength: Math.floor(most / 2), maxLength: most, size: 'max' },
  );
