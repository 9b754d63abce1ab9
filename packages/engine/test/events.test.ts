import type { ReportEventInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');

const catalog = changed(({ features, plans }) => {
  const filters = [{ conditions: [{ field: 'eventName', operation: 'EQUALS' as const, value: 'upload' }] }];
  const meters = { largest: 'MAX', smallest: 'MIN', typical: 'AVG', users: 'UNIQUE' } as const;
  for (const [name, aggregation] of Object.entries(meters)) {
    const field = aggregation === 'UNIQUE' ? 'user' : 'size';
    const meter = { aggregation, field, filters };
    features[`feature-${name}`] = { displayName: name, featureType: 'NUMBER', meterType: 'FLUCTUATING', meter };
    Object.assign(plans['plan-pro']?.entitlements ?? {}, {
      [`feature-${name}`]: { hasUnlimitedUsage: true, resetPeriod: 'MONTH' },
    });
  }
});

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

  test('MAX, MIN, AVG and UNIQUE ask a field of every event that has it, whatever their order', async () => {
    const customerId = await subscribed();
    const upload = (dimensions: Record<string, unknown>, minute: number) =>
      event(customerId, { eventName: 'upload', dimensions, timestamp: `2026-03-10T11:${minute}:00Z` });
    const numbers = async () =>
      Promise.all(
        ['feature-largest', 'feature-smallest', 'feature-typical', 'feature-users'].map((featureId) =>
          usage(customerId, featureId),
        ),
      );
    expect(await numbers()).toEqual([0, 0, 0, 0]);
    await stage.environment.reportEvents([upload({ size: -4, user: '1' }, 30), upload({ size: -6, user: 1 }, 20)], now);
    expect(await numbers()).toEqual([-4, -6, -5, 2]);
    await stage.environment.reportEvents(
      [
        upload({ size: 9, user: '1' }, 10),
        upload({ size: 1, user: true }, 40),
        upload({ size: 1, user: 'true' }, 50),
        upload({ size: 'large', user: 1 }, 45),
        // Other events, and those without the field, say nothing.
        upload({}, 46),
        event(customerId, { eventName: 'download', dimensions: { size: 100, user: 'z' } }),
      ],
      now,
    );
    // 9 - 4 - 6 + 1 + 1 is 1, of five; "1", 1, true and "true" are four.
    expect(await numbers()).toEqual([9, -6, 0.2, 4]);
  });

  test('an average is rounded half up to 6 places, once', async () => {
    const customerId = await subscribed();
    const sizes = [1, 1, 0.000001];
    for (const [index, size] of sizes.entries()) {
      await stage.environment.reportEvents(
        [event(customerId, { eventName: 'upload', dimensions: { size }, idempotencyKey: `${index}` })],
        now,
      );
    }
    // 2.000001 over 3 is 0.666667.
    expect(await usage(customerId, 'feature-typical')).toBe(0.666667);
    const last = event(customerId, { eventName: 'upload', dimensions: { size: 0 } });
    await stage.environment.reportEvents([last], now);
    // 2.000001 over 4 is 0.50000025.
    expect(await usage(customerId, 'feature-typical')).toBe(0.5);
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
      // With its name and quotes more than 1,000,000 bytes.
      [{ dimensions: { text: 'x'.repeat(999_990) } }, 'INVALID_ARGUMENT', 'dimensions'],
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
    for (const count of [0, 1_001]) {
      const batch = stage.environment.reportEvents(
        Array.from({ length: count }, () => good),
        now,
      );
      await expect(batch).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'events' });
    }
  });

  test('an event may hold 1 MB, and a batch 1,000 of them', async () => {
    const customerId = await subscribed();
    const large = event(customerId, { dimensions: { tokens: 1, text: 'x'.repeat(999_900) } });
    const many = Array.from({ length: 999 }, () => event(customerId, { dimensions: { tokens: 1 } }));
    const results = await stage.environment.reportEvents([large, ...many], now);
    expect(results.every(({ isStored }) => isStored)).toBe(true);
    expect(await usage(customerId, 'feature-tokens')).toBe(1_000);
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
