import type { ReportEventInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');

describe.each(implementations)('raw events on $name', (implementation) => {
  let stage: Stage;
  let lastCustomer = 0;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  async function subscribed(): Promise<string> {
    const customerId = `customer-${++lastCustomer}`;
    const subscriptionParams = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };
    await stage.environment.provisionCustomer({ customerId, subscriptionParams }, at('2026-03-05T00:00:00Z'));
    return customerId;
  }

  async function usage(customerId: string, featureId: string) {
    const [snapshot] = await stage.environment.snapshots(customerId, [null], now);
    return Number(snapshot?.usage.get(featureId)?.currentUsage) / 1_000_000;
  }

  let lastKey = 0;
  const event = (customerId: string, fields: Partial<ReportEventInput>): ReportEventInput => ({
    customerId,
    eventName: 'completion',
    idempotencyKey: `key-${++lastKey}`,
    ...fields,
  });

  test('SUM adds up its field, rounded once, and skips events in which the field is no number', async () => {
    const customerId = await subscribed();
    const tokens = [10, 0.1 + 0.2, -3, '7', undefined, true, 1e300];
    const events = tokens.map((value) =>
      event(customerId, { dimensions: value === undefined ? {} : { tokens: value } }),
    );
    const results = await stage.environment.reportEvents(
      [...events, event(customerId, { eventName: 'other', dimensions: { tokens: 5 } })],
      now,
    );
    expect(results.every(({ isStored, isDuplicate }) => isStored && !isDuplicate)).toBe(true);
    expect(await usage(customerId, 'feature-tokens')).toBe(7.3);
  });

  test('COUNT counts events for which all conditions of any filter hold', async () => {
    const customerId = await subscribed();
    const send = (eventName: string, channel: string) => event(customerId, { eventName, dimensions: { channel } });
    const events = [
      send('message', 'mail'),
      send('message', 'sms'),
      send('message', 'push'),
      send('broadcast', 'push'),
      send('x', 'mail'),
    ];
    await stage.environment.reportEvents(events, now);
    expect(await usage(customerId, 'feature-sends')).toBe(3);
    expect(await usage(customerId, 'feature-tokens')).toBe(0);
  });

  test('an event counts once, its key belongs to its name, and other content is a conflict', async () => {
    const customerId = await subscribed();
    const first = event(customerId, { idempotencyKey: 'k', dimensions: { tokens: 2 } });
    const results = await stage.environment.reportEvents(
      [first, first, { ...first, dimensions: { tokens: 3 } }, { ...first, eventName: 'broadcast' }],
      now,
    );
    expect(results.map(({ isStored, isDuplicate, error }) => error?.code ?? { isStored, isDuplicate })).toEqual([
      { isStored: true, isDuplicate: false },
      { isStored: true, isDuplicate: true },
      'IDEMPOTENCY_CONFLICT',
      { isStored: true, isDuplicate: false },
    ]);
    const filled = { ...first, timestamp: '2026-03-10T11:00:00Z', isTimestampFilledIn: true };
    const later = await stage.environment.reportEvents(
      [filled, { ...first, timestamp: '2026-03-10T11:00:00Z' }],
      now + 1000,
    );
    expect(later[0]).toEqual({ isStored: true, isDuplicate: true, error: null });
    expect(later[1]?.error?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await usage(customerId, 'feature-tokens')).toBe(2);
    expect(await usage(customerId, 'feature-sends')).toBe(1);
  });

  test('bad events are refused by name and never sink good ones', async () => {
    const customerId = await subscribed();
    const good = event(customerId, { dimensions: { tokens: 1 } });
    const bad: [Partial<Record<keyof ReportEventInput, unknown>>, string, string][] = [
      [{ customerId: 'nobody' }, 'CUSTOMER_NOT_FOUND', 'customerId'],
      [{ customerId: '' }, 'INVALID_ARGUMENT', 'customerId'],
      [{ eventName: '' }, 'INVALID_ARGUMENT', 'eventName'],
      [{ idempotencyKey: undefined }, 'INVALID_ARGUMENT', 'idempotencyKey'],
      [{ dimensions: { list: [] } }, 'INVALID_ARGUMENT', 'dimensions.list'],
      [{ timestamp: '2026-03-10T12:06:00Z' }, 'INVALID_ARGUMENT', 'timestamp'],
      [{ timestamp: '2026-02-01T00:00:00Z' }, 'TOO_OLD', 'timestamp'],
    ];
    const events = bad.map(([fields]) => ({ ...good, ...fields }) as ReportEventInput);
    const results = await stage.environment.reportEvents([...events, good], now);
    expect(results.map(({ error }) => error && [error.code, error.field])).toEqual([
      ...bad.map(([, code, field]) => [code, field]),
      null,
    ]);
    expect(await usage(customerId, 'feature-tokens')).toBe(1);
    await expect(stage.environment.reportEvents([], now)).rejects.toMatchObject({ field: 'events' });
  });

  test('events that were accepted and not applied are applied with the backlog, once', async () => {
    const customerId = await subscribed();
    await stage.environment.reportEvents([event(customerId, { dimensions: { tokens: 1 } })], now);
    // As if the process had died between accepting and applying.
    await stage.database.query(
      `insert into {schema}.accepted_event (environment, customer_id, event_name, dimensions, happened_at, accepted_at)
       values ('test', $1, 'completion', '{"tokens": 4}', $2, $2)`,
      [customerId, now],
    );
    expect(await usage(customerId, 'feature-tokens')).toBe(1);
    expect(await stage.engine.applyBacklog(now)).toBe(1);
    expect(await stage.engine.applyBacklog(now)).toBe(0);
    expect(await usage(customerId, 'feature-tokens')).toBe(5);
  });
});
