import type { UsagePart, Version, WalletPart } from '@tollgate/contract';
import { isSameWallet, type WalletKey } from './credit/credit-grant.js';
import type { CreditState } from './credit/credit-state.js';
import type { CounterWindow } from './entitlement/scope-windows.js';
import type { Standing } from './entitlement/standing.js';
import { walletPartOf } from './entitlement/wallet-parts.js';
import { isSameCounter } from './read-snapshots.js';
import { type Counter, usagePartOf } from './usage/counter.js';
import type { Held } from './usage/held.js';

/** Counters and wallets as a transaction reads or leaves them, as parts of snapshots under one version. */
export interface BookParts {
  version: Version;
  /** Undefined for a counter that the transaction did not look at. */
  usage(window: CounterWindow): UsagePart | undefined;
  /** A counter as it was in between. */
  usageAt(counter: Counter): UsagePart;
  /** All zero for a wallet that there is not. */
  wallet(key: WalletKey): WalletPart;
  hasWallet(key: WalletKey): boolean;
}

export function partsOf(numbers: {
  standing: Standing;
  credits: CreditState;
  held: readonly Held[];
  version: Version;
  counters: readonly Counter[];
}): BookParts {
  const { standing, credits, held, version, counters } = numbers;
  const usageAt = (counter: Counter): UsagePart => usagePartOf(counter, version, held);
  // Every job of a transaction that was paid by a wallet is told of the same part.
  const wallets = new Map<string, WalletPart>();
  const wallet = (key: WalletKey): WalletPart => {
    const place = `${key.currencyId} ${key.resourceId ?? ''}`;
    const part = wallets.get(place) ?? walletPartOf(standing, credits, held, key, version);
    wallets.set(place, part);
    return part;
  };
  return {
    version,
    usageAt,
    usage: (window) => {
      const counter = counters.find((other) => isSameCounter(other, window));
      return counter && usageAt(counter);
    },
    wallet,
    hasWallet: (key) => hasWallet(credits, key),
  };
}

export const hasWallet = ({ wallets }: CreditState, key: WalletKey): boolean =>
  wallets.some((wallet) => isSameWallet(wallet, key));
