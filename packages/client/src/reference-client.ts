import { randomUUID } from 'node:crypto';
import { amountToNumber, type SnapshotKey, TollgateError } from '@tollgate/contract';
import { wallClock } from './clock.js';
import { within } from './deadline.js';
import type { EntitlementFallback } from './fallback.js';
import type { GateClient } from './gate/client-handle.js';
import { type GatePort, gatePortKey, type View, type Wanted } from './gate-port.js';
import { consoleLogger } from './logger.js';
import { type TollgateOptions, watched } from './options.js';
import { type Report, reportLane } from './reference-reports.js';
import { type ReferenceEntitlement, viewOf } from './reference-view.js';
import { safeLogger } from './safe-logger.js';

interface ReferenceQuestion {
  customerId: string;
  featureId: string;
  resourceId?: string;
}

/** What is needed of a client of the hosted product, by its own names. */
export interface ReferenceClient {
  getBooleanEntitlement(question: ReferenceQuestion): Promise<ReferenceEntitlement>;
  getNumericEntitlement(question: ReferenceQuestion): Promise<ReferenceEntitlement>;
  getMeteredEntitlement(question: ReferenceQuestion): Promise<ReferenceEntitlement>;
  getEnumEntitlement(question: ReferenceQuestion): Promise<ReferenceEntitlement>;
  getEntitlement(question: ReferenceQuestion): Promise<ReferenceEntitlement>;
  reportUsage(usage: Report): Promise<unknown>;
}

export interface ReferenceOptions extends Pick<TollgateOptions, 'logConfiguration' | 'hooks'> {
  /** Epoch milliseconds: usage periods and reports go by it. Default: the machine's clock. */
  now?: () => number;
}

const methods = [
  'getBooleanEntitlement',
  'getNumericEntitlement',
  'getMeteredEntitlement',
  'getEnumEntitlement',
  'getEntitlement',
  'reportUsage',
] as const satisfies readonly (keyof ReferenceClient)[];

/**
 * Makes an existing client of the hosted product fit for the adapters, in modes `check` and `meter`, and returns that
 * same object. It stays yours to close. Throws CONFIGURATION, naming the method that the object lacks.
 */
export function gateClientOf<Client extends ReferenceClient>(
  client: Client,
  { logConfiguration, hooks: given, now = wallClock }: ReferenceOptions = {},
): Client & GateClient {
  const missing = methods.find((method) => typeof client?.[method] !== 'function');
  if (missing) throw new TollgateError('CONFIGURATION', `client.${missing} must be a method`, { field: 'client' });
  if (!(gatePortKey in client)) {
    const plain = safeLogger(logConfiguration?.logger ?? consoleLogger, logConfiguration?.logLevel ?? 'ERROR');
    const { hooks, logger } = watched(plain, { hooks: given });
    Object.defineProperty(client, gatePortKey, { value: portOf(client, { logger, hooks, now }) });
  }
  return client as Client & GateClient;
}

interface PortOptions extends Pick<GatePort, 'logger' | 'hooks'> {
  now: () => number;
}

function portOf(client: ReferenceClient, { logger, hooks, now }: PortOptions): GatePort {
  /** By feature, as last seen: what is configured is the same for every customer. */
  const fallbacks = new Map<string, EntitlementFallback>();
  const reads = new Set<Promise<unknown>>();
  const reports = new Set<Promise<unknown>>();
  const lane = reportLane((report) => client.reportUsage(report), { logger, hooks });

  const ask = ({ customerId, resourceId }: SnapshotKey, { target, type }: Wanted): Promise<ReferenceEntitlement> => {
    const question = { customerId, featureId: target.featureId ?? '', ...(resourceId !== null && { resourceId }) };
    if (type === 'METERED') return client.getMeteredEntitlement(question);
    if (type === 'NUMERIC') return client.getNumericEntitlement(question);
    return type === 'ENUM' ? client.getEnumEntitlement(question) : client.getEntitlement(question);
  };

  const read = async (key: SnapshotKey, wanted: readonly Wanted[], deadlineMs: number): Promise<View> => {
    const answers = wanted.map(async (item) => {
      const answer = await within(
        Promise.resolve().then(() => ask(key, item)),
        deadlineMs,
      );
      return [item, answer] as const;
    });
    const view = viewOf(key, await Promise.all(answers), now());
    for (const [featureId, fallback] of view.fallbacks) fallbacks.set(featureId, fallback);
    return view;
  };

  /**
   * A read that began before a report was stored may not know of it. So what was reported stays pending until such
   * reads, and the decisions that follow on them without a pause, are over.
   */
  const readsOver = async (): Promise<void> => {
    await Promise.allSettled([...reads]);
    await new Promise(setImmediate);
  };

  const refuse = async (): Promise<never> => {
    throw new TollgateError('CONFIGURATION', 'only a Tollgate client can do this');
  };

  const acceptUsage: GatePort['acceptUsage'] = ({ customerId, featureId, resourceId, value, idempotencyKey }) => {
    const content = { customerId, featureId, value: amountToNumber(value), createdAt: new Date(now()) };
    const report = { ...content, idempotencyKey: idempotencyKey ?? randomUUID() };
    const settled = lane.add(resourceId ? { ...report, resourceId } : report).then(readsOver);
    reports.add(settled);
    return { settled: settled.finally(() => reports.delete(settled)) };
  };

  return {
    isReference: true,
    viewNow: () => undefined,
    viewAgain: () => undefined,
    view(key, { deadlineMs, wanted }) {
      const reading = read(key, wanted, deadlineMs).finally(() => reads.delete(reading));
      reads.add(reading);
      return reading;
    },
    configuredFallback: ({ featureId }) => (featureId === undefined ? undefined : fallbacks.get(featureId)),
    acceptUsage,
    acceptAmount: ({ customerId, resourceId, featureId }, value) =>
      acceptUsage({ customerId, resourceId, featureId, value }),
    acceptCredits() {
      throw new TollgateError('CONFIGURATION', 'credits need a Tollgate client');
    },
    isAcceptingUsage: lane.hasRoom,
    async sendUnderWay(deadlineMs) {
      await within(lane.underWay().then(readsOver).then(readsOver), deadlineMs);
    },
    async flush(deadlineMs) {
      lane.wake();
      await within(Promise.all(reports), deadlineMs);
    },
    holds: { hold: refuse, extend: refuse, settle: async () => {}, release: async () => {} },
    offers: async () => undefined,
    featureTypes: refuse,
    newId: randomUUID,
    logger,
    hooks,
  };
}
