import {
  type Entitlement,
  effectiveEntitlement,
  entitlementAt,
  type Snapshot,
  type SnapshotPair,
  type UsagePart,
  walletScopeOf,
} from '@tollgate/contract';
import { hasWallet } from './book-parts.js';
import type { WalletKey } from './credit/credit-grant.js';
import type { CreditState } from './credit/credit-state.js';
import type { CustomerScopes } from './customer-scopes.js';
import { type ScopeGrants, standingVersion } from './entitlement/grants.js';
import type { CounterWindow } from './entitlement/scope-windows.js';
import type { Standing } from './entitlement/standing.js';
import { walletPartOf } from './entitlement/wallet-parts.js';
import { type Counter, usagePartOf } from './usage/counter.js';
import type { Held } from './usage/held.js';

/** What decisions look at while a transaction changes the numbers: the same snapshots that a cache would hold. */
export interface CustomerView {
  /** What a decision about a feature, or about a currency, looks at, and nothing else. */
  pair(asked: { featureId: string } | { currencyId: string }, resourceId: string | null): SnapshotPair;
  /** What the customer and the resource have of a feature together; undefined for nothing. */
  entitlement(featureId: string, resourceId: string | null): Entitlement | undefined;
  /** The wallet that pays for what came with a resource, or without one. */
  wallet(currencyId: string, resourceId: string | null): WalletKey;
}

/** The numbers as they stand in between. */
export interface ViewedNumbers {
  credits: CreditState;
  held: readonly Held[];
  /** Undefined for a counter that the transaction does not look at. */
  counter(window: CounterWindow): Counter | undefined;
}

export function customerView(
  { standing, scopes, now }: { standing: Standing; scopes: CustomerScopes; now: number },
  numbers: () => ViewedNumbers,
): CustomerView {
  // Grants stay as they are during the transaction.
  const entitlements = new Map<string, Entitlement | undefined>();

  const pairOf = (parts: (scope: ScopeGrants) => Pick<Snapshot, 'usage' | 'wallets'>, resourceId: string | null) => {
    const snapshot = (scope: ScopeGrants): Snapshot => ({
      customerId: standing.customerId,
      resourceId: scope.resourceId,
      grants: scope.grants,
      ...parts(scope),
    });
    return {
      customer: snapshot(scopes.of(null)),
      resource: resourceId === null ? null : snapshot(scopes.of(resourceId)),
    };
  };

  const usageOf = (scope: ScopeGrants, featureId: string, resourceId: string | null): UsagePart[] => {
    if (scope !== scopes.counting(featureId, resourceId) || !scope.grants.entitlements.has(featureId)) return [];
    const { counter, held } = numbers();
    const found = counter(scopes.window(scope, featureId));
    return found ? [usagePartOf(found, standingVersion(standing), held)] : [];
  };

  const walletsOf = ({ resourceId }: ScopeGrants, currencyId: string | undefined): Snapshot['wallets'] => {
    const { credits, held } = numbers();
    if (currencyId === undefined || !hasWallet(credits, { currencyId, resourceId })) return new Map();
    return new Map([[currencyId, walletPartOf(standing, credits, held, { currencyId, resourceId })]]);
  };

  const entitlement = (featureId: string, resourceId: string | null): Entitlement | undefined => {
    const place = `${featureId} ${resourceId ?? ''}`;
    if (!entitlements.has(place)) {
      const given = effectiveEntitlement(
        pairOf(() => nothing, resourceId),
        featureId,
      );
      entitlements.set(place, given && entitlementAt(given, now));
    }
    return entitlements.get(place);
  };

  return {
    entitlement,
    pair: (asked, resourceId) => {
      if ('currencyId' in asked) {
        return pairOf((scope) => ({ ...nothing, wallets: walletsOf(scope, asked.currencyId) }), resourceId);
      }
      const currencyId = entitlement(asked.featureId, resourceId)?.creditRate?.currencyId;
      return pairOf((scope) => {
        const usage = usageOf(scope, asked.featureId, resourceId);
        const byFeature = new Map(usage.map((part) => [part.featureId, part]));
        return { usage: byFeature, wallets: walletsOf(scope, currencyId) };
      }, resourceId);
    },
    wallet: (currencyId, resourceId) => {
      if (resourceId === null) return { currencyId, resourceId };
      const pair = pairOf((scope) => ({ ...nothing, wallets: walletsOf(scope, currencyId) }), resourceId);
      return { currencyId, resourceId: walletScopeOf(pair, currencyId) === 'resource' ? resourceId : null };
    },
  };
}

const nothing: Pick<Snapshot, 'usage' | 'wallets'> = { usage: new Map(), wallets: new Map() };
