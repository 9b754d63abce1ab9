import type { Amount } from '@tollgate/contract';
import { type CreditAckWire, formatAmount, toIso, walletToWire } from '@tollgate/contract';
import type { BookParts } from './book-parts.js';
import type { WalletKey } from './credit/credit-grant.js';
import type { WalletTotals } from './credit/credit-state.js';

/**
 * What a caller hears of the wallet that paid: its totals right after the call, and for the cache the part as the whole
 * transaction left it.
 */
export function creditAck(
  customerId: string,
  { wallet, consumed, totals }: { wallet: WalletKey; consumed: Amount; totals: WalletTotals },
  parts: BookParts,
): CreditAckWire {
  const part = walletToWire(parts.wallet(wallet));
  return {
    currencyId: wallet.currencyId,
    currentUsage: formatAmount(totals.totalConsumed),
    usageLimit: formatAmount(totals.totalGranted),
    timestamp: toIso(parts.version.validFrom),
    consumed: formatAmount(consumed),
    usagePeriodEnd: part.usagePeriodEnd,
    wallet: { customerId, resourceId: wallet.resourceId, wallet: part },
  };
}
