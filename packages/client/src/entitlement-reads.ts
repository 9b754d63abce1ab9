import { type AccessDeniedReason, decide, type SnapshotKey, type SnapshotPair } from '@tollgate/contract';
import type { MonotonicClock } from './clock.js';
import {
  type CreditEntitlement,
  creditEntitlementOf,
  creditFallbackOf,
  type EntitlementV2,
} from './credit-entitlement.js';
import {
  creditQuestion,
  type EntitlementParams,
  type EnumOptions,
  featureQuestion,
  type GetCreditEntitlement,
  type GetEntitlement,
  type GetEntitlementV2,
  isGiven,
  keyOf,
  type MeteredOptions,
} from './entitlement-params.js';
import { assertFallback, type EntitlementFallback } from './fallback.js';
import type { Source } from './gate/gate-words.js';
import type { View } from './gate-port.js';
import { getterEventOf } from './getter-events.js';
import type { Hooks } from './hooks.js';
import {
  type Asked,
  type BooleanEntitlement,
  type Entitlement,
  type EnumEntitlement,
  entitlementOf,
  fallbackOf,
  type MeteredEntitlement,
  type NumericEntitlement,
} from './results.js';
import type { SafeLogger } from './safe-logger.js';

interface State<Kind> {
  entitlements: Kind[];
  /** Why there are none at all; null where there are some, or where nothing is known. */
  accessDeniedReason: AccessDeniedReason | null;
}

/** Of features only. */
export type EntitlementsState = State<Entitlement>;
/** Of features and credits. */
export type EntitlementsStateV2 = State<EntitlementV2>;

/** The getters. None of them rejects: what is wrong or unknown is logged and answered by a fallback. */
export interface EntitlementReads {
  boolean(params: GetEntitlement): Promise<BooleanEntitlement>;
  numeric(params: GetEntitlement): Promise<NumericEntitlement>;
  metered(params: GetEntitlement<MeteredOptions>): Promise<MeteredEntitlement>;
  enum(params: GetEntitlement<EnumOptions>): Promise<EnumEntitlement>;
  any(params: GetEntitlement<MeteredOptions & EnumOptions>): Promise<Entitlement>;
  credit(params: GetCreditEntitlement): Promise<CreditEntitlement>;
  anyV2(params: GetEntitlementV2): Promise<EntitlementV2>;
  state(customerId: string, resourceId?: string): Promise<EntitlementsState>;
  stateV2(customerId: string, resourceId?: string): Promise<EntitlementsStateV2>;
}

export interface EntitlementReadsOptions {
  view(key: SnapshotKey): Promise<View>;
  logger: SafeLogger;
  hooks: Hooks;
  monotonic: MonotonicClock;
  fallbacks: ReadonlyMap<string, EntitlementFallback>;
  creditFallbacks: ReadonlyMap<string, EntitlementFallback>;
  fallbackOnMissingEntitlement: boolean;
}

const missing: readonly (AccessDeniedReason | null)[] = ['NoFeatureEntitlementInSubscription', 'EntitlementNotFound'];

export function entitlementReads(options: EntitlementReadsOptions): EntitlementReads {
  const { view, logger, hooks, fallbacks, creditFallbacks, fallbackOnMissingEntitlement } = options;

  const configured = ({ featureId, currencyId }: EntitlementParams): EntitlementFallback | undefined =>
    featureId === undefined ? creditFallbacks.get(currencyId ?? '') : fallbacks.get(featureId);

  const fallbackFor = (params: EntitlementParams | undefined): EntitlementFallback => {
    const own = params?.options?.fallback;
    const isUsable = own !== undefined && isFallback(own);
    return (isUsable ? own : undefined) ?? (params && configured(params)) ?? { hasAccess: false };
  };

  const isFallbackDue = (answer: EntitlementV2, params: EntitlementParams): boolean => {
    const { hasAccess, accessDeniedReason } = answer;
    if (!hasAccess && accessDeniedReason === 'Unknown') {
      logger.error(`the state of ${params.featureId ?? params.currencyId} is unknown, so its fallback answers`);
      return true;
    }
    if (!fallbackOnMissingEntitlement || !missing.includes(accessDeniedReason)) return false;
    return params.options?.fallback !== undefined || configured(params) !== undefined;
  };

  /** `answer` throws for what is wrong with the parameters, before anything is looked up. */
  const read = async <T extends EntitlementV2>(
    params: EntitlementParams,
    answer: () => (view: View) => T,
    fallback: (configured: EntitlementFallback) => T,
  ): Promise<T> => {
    const { onDecision } = hooks;
    const startedMs = onDecision ? options.monotonic() : 0;
    const told = (entitlement: T, source: Source): T => {
      onDecision?.(getterEventOf(params, entitlement, { source, durationMs: options.monotonic() - startedMs }));
      return entitlement;
    };
    try {
      const answerFrom = answer();
      const seen = await view(keyOf(params.customerId, params.resourceId));
      const answered = answerFrom(seen);
      if (!isFallbackDue(answered, params)) return told(answered, seen.source);
    } catch (error) {
      logger.error('an entitlement could not be read, so its fallback answers', error);
    }
    return told(fallback(fallbackFor(params)), 'fallback');
  };

  const feature = <T extends Entitlement>(params: EntitlementParams, type?: T['type']): Promise<T> => {
    let asked: Asked = {};
    const answer = () => {
      const question = featureQuestion(params, type);
      asked = question;
      return ({ snapshots, now }: View) => entitlementOf(decide(snapshots, question, now), asked, type) as T;
    };
    return read(params, answer, (fallback) => fallbackOf(fallback, asked, type) as T);
  };

  const credit = (params: EntitlementParams): Promise<CreditEntitlement> =>
    read<CreditEntitlement>(
      params,
      () => {
        const question = creditQuestion(params);
        return ({ snapshots, now }) => creditEntitlementOf(decide(snapshots, question, now));
      },
      creditFallbackOf,
    );

  const stateFrom = async <T>(
    customerId: string,
    resourceId: string | undefined,
    answer: (snapshots: SnapshotPair, now: number) => State<T>,
    fallback: () => T[],
  ): Promise<State<T>> => {
    try {
      const { snapshots, now } = await view(keyOf(customerId, resourceId));
      if (snapshots) return answer(snapshots, now);
      logger.error('the entitlements are unknown, so the configured fallbacks answer');
    } catch (error) {
      logger.error('the entitlements could not be read, so the configured fallbacks answer', error);
    }
    return { entitlements: fallback(), accessDeniedReason: null };
  };
  const featureFallbacks = () => [...fallbacks.values()].map((fallback) => fallbackOf(fallback, {}));

  return {
    boolean: (params) => feature<BooleanEntitlement>(params, 'BOOLEAN'),
    numeric: (params) => feature<NumericEntitlement>(params, 'NUMERIC'),
    metered: (params) => feature<MeteredEntitlement>(params, 'METERED'),
    enum: (params) => feature<EnumEntitlement>(params, 'ENUM'),
    any: (params) => feature(params),
    credit,
    anyV2: (params) => {
      const { featureId, currencyId, ...rest } = params ?? {};
      if (isGiven(featureId) === isGiven(currencyId)) return feature(params);
      return isGiven(featureId) ? feature({ ...rest, featureId }) : credit({ ...rest, currencyId });
    },
    state: (customerId, resourceId) => stateFrom(customerId, resourceId, stateOf, featureFallbacks),
    stateV2: (customerId, resourceId) =>
      stateFrom<EntitlementV2>(customerId, resourceId, stateV2Of, () => [
        ...featureFallbacks(),
        ...[...creditFallbacks.values()].map(creditFallbackOf),
      ]),
  };
}

/** Every entitlement to a feature of a customer, or of one of the customer's resources, and why there is none. */
export function stateOf(snapshots: SnapshotPair, now: number): EntitlementsState {
  const { customer, resource } = snapshots;
  const featureIds = new Set([...customer.grants.entitlements.keys(), ...(resource?.grants.entitlements.keys() ?? [])]);
  const decisions = [...featureIds].map((featureId) => decide(snapshots, { featureId }, now));
  const known = decisions.filter(({ entitlement }) => entitlement !== null);
  return withReason(
    known.map((decision) => entitlementOf(decision, {})),
    snapshots,
    now,
  );
}

function stateV2Of(snapshots: SnapshotPair, now: number): EntitlementsStateV2 {
  const { customer, resource } = snapshots;
  const currencyIds = new Set([...customer.wallets.keys(), ...(resource?.wallets.keys() ?? [])]);
  const decisions = [...currencyIds].map((currencyId) => decide(snapshots, { currencyId }, now));
  const known = decisions.filter(({ wallet, reason }) => wallet !== null && reason !== 'Unknown');
  const { entitlements } = stateOf(snapshots, now);
  return withReason([...entitlements, ...known.map(creditEntitlementOf)], snapshots, now);
}

const stateReasons: readonly (AccessDeniedReason | null)[] = [
  'CustomerNotFound',
  'CustomerIsArchived',
  'NoActiveSubscription',
];

function withReason<T>(entitlements: T[], snapshots: SnapshotPair, now: number): State<T> {
  // No feature has an empty id, so this asks about the customer alone.
  const { reason } = decide(snapshots, { featureId: '' }, now);
  return {
    entitlements,
    accessDeniedReason: entitlements.length === 0 && stateReasons.includes(reason) ? reason : null,
  };
}

function isFallback(value: unknown): boolean {
  try {
    assertFallback(value, 'fallback', 'INVALID_ARGUMENT');
    return true;
  } catch {
    return false;
  }
}
