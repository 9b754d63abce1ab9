import { type Logger, type SharedCache, TollgateError, type Transport } from '@tollgate/contract';
import { monotonicClock } from './clock.js';
import { assertFallback, type EntitlementFallback } from './fallback.js';
import type { TollgateHooks } from './hook-events.js';
import { type Hooks, loggerTelling, resolveHooks } from './hooks.js';
import { consoleLogger } from './logger.js';
import { type LogLevel, type SafeLogger, safeLogger } from './safe-logger.js';
import type { CurrencyId, FeatureId, Registered } from './typed-catalog.js';

/** What `Tollgate.initialize` takes. */
export interface TollgateOptions<Catalog = Registered> {
  /** A server key. Required, unless `transport` or `offline` is given. */
  apiKey?: string;
  /** The engine's address. Default: the environment variable `TOLLGATE_URL`, else `http://127.0.0.1:4210`. */
  baseUri?: string;
  /** The change feed's address. Default: derived from `baseUri`. */
  wsUrl?: string;
  /** Follow the change feed. Default true; without it, what is cached is trusted for 30 seconds. */
  realtimeUpdatesEnabled?: boolean;
  /** What getters answer while a feature's state is unknown, by feature id. */
  entitlementsFallback?: { [Id in FeatureId<Catalog>]?: EntitlementFallback };
  /** The same for credits, by currency id. */
  creditEntitlementsFallback?: { [Id in CurrencyId<Catalog>]?: EntitlementFallback };
  /** About how many bytes of snapshots are kept in memory. Default 64 MiB. */
  memoryCacheMaxSizeBytes?: number;
  /** How long reports and management calls wait for the engine, in milliseconds. Default 10,000. */
  timeout?: number;
  /** How long an entitlement getter waits for the engine, in milliseconds. Default 5,000. */
  entitlementsTimeout?: number;
  /** Where and how much is logged. Default: errors, to the console. */
  logConfiguration?: { logger?: Logger; logLevel?: LogLevel };
  /** What watches this client: decisions, usage, caches and errors. One set of hooks, or a list of them. */
  hooks?: TollgateHooks | readonly TollgateHooks[];
  /** Sent along with requests, to tell applications apart. */
  clientName?: string;
  clientVersion?: string;
  /** No network at all: getters answer fallbacks, reports resolve and go nowhere, management calls reject. Default false. */
  offline?: boolean;
  /** Another way to the engine, such as the embedded one; stands in for `apiKey` and addresses. Closed with the client. */
  transport?: Transport;
  /** A cache shared with other processes, such as `redisCache({…})`. Closed with the client. */
  cache?: SharedCache;
  /** Answer a configured fallback, too, where a feature is in no subscription of the customer. Default false. */
  fallbackOnMissingEntitlement?: boolean;
  /** Accepted for compatibility and ignored: there is no edge to go through. */
  enableEdge?: boolean;
  /** Accepted for compatibility and ignored. */
  baseEdgeUri?: string;
  /** Accepted for compatibility and ignored. */
  enableRemoteConfig?: boolean;
}

/** The options after defaults, checked and frozen; nobody reads the raw ones after this. */
export type ResolvedOptions = Readonly<{
  apiKey: string;
  baseUri: string;
  wsUrl: string;
  isRealtime: boolean;
  entitlementsFallback: ReadonlyMap<string, EntitlementFallback>;
  creditEntitlementsFallback: ReadonlyMap<string, EntitlementFallback>;
  memoryCacheMaxSizeBytes: number;
  timeoutMs: number;
  entitlementsTimeoutMs: number;
  logger: SafeLogger;
  hooks: Hooks;
  clientName: string;
  clientVersion: string;
  isOffline: boolean;
  transport: Transport | undefined;
  cache: SharedCache | undefined;
  fallbackOnMissingEntitlement: boolean;
}>;

export const defaults = Object.freeze({
  baseUri: 'http://127.0.0.1:4210',
  realtimeUpdatesEnabled: true,
  memoryCacheMaxSizeBytes: 64 * 1024 * 1024,
  timeout: 10_000,
  entitlementsTimeout: 5_000,
  logLevel: 'ERROR' as LogLevel,
  clientName: '@tollgate/client',
  clientVersion: '0',
  offline: false,
  fallbackOnMissingEntitlement: false,
});

type OptionKind = 'string' | 'boolean' | 'positive' | 'record' | 'object' | 'hooks' | 'ignored';

const optionKinds: Readonly<Record<keyof TollgateOptions, OptionKind>> = {
  apiKey: 'string',
  baseUri: 'string',
  wsUrl: 'string',
  realtimeUpdatesEnabled: 'boolean',
  entitlementsFallback: 'record',
  creditEntitlementsFallback: 'record',
  memoryCacheMaxSizeBytes: 'positive',
  timeout: 'positive',
  entitlementsTimeout: 'positive',
  logConfiguration: 'object',
  hooks: 'hooks',
  clientName: 'string',
  clientVersion: 'string',
  offline: 'boolean',
  transport: 'object',
  cache: 'object',
  fallbackOnMissingEntitlement: 'boolean',
  enableEdge: 'ignored',
  baseEdgeUri: 'ignored',
  enableRemoteConfig: 'ignored',
};

const logLevels: readonly string[] = ['ALL', 'LOG', 'ERROR', 'NONE'] satisfies LogLevel[];

/** Checks and completes the options. Throws CONFIGURATION, naming the option. */
export function resolveOptions(
  options: TollgateOptions,
  environment: Record<string, string | undefined> = process.env,
): ResolvedOptions {
  if (typeof options !== 'object' || options === null) throw refused('config', 'must be an object of options');
  checkNames(options);
  for (const [name, kind] of Object.entries(optionKinds)) checkKind(name, options[name as keyof TollgateOptions], kind);
  checkTransport(options);

  const logLevel = options.logConfiguration?.logLevel ?? defaults.logLevel;
  if (!logLevels.includes(logLevel))
    throw refused('logConfiguration.logLevel', `must be one of ${logLevels.join(', ')}`);
  const { hooks, logger } = watched(safeLogger(options.logConfiguration?.logger ?? consoleLogger, logLevel), options);
  const ignored = Object.entries(optionKinds).filter(([name, kind]) => kind === 'ignored' && name in options);
  if (ignored.length > 0) logger.debug(`accepted and ignored: ${ignored.map(([name]) => name).join(', ')}`);

  const baseUri = httpUrl(options.baseUri ?? environment.TOLLGATE_URL ?? defaults.baseUri, 'baseUri');
  return Object.freeze({
    apiKey: options.apiKey ?? '',
    baseUri,
    wsUrl: options.wsUrl ?? `${baseUri.replace(/^http/, 'ws')}/graphql`,
    isRealtime: options.realtimeUpdatesEnabled ?? defaults.realtimeUpdatesEnabled,
    entitlementsFallback: fallbacks(options.entitlementsFallback, 'entitlementsFallback'),
    creditEntitlementsFallback: fallbacks(options.creditEntitlementsFallback, 'creditEntitlementsFallback'),
    memoryCacheMaxSizeBytes: options.memoryCacheMaxSizeBytes ?? defaults.memoryCacheMaxSizeBytes,
    timeoutMs: options.timeout ?? defaults.timeout,
    entitlementsTimeoutMs: options.entitlementsTimeout ?? defaults.entitlementsTimeout,
    logger,
    hooks,
    clientName: options.clientName ?? defaults.clientName,
    clientVersion: options.clientVersion ?? defaults.clientVersion,
    isOffline: options.offline ?? defaults.offline,
    transport: options.transport,
    cache: options.cache,
    fallbackOnMissingEntitlement: options.fallbackOnMissingEntitlement ?? defaults.fallbackOnMissingEntitlement,
  });
}

/** The hooks, and the logger that tells them of errors. What fails in a hook goes to the logger alone. */
export function watched(
  logger: SafeLogger,
  given: Pick<TollgateOptions, 'hooks'>,
): { hooks: Hooks; logger: SafeLogger } {
  const hooks = resolveHooks(given.hooks, { logger, monotonic: monotonicClock });
  return { hooks, logger: loggerTelling(logger, hooks) };
}

function checkNames(options: object): void {
  for (const name of Object.keys(options)) {
    if (name === 'redis') throw refused('redis', 'is not an option: use `cache: redisCache({…})` of @tollgate/redis');
    if (!Object.hasOwn(optionKinds, name)) throw refused(name, 'is not an option');
  }
}

function checkKind(name: string, value: unknown, kind: OptionKind): void {
  if (value === undefined || kind === 'ignored' || kind === 'hooks') return;
  if (kind === 'string' || kind === 'boolean') {
    if (typeof value !== kind) throw refused(name, `must be a ${kind}`);
  } else if (kind === 'positive') {
    if (!Number.isSafeInteger(value) || (value as number) < 1) throw refused(name, 'must be a whole number above 0');
  } else if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(name, 'must be an object');
  }
}

function checkTransport(options: TollgateOptions): void {
  if (!options.transport) return;
  const contradicted = (['apiKey', 'baseUri', 'wsUrl'] as const).find((name) => options[name] !== undefined);
  if (contradicted) throw refused(contradicted, 'and transport exclude each other: a transport stands in for it');
}

function httpUrl(text: string, field: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw refused(field, 'must be an http(s) URL');
  return text.replace(/\/+$/, '');
}

function fallbacks(given: object | undefined, field: string) {
  const entries = Object.entries<EntitlementFallback>({ ...given });
  for (const [id, fallback] of entries) assertFallback(fallback, `${field}.${id}`, 'CONFIGURATION');
  return new Map(entries.map(([id, fallback]) => [id, Object.freeze({ ...fallback })]));
}

function refused(option: string, rule: string): TollgateError {
  return new TollgateError('CONFIGURATION', `${option} ${rule}`, { field: option });
}
