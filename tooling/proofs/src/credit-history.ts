import type { CatalogDocument, CatalogPlan } from '@tollgate/contract';
import fc from 'fast-check';

/** What happens at one hour, in a place of its own: whatever is after it happens with it done. */
export type Turn =
  | { do: 'wait' }
  | { do: 'grant'; amount: number; isPaid: boolean; priority: number; startsIn: number | null; lasts: number | null }
  | { do: 'void'; nth: number }
  | { do: 'reserve'; items: { of: 'credits' | 'prompts' | 'jobs'; amount: number }[]; hours: number }
  | { do: 'settle'; nth: number; share: 'nothing' | 'half' | 'all' | 'more' }
  | { do: 'release'; nth: number }
  | { do: 'give back'; amount: number };

/** What may arrive in any order among others of its hour; calls of one hour even after those of later ones. */
export type Message = { rank: number; repeats: readonly number[] } & (
  | { do: 'consume'; amount: number }
  | { do: 'prompt'; amount: number }
  | { do: 'call'; behavior: 'DELTA' | 'SET'; value: number; lateBy: number }
);

/** One hour in which something happens, so many hours after the last one: first the turn, then the messages. */
export interface Hour {
  after: number;
  turn: Turn;
  /** In how many later hours the turn is repeated; 0 is the same one. */
  repeats: readonly number[];
  messages: readonly Message[];
}

export interface CreditHistory {
  /** Whether a plan gives credits anew each month. */
  isRecurring: boolean;
  /** Whether the wallet is filled up when it runs low. */
  isRecharged: boolean;
  hours: readonly Hour[];
}

/** What a unit of `prompts` costs. */
export const promptRate = 2;
/** The limit of `jobs`, which is hard and for ever. */
export const jobLimit = 20;
/** What the plan with recurring credits gives each month. */
export const monthlyCredits = 30;
/** A wallet that is filled up when it runs low has less than the first number then, and the second one afterwards. */
export const rechargeBelow = 20;
export const rechargeTo = 50;

const plan = (over: Partial<CatalogPlan>): CatalogPlan => ({
  displayName: 'Plan',
  productId: 'app',
  pricingType: 'FREE',
  entitlements: {
    calls: { hasUnlimitedUsage: true, resetPeriod: 'DAY' },
    jobs: { usageLimit: jobLimit },
    prompts: { hasUnlimitedUsage: true, creditRate: { currencyId: 'credits', amount: promptRate } },
  },
  ...over,
});

const metered = { featureType: 'NUMBER', meterType: 'INCREMENTAL' } as const;

export const creditCatalog: CatalogDocument = {
  products: { app: { displayName: 'App' } },
  features: {
    calls: { displayName: 'Calls', ...metered },
    jobs: { displayName: 'Jobs', ...metered },
    prompts: { displayName: 'Prompts', ...metered },
  },
  customCurrencies: { credits: { displayName: 'Credits' } },
  plans: {
    plain: plan({}),
    monthly: plan({ creditEntitlements: { credits: { amount: monthlyCredits, cadence: 'MONTH' } } }),
  },
};

const amount = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(0.5, 1.25, 0.000001));
const nth = fc.nat({ max: 5 });
const gap = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 24, max: 24 * 16 }));
const repeats = fc.array(fc.nat({ max: 3 }), { maxLength: 2 });

const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Turn>({ do: 'wait' }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      amount,
      isPaid: fc.boolean(),
      priority: fc.constantFrom(0, 50, 50, 90),
      startsIn: fc.option(gap, { freq: 1 }),
      lasts: fc.option(gap),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), nth }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      items: fc.uniqueArray(
        fc.record({ of: fc.constantFrom('credits' as const, 'prompts' as const, 'jobs' as const), amount }),
        { selector: ({ of }) => of, minLength: 1, maxLength: 3 },
      ),
      hours: fc.integer({ min: 1, max: 24 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      nth,
      share: fc.constantFrom('nothing' as const, 'half' as const, 'all' as const, 'more' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('give back' as const), amount }) },
);

const arrival = { rank: fc.nat(), repeats };
const message: fc.Arbitrary<Message> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('consume' as const), amount, ...arrival }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('prompt' as const), amount, ...arrival }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      behavior: fc.constantFrom('DELTA' as const, 'DELTA' as const, 'SET' as const),
      value: fc.integer({ min: -3, max: 20 }),
      lateBy: fc.nat({ max: 3 }),
      ...arrival,
    }),
  },
);

/** Histories of so many hours at most in which something happens. */
export const creditHistories = (hoursMax: number): fc.Arbitrary<CreditHistory> =>
  fc.record({
    isRecurring: fc.boolean(),
    isRecharged: fc.boolean(),
    hours: fc.array(fc.record({ after: gap, turn, repeats, messages: fc.array(message, { maxLength: 6 }) }), {
      minLength: 2,
      maxLength: hoursMax,
      size: 'max',
    }),
  });
