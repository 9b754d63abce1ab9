import {
  amountToNumber,
  fromIso,
  type NumberChanges,
  numberChangesFromWire,
  parseAmount,
  type ReportUsageAckWire,
  ReportUsageDocument,
  type ReportUsageInput,
  TollgateError,
} from '@tollgate/contract';
import type { EngineLink } from './engine-link.js';
import { checkFields, listOf } from './input-rules.js';
import { itemError } from './thrown.js';
import { type ReportUsage, usageInput } from './usage-inputs.js';

/** What the engine committed. Amounts are raw units. */
export interface ReportUsageAck {
  measurementId: string;
  /** The same as `measurementId`. */
  id: string;
  customerId: string;
  featureId: string;
  /** The resource whose counter changed; left out when it was the customer's. */
  resourceId?: string;
  value: number;
  /** The counter after this report. */
  currentUsage: number;
  /** The fields of the period are left out when usage never starts again from zero. */
  usagePeriodStart?: Date;
  usagePeriodEnd?: Date;
  /** The same as `usagePeriodEnd`. */
  nextResetDate?: Date;
  /** When it happened. */
  createdAt: Date;
  /** When the engine stored it. */
  timestamp: Date;
}

export interface UsageReports {
  report(usage: ReportUsage): Promise<ReportUsageAck>;
  reportBulk(params: { usages: ReportUsage[] }): Promise<ReportUsageAck[]>;
}

export interface UsageReportsOptions {
  link: EngineLink;
  timeoutMs: number;
  isOffline: boolean;
  newId(): string;
  now(): number;
  takeNumbers(changes: NumberChanges, isOwn: boolean): void;
}

const usagesMax = 100;

/** Reports that wait for the engine: what is resolved is committed, and the caller's next read sees it. */
export function usageReports(options: UsageReportsOptions): UsageReports {
  const { link, timeoutMs, isOffline, newId, now, takeNumbers } = options;
  const send = async (usages: ReturnType<typeof usageInput>[]) => {
    const { reportUsage } = await link.execute(ReportUsageDocument, { usages }, timeoutMs);
    for (const { ack } of reportUsage) if (ack) takeNumbers(ackNumbers(ack), true);
    return reportUsage;
  };

  return {
    report: async (usage) => {
      const input = usageInput(usage);
      if (isOffline) return echoAck(input, newId(), now());
      const [result] = await send([input]);
      const error = itemError(result?.error ?? null);
      if (error) throw error;
      return ackOf(result?.ack);
    },
    reportBulk: async (params) => {
      checkFields(params, ['usages'], '');
      const usages = listOf(params.usages, 'usages', usagesMax);
      const inputs = usages.map((usage, index) => usageInput(usage, `usages[${index}].`));
      if (isOffline) return inputs.map((input) => echoAck(input, newId(), now()));
      const results = await send(inputs);
      const failures = results.flatMap(({ error }, index) => {
        const failure = itemError(error, `usages[${index}].`);
        return failure ? [{ index, failure }] : [];
      });
      const [first] = failures;
      if (!first) return usages.map((_usage, index) => ackOf(results[index]?.ack));
      const { code, message, field } = first.failure;
      throw new TollgateError(code, `${failures.length} of ${usages.length} usages were refused: ${message}`, {
        cause: first.failure,
        ...(field !== undefined && { field }),
        details: {
          acks: results.map(({ ack }) => (ack ? ackOf(ack) : null)),
          failures: failures.map(({ index, failure }) => ({
            index,
            code: failure.code,
            message: failure.message,
            ...(failure.field !== undefined && { field: failure.field }),
          })),
        },
      });
    },
  };
}

/** The counter that a report changed, and the wallet that paid for it. */
export function ackNumbers({ customerId, resourceId, counter, credit }: ReportUsageAckWire): NumberChanges {
  return numberChangesFromWire({
    usage: [{ customerId, resourceId, counter }],
    wallets: credit ? [credit.wallet] : [],
  });
}

function ackOf(ack: ReportUsageAckWire | null | undefined): ReportUsageAck {
  if (!ack) throw new TollgateError('INTERNAL', 'the engine gave no answer for this report');
  const end = ack.usagePeriodEnd === null ? null : new Date(fromIso(ack.usagePeriodEnd));
  return {
    measurementId: ack.measurementId,
    id: ack.measurementId,
    customerId: ack.customerId,
    featureId: ack.featureId,
    ...(ack.resourceId !== null && { resourceId: ack.resourceId }),
    value: amountToNumber(parseAmount(ack.value, 'value')),
    currentUsage: amountToNumber(parseAmount(ack.currentUsage, 'currentUsage')),
    ...(ack.usagePeriodStart !== null && { usagePeriodStart: new Date(fromIso(ack.usagePeriodStart)) }),
    ...(end && { usagePeriodEnd: end, nextResetDate: end }),
    createdAt: new Date(fromIso(ack.createdAt)),
    timestamp: new Date(fromIso(ack.timestamp)),
  };
}

/** In offline mode: what was reported comes back as if it were all there is, and goes nowhere. */
function echoAck(input: ReportUsageInput, id: string, now: number): ReportUsageAck {
  const value = amountToNumber(parseAmount(input.value, 'value'));
  return {
    measurementId: id,
    id,
    customerId: input.customerId,
    featureId: input.featureId,
    ...(input.resourceId && { resourceId: input.resourceId }),
    value,
    currentUsage: value,
    createdAt: new Date(input.createdAt ? fromIso(input.createdAt) : now),
    timestamp: new Date(now),
  };
}
