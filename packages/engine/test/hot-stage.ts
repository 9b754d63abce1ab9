import type { CatalogDocument, GrantCreditsInput, HotOperationInput, Snapshot, WalletPart } from '@tollgate/contract';
import { amountToNumber } from '@tollgate/contract';
import type { EngineOptions } from '../src/engine.js';
import type { Database } from '../src/storage/database.js';
import { changed } from './catalogs.js';
import type { Implementation } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const isWritten = { field: 'eventName', operation: 'EQUALS' as const, value: 'written' };

/** A currency, and features that are paid with it: at a rate, by a formula, with and without a limit of their own. */
export const hotCatalog: CatalogDocument = changed((copy) => {
  const counter = { featureType: 'NUMBER' as const, meterType: 'INCREMENTAL' as const };
  copy.customCurrencies = {
    'credit-ai': { displayName: 'AI credits', units: { singular: 'credit', plural: 'credits' } },
    'credit-mail': { displayName: 'Mail credits' },
  };
  copy.features['feature-pages'] = { displayName: 'Pages', ...counter };
  copy.features['feature-images'] = { displayName: 'Images', ...counter };
  copy.features['feature-answers'] = { displayName: 'Answers', ...counter };
  copy.features['feature-words'] = {
    displayName: 'Words',
    ...counter,
    meter: { aggregation: 'SUM', field: 'words', filters: [{ conditions: [isWritten] }] },
  };
  copy.plans['plan-credits'] = {
    displayName: 'Credits',
    productId: 'product-app',
    pricingType: 'FREE',
    entitlements: {
      'feature-pages': { creditRate: { currencyId: 'credit-ai', amount: 2 } },
      'feature-images': { usageLimit: 10, creditRate: { currencyId: 'credit-ai', amount: 1 } },
      'feature-answers': { creditRate: { currencyId: 'credit-ai', costFormula: '1.1 * a + 5 * b' } },
      'feature-words': { creditRate: { currencyId: 'credit-ai', amount: 0.5 } },
      'feature-reports': { usageLimit: 100, resetPeriod: 'MONTH' },
      'feature-calls': { usageLimit: 100, hasSoftLimit: true, resetPeriod: 'DAY' },
      'feature-projects': { usageLimit: 3 },
    },
  };
  copy.plans['plan-soft'] = {
    displayName: 'Soft',
    productId: 'product-workspace',
    pricingType: 'FREE',
    entitlements: {},
    creditEntitlements: { 'credit-ai': { amount: 5, cadence: 'MONTH', hasSoftLimit: true } },
  };
  copy.plans['plan-workspace'] = {
    ...(copy.plans['plan-workspace'] as (typeof copy.plans)[string]),
    entitlements: { 'feature-pages': { creditRate: { currencyId: 'credit-ai', amount: 2 } } },
  };
});

export const start = at('2026-03-05T00:00:00Z');
export const now = at('2026-03-10T12:00:00Z');

export interface HotStage extends Stage {
  /** A fresh customer on the plan with credits since March 5: reports run from the 5th to the 5th. */
  subscribed(planId?: string): Promise<string>;
  hot(operation: HotOperationInput, instant?: number): ReturnType<Stage['environment']['hot']>;
  snapshot(customerId: string, resourceId?: string | null, instant?: number): Promise<Snapshot>;
  /** `balance / consumed / held` of the customer's AI credits. */
  wallet(customerId: string, resourceId?: string | null, instant?: number): Promise<string>;
  /** `used + held` of a feature. */
  usage(customerId: string, featureId: string, instant?: number): Promise<string>;
}

export async function openHotStage(
  implementation: Implementation,
  options: Partial<EngineOptions> = {},
): Promise<HotStage> {
  const stage = await openStage(implementation, hotCatalog, options);
  let last = 0;
  const snapshot = async (customerId: string, resourceId: string | null = null, instant = now) => {
    const [found] = await stage.environment.snapshots(customerId, [resourceId], instant);
    return found as Snapshot;
  };
  return {
    ...stage,
    snapshot,
    subscribed: async (planId = 'plan-credits') => {
      const customerId = `customer-${++last}`;
      await stage.environment.provisionCustomer({ customerId, subscriptionParams: { planId } }, start);
      return customerId;
    },
    hot: (operation, instant = now) => stage.environment.hot(operation, instant),
    wallet: async (customerId, resourceId = null, instant = now) =>
      described((await snapshot(customerId, resourceId, instant)).wallets.get('credit-ai')),
    usage: async (customerId, featureId, instant = now) => {
      const part = (await snapshot(customerId, null, instant)).usage.get(featureId);
      return part ? `${amountToNumber(part.currentUsage)} + ${amountToNumber(part.held)}` : 'none';
    },
  };
}

function described(wallet: WalletPart | undefined): string {
  if (!wallet) return 'none';
  return [wallet.balance, wallet.totalConsumed, wallet.held].map(amountToNumber).join(' / ');
}

/** Gives credits that count at once, under a name by which `ledger` tells of them. */
export async function grant(
  { environment }: Pick<Stage, 'environment'>,
  customerId: string,
  amount: number,
  { name = 'grant', instant = start, ...more }: Partial<GrantCreditsInput> & { name?: string; instant?: number } = {},
): Promise<void> {
  const given = { currencyId: 'credit-ai', grantType: 'PROMOTIONAL' as const, displayName: name };
  await environment.grantCredits({ customerId, amount: String(amount), ...given, ...more }, instant);
}

/** The customer's ledger without what was granted: `<type> <amount> <name of the grant> <feature>`, in its order. */
export async function ledger(database: Database, customerId: string): Promise<string[]> {
  const rows = await database.query<Record<string, string>>(
    `select type, trim_scale(l.amount) as amount, content->>'displayName' as name, coalesce(feature_id, '-') as feature
       from {schema}.credit_ledger l join {schema}.credit_grant g using (environment, customer_id, grant_id)
      where customer_id = $1 and type <> 'CREDITS_GRANTED' order by l.revision, l.ordinal`,
    [customerId],
  );
  return rows.map(({ type, amount, name, feature }) => `${type} ${amount} ${name} ${feature}`);
}
