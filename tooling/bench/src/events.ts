import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReportEventsDocument } from '@tollgate/contract';
import { type BenchStage, withCredits } from './bench-stage.js';
import type { Figure } from './figure.js';

const BATCH = 1000;
const CUSTOMERS = 20;

interface Row {
  customerId: string;
  eventName: string;
  idempotencyKey: string;
  dimensions: { tokens: number; model: string };
}

const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_each, index) => ({
    customerId: `events-${index % CUSTOMERS}`,
    eventName: 'prompt',
    idempotencyKey: randomUUID(),
    dimensions: { tokens: index % 100, model: 'large' },
  }));

/** Raw events in batches through HTTP, until they are stored and until they are counted, beside `COPY` of the same rows. */
export async function eventFigures(stage: BenchStage, batches: number): Promise<Figure[]> {
  for (let index = 0; index < CUSTOMERS; index += 1) await withCredits(stage, `events-${index}`);
  await send(stage, rowsOf(BATCH));
  await counted(stage);

  const rows = rowsOf(batches * BATCH);
  const started = performance.now();
  for (let batch = 0; batch < batches; batch += 1) await send(stage, rows.slice(batch * BATCH, (batch + 1) * BATCH));
  const acceptedMs = performance.now() - started;
  await counted(stage);
  const countedMs = performance.now() - started;
  const copyMs = await copied(stage, rows);
  const figure = (what: string, ms: number): Figure => ({
    what,
    unit: '/s',
    ours: (rows.length / ms) * 1000,
    beside: '`COPY` of the same rows: the ceiling',
    theirs: (rows.length / copyMs) * 1000,
  });
  const name = `raw events in batches of ${BATCH.toLocaleString('en-US')} over HTTP`;
  return [figure(`${name}, stored`, acceptedMs), figure(`${name}, stored and counted`, countedMs)];
}

async function send({ serverUrl, apiKey }: BenchStage, events: readonly Row[]): Promise<void> {
  const response = await fetch(`${serverUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ query: ReportEventsDocument.toString(), variables: { events } }),
  });
  const reply = (await response.json()) as { data?: { reportEvents: { isStored: boolean }[] } };
  const stored = reply.data?.reportEvents.filter(({ isStored }) => isStored).length;
  if (stored !== events.length) throw new Error(`${stored} of ${events.length} events are stored`);
}

/** Waits until nothing that was accepted is left to be counted. */
async function counted({ database }: BenchStage): Promise<void> {
  for (;;) {
    const [row] = await database.query<{ isLeft: boolean }>(
      'select exists (select from {schema}.accepted_event) as "isLeft"',
    );
    if (!row?.isLeft) return;
  }
}

async function copied({ pool }: BenchStage, rows: readonly Row[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-copy-'));
  const file = join(folder, 'events.csv');
  try {
    // The server reads it, and runs under an account of its own.
    chmodSync(folder, 0o755);
    const text = rows.map(({ customerId, eventName, idempotencyKey, dimensions }) => {
      return `${customerId},${eventName},${idempotencyKey},"${JSON.stringify(dimensions).replaceAll('"', '""')}"\n`;
    });
    writeFileSync(file, text.join(''), { mode: 0o644 });
    await pool.query(
      'create table copied (customer_id text, event_name text, key text primary key, dimensions jsonb not null)',
    );
    const started = performance.now();
    await pool.query(`copy copied from '${file}' with (format csv)`);
    return performance.now() - started;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
