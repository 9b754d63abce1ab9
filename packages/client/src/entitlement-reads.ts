import {
  type AccessDeniedReason,
  type Amount,
  assertCustomerId,
  assertId,
  type Decision,
  decide,
  invalidArgument,
  parseAmount,
  type Question,
  type SnapshotKey,
  type SnapshotPair,
} from '@tollgate/contract';
import { assertFallback, type EntitlementFallback } from './fallback.js';
import type { View } from './gate-port.js';
import { checkFields } from './input-rules.js';
import {
  type Asked,
  type BooleanEntitlement,
  type Entitlement,
  type EnumEntitlement,
  entitlementOf,
  type FeatureEntitlementType,
  fallbackOf,
  type MeteredEntitlement,
  type NumericEntitlement,
} from './results.js';
import type { SafeLogger } from './safe-logger.js';

export interface EntitlementOptions {
  /** Answers while the state is unknown, before the client's `entitlementsFallback`. */
  fallback?: EntitlementFallback;
  /** Accepted for compatibility; the answer is the same. */
  shouldTrack?: boolean;
}

export interface GetEntitlement<Options extends EntitlementOptions = EntitlementOptions> {
  customerId: string;
  featureId: string;
  resourceId?: string;
  options?: Options;
}

/** `requestedUsage`: would this much more still fit? Raw units, 0 or more. */
export type MeteredOptions = EntitlementOptions & { requestedUsage?: number | string };
/** `requestedValues`: are all of these granted? */
export type EnumOptions = EntitlementOptions & { requestedValues?: string[] };

export interface EntitlementsState {
  entitlements: Entitlement[];
  /** Why there are none at all; null where there are some, or where nothing is known. */
  accessDeniedReason: AccessDeniedReason | null;
}

/** The getters. None of them rejects: what is wrong or unknown is logged and answered by a fallback. */
export interface EntitlementReads {
  boolean(params: GetEntitlement): Promise<BooleanEntitlement>;
  numeric(params: GetEntitlement): Promise<NumericEntitlement>;
  metered(params: GetEntitlement<MeteredOptions>): Promise<MeteredEntitlement>;
  enum(params: GetEntitlement<EnumOptions>): Promise<EnumEntitlement>;
  any(params: GetEntitlement<MeteredOptions & EnumOptions>): Promise<Entitlement>;
  state(customerId: string, resourceId?: string): Promise<EntitlementsState>;
}

type AnyParams = GetEntitlement<MeteredOptions & EnumOptions>;

export interface EntitlementReadsOptions {
  view(key: SnapshotKey): Promise<View>;
  logger: SafeLogger;
  fallbacks: ReadonlyMap<string, EntitlementFallback>;
  fallbackOnMissingEntitlement: boolean;
}

export function entitlementReads({
  view,
  logger,
  fallbacks,
  fallbackOnMissingEntitlement,
}: EntitlementReadsOptions): EntitlementReads {
  const read = async <T extends Entitlement>(params: AnyParams, type?: T['type']): Promise<T> => {
    let asked: Asked = {};
    try {
      const question = questionOf(params, type);
      asked = question;
      const { snapshots, now } = await view(keyOf(params.customerId, params.resourceId));
      const decision = decide(snapshots, question, now);
      if (!isFallbackDue(decision, params)) return entitlementOf(decision, asked, type) as T;
    } catch (error) {
      logger.error('an entitlement could not be read, so its fallback answers', error);
    }
    return fallbackOf(fallbackFor(params), asked, type) as T;
  };

  const isFallbackDue = ({ hasAccess, reason }: Decision, params: AnyParams): boolean => {
    if (!hasAccess && reason === 'Unknown') {
      logger.error(`the state of ${params.featureId} is unknown, so its fallback answers`);
      return true;
    }
    if (!fallbackOnMissingEntitlement || reason !== 'NoFeatureEntitlementInSubscription') return false;
    return params.options?.fallback !== undefined || fallbacks.has(params.featureId);
  };

  const fallbackFor = (params: AnyParams | undefined): EntitlementFallback => {
    const own = params?.options?.fallback;
    const isUsable = own !== undefined && isFallback(own);
    return (isUsable ? own : undefined) ?? fallbacks.get(params?.featureId ?? '') ?? { hasAccess: false };
  };

  return {
    boolean: (params) => read<BooleanEntitlement>(params, 'BOOLEAN'),
    numeric: (params) => read<NumericEntitlement>(params, 'NUMERIC'),
    metered: (params) => read<MeteredEntitlement>(params, 'METERED'),
    enum: (params) => read<EnumEntitlement>(params, 'ENUM'),
    any: (params) => read(params),
    state: async (customerId, resourceId) => {
      try {
        const { snapshots, now } = await view(keyOf(customerId, resourceId));
        if (snapshots) return stateOf(snapshots, now);
        logger.error('the entitlements are unknown, so the configured fallbacks answer');
      } catch (error) {
        logger.error('the entitlements could not be read, so the configured fallbacks answer', error);
      }
      const entitlements = [...fallbacks.values()].map((fallback) => fallbackOf(fallback, {}));
      return { entitlements, accessDeniedReason: null };
    },
  };
}

/** Every entitlement of a customer, or of one of the customer's resources, and why there is none. */
export function stateOf(snapshots: SnapshotPair, now: number): EntitlementsState {
  const { customer, resource } = snapshots;
  const stateReasons: readonly (string | null)[] = ['CustomerNotFound', 'CustomerIsArchived', 'NoActiveSubscription'];
  const featureIds = new Set([...customer.grants.entitlements.keys(), ...(resource?.grants.entitlements.keys() ?? [])]);
  const decisions = [...featureIds].map((featureId) => decide(snapshots, { featureId }, now));
  const known = decisions.filter(({ entitlement }) => entitlement !== null);
  // No feature has an empty id, so this asks about the customer alone.
  const { reason } = decide(snapshots, { featureId: '' }, now);
  return {
    entitlements: known.map((decision) => entitlementOf(decision, {})),
    accessDeniedReason: known.length === 0 && stateReasons.includes(reason) ? reason : null,
  };
}

export function keyOf(customerId: string, resourceId: string | undefined | null): SnapshotKey {
  assertCustomerId(customerId);
  if (resourceId === undefined || resourceId === null) return { customerId, resourceId: null };
  assertId(resourceId, 'resourceId');
  return { customerId, resourceId };
}

const optionsOf: Readonly<Record<FeatureEntitlementType, readonly string[]>> = {
  BOOLEAN: [],
  NUMERIC: [],
  METERED: ['requestedUsage'],
  ENUM: ['requestedValues'],
};

function questionOf(params: AnyParams, type: FeatureEntitlementType | undefined): Question & Asked {
  checkFields(params, ['customerId', 'featureId', 'resourceId', 'options'], '');
  assertId(params.featureId, 'featureId');
  const { options = {} } = params;
  const own = type ? optionsOf[type] : ['requestedUsage', 'requestedValues'];
  checkFields(options, ['fallback', 'shouldTrack', ...own], 'options.');
  if (options.fallback !== undefined) assertFallback(options.fallback, 'options.fallback', 'INVALID_ARGUMENT');
  return {
    featureId: params.featureId,
    ...(type && { expectedType: type }),
    ...(options.requestedUsage !== undefined && { requestedUsage: requestedUsage(options.requestedUsage) }),
    ...(options.requestedValues !== undefined && { requestedValues: requestedValues(options.requestedValues) }),
  };
}

function requestedUsage(value: number | string): Amount {
  const amount = parseAmount(value, 'options.requestedUsage');
  if (amount < 0n) throw invalidArgument('options.requestedUsage', 'must not be negative');
  return amount;
}

function requestedValues(values: string[]): readonly string[] {
  const areTexts = Array.isArray(values) && values.every((value: unknown) => typeof value === 'string');
  if (!areTexts) throw invalidArgument('options.requestedValues', 'must be an array of strings');
  return values;
}

function isFallback(value: unknown): boolean {
  try {
    assertFallback(value, 'fallback', 'INVALID_ARGUMENT');
    return true;
  } catch {
    return false;
  }
}
