import { setTimeout as delay } from 'node:timers/promises';
import type { Tollgate } from '@tollgate/client';
import { reportGapMs } from '@tollgate/client/gate';
import {
  amountToNumber,
  type Snapshot,
  SnapshotsDocument,
  snapshotFromWire,
  TollgateError,
  type Transport,
} from '@tollgate/contract';
import { toCustomer } from './customer-world.js';
import type { Line } from './line.js';
import type { CustomerRef, TestEnvironment } from './test-environment.js';

const deliveryMs = 5_000;
const pollMs = 5;
/** What an application's own client has to send, which is not asked how much that is, it has begun to send by then. */
const quietMs = reportGapMs + 10;

export interface UsageRecordOptions {
  /** Past any outage. */
  transport: Transport;
  line: Line;
  clients: readonly Tollgate[];
}

/** Reads what the engine has counted, after it has heard what clients were about to tell it. */
export function usageRecord({ transport, line, clients }: UsageRecordOptions) {
  const waiting = (): number => clients.reduce((total, client) => total + client.outboxCounts().waiting, 0);

  const isQuiet = async (): Promise<boolean> => {
    for (let waitedMs = 0; waitedMs < quietMs; waitedMs += pollMs) {
      await delay(pollMs);
      if (waiting() + line.underWay() > 0) return false;
    }
    return true;
  };

  const delivered = async (): Promise<void> => {
    for (let waitedMs = 0; !line.isCut() && !(await isQuiet()); waitedMs += pollMs) {
      if (waitedMs >= deliveryMs) {
        const left = `${waiting()} items and ${line.underWay()} calls`;
        throw new TollgateError('TIMEOUT', `clients did not deliver within ${deliveryMs} ms: ${left} are left`);
      }
      await delay(pollMs);
    }
  };

  const counted = async (customer: CustomerRef): Promise<Snapshot | undefined> => {
    await delivered();
    const { customerId, resourceId = null } = toCustomer(customer);
    const { data } = await transport.execute(SnapshotsDocument, { customerId, resourceIds: [resourceId] });
    return data.snapshots.map(snapshotFromWire)[0];
  };

  const record: Pick<TestEnvironment, 'usage' | 'recordedUsage'> = {
    usage: async (customer, featureId) => {
      const snapshot = await counted(customer);
      return amountToNumber(snapshot?.usage.get(featureId)?.currentUsage ?? 0n);
    },
    recordedUsage: async (customer) => {
      const snapshot = await counted(customer);
      const features = [...(snapshot?.usage ?? [])].map(([id, part]) => [id, part.currentUsage] as const);
      const credits = [...(snapshot?.wallets ?? [])].map(([id, part]) => [id, part.totalConsumed] as const);
      return { features: nonZero(features), credits: nonZero(credits) };
    },
  };
  return record;
}

function nonZero(amounts: readonly (readonly [string, bigint])[]): Record<string, number> {
  const used = amounts.filter(([, amount]) => amount !== 0n);
  return Object.fromEntries(used.map(([id, amount]) => [id, amountToNumber(amount)]));
}
