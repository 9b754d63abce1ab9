import { Tollgate } from '@tollgate/client';
import { ConsumeCreditsAsyncDocument, ReportEventsDocument } from '@tollgate/contract';
import type { Database } from '@tollgate/engine';

/** Ways to charge: each in one call, but for the last one, which is two. */
const kinds = ['consume', 'report', 'event', 'consume later', 'reserve and settle'] as const;
type Kind = (typeof kinds)[number];

/** One charge of one credit or one unit, or of both; asked for again under the same number, it is the same one. */
export interface Debit {
  number: number;
  kind: Kind;
  customerId: string;
}

export const debitOf = (number: number, customerIds: readonly string[]): Debit => ({
  number,
  kind: kinds[number % kinds.length] as Kind,
  customerId: customerIds[number % customerIds.length] as string,
});

/** How often each kind is counted: credits in the ledger, and units in the usage. */
const countedAs: Readonly<Record<Kind, { credits: number; units: number }>> = {
  consume: { credits: 1, units: 0 },
  report: { credits: 0, units: 1 },
  event: { credits: 0, units: 1 },
  'consume later': { credits: 1, units: 0 },
  'reserve and settle': { credits: 1, units: 1 },
};

/** What charges over HTTP, as a user's process does. */
export interface Charger {
  /** Resolves once the server has acknowledged the debit. */
  charge(debit: Debit): Promise<void>;
  close(): Promise<void>;
}

export function openCharger(url: string, apiKey: string): Charger {
  const logConfiguration = { logLevel: 'NONE' } as const;
  const client = Tollgate.initialize({ baseUri: url, apiKey, realtimeUpdatesEnabled: false, logConfiguration });

  // The client's outbox takes these two at once and tells nobody when the server has them, so the server is asked itself.
  const stored = async (operation: { toString(): string }, name: string, variables: object): Promise<void> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body: JSON.stringify({ query: operation.toString(), variables }),
    });
    const reply = (await response.json()) as { data?: Record<string, { isStored: boolean }[]> };
    if (reply.data?.[name]?.[0]?.isStored !== true) throw new Error(`not stored: ${JSON.stringify(reply)}`);
  };

  const charge = async ({ number, kind, customerId }: Debit): Promise<void> => {
    const named = { customerId, idempotencyKey: `debit-${number}`, dimensions: { debit: number, tokens: 1 } };
    const { dimensions } = named;
    switch (kind) {
      case 'consume':
        await client.consumeCredits({ ...named, currencyId: 'credits', amount: 1 });
        return;
      case 'report':
        await client.reportUsage({ ...named, featureId: 'calls', value: 1 });
        return;
      case 'event':
        return stored(ReportEventsDocument, 'reportEvents', { events: [{ ...named, eventName: 'prompt' }] });
      case 'consume later': {
        const consumptions = [{ ...named, currencyId: 'credits', amount: '1' }];
        return stored(ConsumeCreditsAsyncDocument, 'consumeCreditsAsync', { consumptions });
      }
      case 'reserve and settle': {
        const reservationId = `debit-${number}`;
        const items = [
          { featureId: 'calls', amount: 1, dimensions },
          { currencyId: 'credits', amount: 1, dimensions },
        ];
        await client.reserve({ customerId, reservationId, items });
        const amounts = [0, 1].map((item) => ({ item, amount: 1, dimensions }));
        const { status } = await client.settleReservation({ customerId, reservationId, amounts });
        if (status !== 'SETTLED') throw new Error(`reservation ${reservationId} is ${status}`);
      }
    }
  };
  return { charge, close: () => client.close({ deadlineMs: 0 }) };
}

/** How often each debit was counted, by its number. */
export interface Counted {
  credits: ReadonlyMap<number, number>;
  units: ReadonlyMap<number, number>;
}

/** Reads past every server what was counted; what was accepted must have been applied. */
export async function countedDebits(database: Database): Promise<Counted> {
  const read = async (text: string) =>
    new Map(
      (await database.query<{ debit: string; times: number }>(text)).map((row) => [Number(row.debit), row.times]),
    );
  return {
    credits: await read(`select dimensions ->> 'debit' as debit, count(*)::int as times from {schema}.credit_ledger
      where type = 'CREDITS_CONSUMED' group by 1`),
    units: await read(`select dimensions ->> 'debit' as debit, count(*)::int as times from {schema}.usage group by 1`),
  };
}

/** What is wrong with how often these debits were counted; a debit that nobody acknowledged may be missing altogether. */
export function wronglyCounted(
  counted: Counted,
  debits: readonly Debit[],
  acknowledged: ReadonlySet<number>,
): string[] {
  return debits.flatMap(({ number, kind }) => {
    const expected = countedAs[kind];
    const seen = { credits: counted.credits.get(number) ?? 0, units: counted.units.get(number) ?? 0 };
    const isWhole = seen.credits === expected.credits && seen.units === expected.units;
    const isMissing = seen.credits === 0 && seen.units === 0;
    if (isWhole || (isMissing && !acknowledged.has(number))) return [];
    const word = acknowledged.has(number) ? 'acknowledged' : 'not acknowledged';
    return [`debit ${number} (${kind}, ${word}) is counted as ${JSON.stringify(seen)}`];
  });
}
