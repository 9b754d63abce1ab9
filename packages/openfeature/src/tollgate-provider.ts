import {
  ErrorCode,
  type EvaluationContext,
  type FlagMetadata,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  type ResolutionDetails,
  StandardResolutionReasons,
} from '@openfeature/server-sdk';
import {
  type TollgateOptions as ClientOptions,
  type Entitlement,
  gatePortKey,
  isTollgateError,
  Tollgate,
  type TollgateEvent,
  type TollgateListener,
} from '@tollgate/client';
import { type ClientHandle, clientOf } from '@tollgate/client/gate';
import { entitlementTypeOf, type FeatureDescription, type SnapshotKey } from '@tollgate/contract';
import { keyOf } from './evaluation-context.js';
import { type FlagKind, type FlagValues, flagValues, isReadableAs } from './flag-value.js';

export interface TollgateProviderOptions {
  /** A client, which stays yours to close, or the options of one, which closes with the provider. */
  client: Tollgate | ClientOptions;
}

/** Whether what is cached can be trusted, as far as it was seen. */
type Condition = 'fresh' | 'stale';

/** Answers OpenFeature's flags by what a customer is entitled to: the key of a flag is the id of a feature. */
export class TollgateProvider implements Provider {
  readonly metadata = { name: 'tollgate' };
  readonly runsOn = 'server';
  readonly events = new OpenFeatureEventEmitter();
  /** The client behind the provider. */
  readonly client: Tollgate;
  readonly #owner: ClientHandle<Tollgate>;
  /** What the catalog says of features that a customer does not have; forgotten when a catalog is published. */
  readonly #described = new Map<string, FeatureDescription | null>();
  #condition: Condition = 'fresh';
  #stopListening = (): void => {};

  /** Throws CONFIGURATION for a wrong option of the client. */
  constructor({ client }: TollgateProviderOptions) {
    this.#owner = clientOf(client, (options: ClientOptions) => Tollgate.initialize(options));
    this.client = this.#owner.client;
  }

  /** Resolves when the engine has answered. While it cannot be reached flags are evaluated all the same. */
  async initialize(): Promise<void> {
    this.#stopListening();
    this.#stopListening = this.#listen();
    try {
      await this.client.waitForInitialization();
    } catch (error) {
      this.#condition = 'stale';
      const isRefused = isTollgateError(error) && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN');
      throw isRefused ? new ProviderFatalError(error.message) : error;
    }
  }

  async onClose(): Promise<void> {
    this.#stopListening();
    await this.#owner.close();
  }

  resolveBooleanEvaluation(key: string, standard: boolean, context: EvaluationContext) {
    return this.#evaluate('boolean', key, standard, context);
  }

  resolveNumberEvaluation(key: string, standard: number, context: EvaluationContext) {
    return this.#evaluate('number', key, standard, context);
  }

  resolveStringEvaluation(key: string, standard: string, context: EvaluationContext) {
    return this.#evaluate('string', key, standard, context);
  }

  resolveObjectEvaluation<T extends JsonValue>(key: string, standard: T, context: EvaluationContext) {
    return this.#evaluate('object', key, standard, context) as Promise<ResolutionDetails<T>>;
  }

  async #evaluate<Kind extends FlagKind>(
    kind: Kind,
    featureId: string,
    standard: FlagValues[Kind],
    context: EvaluationContext,
  ): Promise<ResolutionDetails<FlagValues[Kind]>> {
    const { customerId, resourceId } = keyOf(context);
    const port = this.client[gatePortKey];
    const key: SnapshotKey = { customerId, resourceId };
    const wasCached = port.viewNow(key) !== undefined;
    const entitlement = await this.client.getEntitlementV2({
      customerId,
      featureId,
      ...(resourceId !== null && { resourceId }),
    });
    // Asked for by a feature's id, it is never one of a currency.
    const found = entitlement as Entitlement;
    const flagMetadata = metadataOf(found);
    const failed = (errorCode: ErrorCode, errorMessage: string): ResolutionDetails<FlagValues[Kind]> => ({
      value: standard,
      reason: StandardResolutionReasons.ERROR,
      errorCode,
      errorMessage,
      flagMetadata,
    });

    if (found.isFallback) {
      const isConfigured = port.configuredFallback({ featureId }) !== undefined;
      if (isConfigured && isReadableAs(kind, found.type)) {
        return { value: flagValues[kind](found), reason: StandardResolutionReasons.DEFAULT, flagMetadata };
      }
      return failed(ErrorCode.GENERAL, `the state of ${featureId} is unknown, and no fallback is configured for it`);
    }
    const description = found.feature ? undefined : await this.#describe(featureId);
    if (description === null) return failed(ErrorCode.FLAG_NOT_FOUND, `the catalog has no feature ${featureId}`);
    const type = description ? entitlementTypeOf(description) : found.feature && found.type;
    if (type && type !== 'CREDIT' && !isReadableAs(kind, type)) {
      return failed(ErrorCode.TYPE_MISMATCH, `${featureId} is ${type}, which cannot be read as a ${kind}`);
    }
    const reason = this.#reasonFor(key, wasCached);
    return { value: flagValues[kind](found), reason, flagMetadata };
  }

  #reasonFor(key: SnapshotKey, wasCached: boolean): string {
    if (wasCached) {
      this.#become('fresh');
      return StandardResolutionReasons.CACHED;
    }
    const isFresh = this.client[gatePortKey].viewNow(key) !== undefined;
    this.#become(isFresh ? 'fresh' : 'stale');
    return isFresh ? StandardResolutionReasons.TARGETING_MATCH : StandardResolutionReasons.STALE;
  }

  /** Null when the catalog has no such feature; undefined when it cannot be asked. */
  async #describe(featureId: string): Promise<FeatureDescription | null | undefined> {
    const known = this.#described.get(featureId);
    if (known !== undefined) return known;
    try {
      const [described = null] = await this.client[gatePortKey].featureTypes([featureId]);
      this.#described.set(featureId, described);
      return described;
    } catch {
      return undefined;
    }
  }

  #become(condition: Condition): void {
    if (this.#condition === condition) return;
    this.#condition = condition;
    this.events.emit(condition === 'stale' ? ProviderEvents.Stale : ProviderEvents.Ready);
  }

  #listen(): () => void {
    const removals: (() => void)[] = [];
    const on = <E extends TollgateEvent>(event: E, listener: TollgateListener<E>): void => {
      this.client.addListener(event, listener);
      removals.push(() => this.client.removeListener(event, listener));
    };
    const changed = (flagsChanged?: string[]): void => {
      this.#become('fresh');
      this.events.emit(ProviderEvents.ConfigurationChanged, flagsChanged && { flagsChanged });
    };
    on('networkRequestFailed', () => this.#become('stale'));
    on('usageUpdated', ({ featureId }) => changed([featureId]));
    on('entitlementsUpdated', ({ entitlements }) => changed(entitlements.flatMap(({ feature }) => feature?.id ?? [])));
    on('packagePublished', () => {
      this.#described.clear();
      changed();
    });
    return () => {
      for (const remove of removals) remove();
    };
  }
}

/** What else is known, in the flat form that OpenFeature allows. */
function metadataOf(entitlement: Entitlement): FlagMetadata {
  const { hasAccess, isFallback, accessDeniedReason } = entitlement;
  const metered = entitlement.type === 'METERED' ? entitlement : undefined;
  return {
    hasAccess,
    isFallback,
    ...(accessDeniedReason && { accessDeniedReason }),
    ...(metered && { currentUsage: metered.currentUsage, hasSoftLimit: metered.hasSoftLimit }),
    ...(metered?.usageLimit !== undefined && { usageLimit: metered.usageLimit }),
  };
}
