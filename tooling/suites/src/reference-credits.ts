import type { Tollgate } from '@tollgate/client';
import type { Did } from './reference-changes.js';
import { until } from './until.js';

const wallet = { customerId: 'acme', currencyId: 'ai-credits' };

/** The methods about credits and about usage over time, as the reference's programs call them, and our reservations. */
export async function credits(client: Tollgate, did: Did): Promise<void> {
  const grant = await client.grantCredits({
    ...wallet,
    amount: 100,
    displayName: 'A gift',
    grantType: 'PROMOTIONAL',
  });
  did.grantCredits = grant;
  did.consumeCredits = await client.consumeCredits({ ...wallet, amount: 30, idempotencyKey: 'credits-1' });
  await reads(client, did);
  await estimates(client, did);
  await reservations(client, did);
  const consumptions = [{ ...wallet, amount: 6, idempotencyKey: 'credits-2' }];
  did.consumeCreditsAsync = await client.consumeCreditsAsync({ consumptions });
  const left = async () => (await client.getCreditEntitlement(wallet)).currentBalance;
  did.leftInTheEnd = await until(left, (balance) => balance < 66);
  await records(client, did);
  did.getAutomaticRechargeConfiguration = await client.getAutomaticRechargeConfiguration(wallet);
  did.saveAutomaticRechargeConfiguration = await client.saveAutomaticRechargeConfiguration({
    ...wallet,
    isEnabled: false,
    thresholdValue: 20,
    targetBalance: 50,
    grantExpirationPeriod: '1_YEAR',
  });
  did.voidCreditGrant = await client.voidCreditGrant({ grantId: grant.id });
}

async function reads(client: Tollgate, did: Did): Promise<void> {
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

async function estimates(client: Tollgate, did: Did): Promise<void> {
  did.estimateUsageCost = await client.estimateUsageCost({
    customerId: 'acme',
    featureId: 'feature-answers',
    value: 5,
  });
  did.estimateEventCost = await client.estimateEventCost({ customerId: 'acme', eventName: 'call' });
}

async function reservations(client: Tollgate, did: Did): Promise<void> {
  const hold = () => client.reserve({ customerId: 'acme', items: [{ currencyId: 'ai-credits', amount: 5 }] });
  const [used, unused] = [await hold(), await hold()];
  const key = { customerId: 'acme', reservationId: used.reservationId };
  did.reserve = used;
  did.extendReservation = await client.extendReservation({ ...key, ttlMs: 120_000 });
  did.settleReservation = await client.settleReservation({ ...key, amounts: [{ item: 0, amount: 4 }] });
  did.releaseReservation = await client.releaseReservation({ ...key, reservationId: unused.reservationId });
  did.getReservation = await client.getReservation(key);
}

async function records(client: Tollgate, did: Did): Promise<void> {
  did.getCreditGrants = (await client.getCreditGrants({ customerId: 'acme' })).data;
  const { data } = await client.getCreditLedger(wallet);
  did.getCreditLedger = data.map(({ eventType, amount }) => [eventType, amount]);
  const usedUp = await client.getCreditUsage({ ...wallet, startDate: '2026-01-01', endDate: '2026-01-11' });
  did.getCreditUsage = usedUp.series.map(({ totalCredits }) => totalCredits);
  const reports = { customerId: 'acme', featureId: 'feature-reports', startDate: '2026-01-01', endDate: '2026-01-11' };
  did.getUsageHistoryV2 = (await client.getUsageHistoryV2(reports)).series[0]?.points.at(-1)?.value;
  did.fetchUsageHistory = (await client.fetchUsageHistory(reports)).at(-1)?.value;
}
