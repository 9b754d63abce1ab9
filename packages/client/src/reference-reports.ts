import { TollgateError } from '@tollgate/contract';
import { monotonicClock } from './clock.js';
import type { UsageEvent } from './hook-events.js';
import type { Hooks } from './hooks.js';
import { outboxLane } from './outbox-lane.js';
import { random } from './random.js';
import type { SafeLogger } from './safe-logger.js';

/** One report, by the names of the hosted product. */
export interface Report {
  customerId: string;
  featureId: string;
  value: number;
  resourceId?: string;
  idempotencyKey: string;
  createdAt: Date;
}

export interface ReportLane {
  /** Resolves when it was stored, or given up; never rejects. */
  add(report: Report): Promise<void>;
  hasRoom(): boolean;
  underWay(): Promise<void>;
  /** Tries again at once. */
  wake(): void;
}

const reportsMax = 50_000;
/** With the waits between them, a little over three minutes. */
const attemptsMax = 12;

/**
 * Reports one by one, in order for each customer, with the same idempotency key until it succeeds. What a foreign error
 * means is not known here, so after many attempts a report is given up, which the log says.
 */
export function reportLane(
  send: (report: Report) => Promise<unknown>,
  { logger, hooks }: { logger: SafeLogger; hooks: Hooks },
): ReportLane {
  const failures = new WeakMap<Report, number>();

  const attempt = async (report: Report): Promise<null> => {
    try {
      await send(report);
      return null;
    } catch (cause) {
      const failed = (failures.get(report) ?? 0) + 1;
      failures.set(report, failed);
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new TollgateError(failed < attemptsMax ? 'INTERNAL' : 'CONFLICT', message, { cause });
    }
  };

  const lane = outboxLane<Report, null>({
    batchMax: 1,
    random,
    monotonic: monotonicClock,
    prepare: () => {},
    send: (reports) => Promise.all(reports.map(attempt)),
    errorOf: () => null,
    onStored: (report) => hooks.onUsage?.(usageEvent('stored', report)),
    onRefused: (report, error) => {
      logger.error(`${report.featureId}: usage of ${report.value} could not be reported and is lost`, error);
      hooks.onUsage?.({ ...usageEvent('dead-letter', report), error });
    },
  });
  const add = (report: Report): Promise<void> => {
    hooks.onUsage?.(usageEvent('accepted', report));
    return lane.add(report);
  };
  return { add, underWay: lane.underWay, wake: lane.wake, hasRoom: () => lane.size() < reportsMax };
}

function usageEvent(kind: UsageEvent['kind'], { customerId, resourceId, featureId, value, idempotencyKey }: Report) {
  return {
    kind,
    customerId,
    resourceId: resourceId ?? null,
    featureId,
    currencyId: null,
    eventName: null,
    amount: value,
    idempotencyKey,
    reservationId: null,
    error: null,
  } satisfies UsageEvent;
}
