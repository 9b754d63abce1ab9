import { gatePortKey, type Tollgate } from '@tollgate/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClientHost } from './client-host.js';
import { until } from './until.js';

/** How a remote client delivers what its outbox has accepted, while the server comes and goes. */
export function clientOutboxSuite(open: () => Promise<ClientHost>): void {
  let host: ClientHost;
  beforeAll(async () => {
    host = await open();
  });
  beforeEach(() => host.proxy.open());
  afterAll(() => host.close());

  const projects = (client: Tollgate, customerId: string) =>
    client.getMeteredEntitlement({ customerId, featureId: 'feature-projects' });
  const newUsage = (customerId: string, value: bigint) => ({
    customerId,
    featureId: 'feature-projects',
    value: value * 1_000_000n,
  });

  describe('the outbox', () => {
    test('keeps usage and events while the server is away, and delivers them when it is back [settle.10]', async () => {
      const client = await host.client();
      const port = client[gatePortKey];
      const customerId = await host.customer();
      await projects(client, customerId);
      await host.proxy.refuse();
      const settled = [1n, 2n, 3n].map((value) => port.acceptUsage(newUsage(customerId, value)).settled);
      await client.reportEvent({ customerId, eventName: 'call', idempotencyKey: 'k' });
      expect(client.outboxCounts()).toEqual({ waiting: 4, deadLetters: 0 });
      await port.sendUnderWay(5_000);
      await host.proxy.open();
      await Promise.all(settled);
      expect((await projects(client, customerId)).currentUsage).toBe(6);
      await until(
        () => client.outboxCounts(),
        ({ waiting }) => waiting === 0,
      );
    });

    test('reports what waits of one counter as one amount, and never changes what may have been sent', async () => {
      const client = await host.client();
      const port = client[gatePortKey];
      const customerId = await host.customer();
      await projects(client, customerId);
      await host.proxy.refuse();
      const counted = (amount: bigint) => {
        const { value, ...feature } = newUsage(customerId, amount);
        return port.acceptAmount({ ...feature, name: `${customerId} feature-projects` }, value).settled;
      };
      const settled = [counted(1n), counted(2n), counted(4n)];
      expect(client.outboxCounts().waiting).toBe(1);
      settled.push(port.acceptUsage(newUsage(customerId, 8n)).settled);
      settled.push(port.acceptUsage({ ...newUsage(customerId, 16n), idempotencyKey: 'own' }).settled);
      // Nothing that adds up to nothing: both are told.
      settled.push(counted(-7n));
      expect(client.outboxCounts().waiting).toBe(4);
      await port.sendUnderWay(5_000);
      settled.push(counted(32n));
      expect(client.outboxCounts().waiting).toBe(5);
      await host.proxy.open();
      await Promise.all(settled);
      expect((await projects(client, customerId)).currentUsage).toBe(8 + 16 + 32);
    });

    test('gives what the engine refuses for good to the listener, and goes on with the rest', async () => {
      const client = await host.client();
      const port = client[gatePortKey];
      const customerId = await host.customer();
      const letter = new Promise<object>((resolve) => client.addListener('deadLetter', resolve));
      await Promise.all([
        port.acceptUsage({ ...newUsage(customerId, 1n), featureId: 'feature-unknown' }).settled,
        port.acceptUsage(newUsage(customerId, 1n)).settled,
      ]);
      expect(await letter).toMatchObject({
        kind: 'usage',
        item: { customerId, featureId: 'feature-unknown', value: '1' },
        error: { code: 'FEATURE_NOT_FOUND' },
      });
      expect(client.outboxCounts()).toEqual({ waiting: 0, deadLetters: 1 });
      expect((await projects(client, customerId)).currentUsage).toBe(1);
    });

    test('is sent on close', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      void client[gatePortKey].acceptUsage(newUsage(customerId, 2n));
      await client.close();
      expect(client.outboxCounts()).toEqual({ waiting: 0, deadLetters: 0 });
      expect((await projects(await host.client(), customerId)).currentUsage).toBe(2);
    });

    test('hands over what it could not send before the deadline of close', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const letters: string[] = [];
      client.addListener('deadLetter', ({ error }) => letters.push(error.code));
      await host.proxy.refuse();
      const { settled } = client[gatePortKey].acceptUsage(newUsage(customerId, 1n));
      await client.close({ deadlineMs: 50 });
      expect(letters).toEqual(['CLOSED']);
      await settled;
      expect(() => client[gatePortKey].acceptUsage(newUsage(customerId, 1n))).toThrow(
        expect.objectContaining({ code: 'CLOSED' }),
      );
    });

    test('is bounded: what does not fit is refused as overloaded, all of it', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      await host.proxy.refuse();
      const batch = (from: number) =>
        Array.from({ length: 1_000 }, (_, index) => ({
          customerId,
          eventName: 'call',
          idempotencyKey: `k${from + index}`,
        }));
      for (let from = 0; from < 49_000; from += 1_000) await client.reportEvent(batch(from));
      await client.reportEvent(batch(49_000).slice(1));
      await expect(client.reportEvent(batch(50_000))).rejects.toMatchObject({ code: 'OVERLOADED' });
      expect(client[gatePortKey].isAcceptingUsage()).toBe(true);
      await client.reportEvent(batch(50_000).slice(0, 1));
      expect(client[gatePortKey].isAcceptingUsage()).toBe(false);
      expect(client.outboxCounts()).toEqual({ waiting: 50_000, deadLetters: 0 });
      await client.close({ deadlineMs: 1 });
    });
  });
}
