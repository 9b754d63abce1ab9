import type { Tollgate } from '@tollgate/client';
import type { Did } from './reference-changes.js';

/** The methods about credits, as the reference's programs call them. */
export async function credits(client: Tollgate, did: Did): Promise<void> {
  const wallet = { customerId: 'acme', currencyId: 'ai-credits' };
  did.grantCredits = await client.grantCredits({
    ...wallet,
    amount: 100,
    displayName: 'A gift',
    grantType: 'PROMOTIONAL',
  });
  did.consumeCredits = await client.consumeCredits({ ...wallet, amount: 30, idempotencyKey: 'credits-1' });
  did.getCreditEntitlement = await client.getCreditEntitlement({
    ...wallet,
    options: { fallback: { hasAccess: true } },
  });
  did.getCreditBalance = await client.getCreditBalance(wallet);
  did.getEntitlementV2 = await Promise.all([
    client.getEntitlementV2({ ...wallet, options: { requestedUsage: 71 } }),
    client.getEntitlementV2({ customerId: 'acme', featureId: 'feature-seats' }),
    client.getEntitlementV2({ customerId: 'acme' }),
  ]);
  did.typesOfTheState = (await client.getEntitlementsStateV2('acme')).entitlements.map(({ type }) => type).sort();
}
