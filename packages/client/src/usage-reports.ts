import {
  amountToNumber,
  fromIso,
  type HotOperationResultWire,
  parseAmount,
  type ReportUsageAckWire,
  type ReportUsageInput,
  TollgateError,
} from '@tollgate/contract';
import { batchError } from './batch-error.js';
import type { CreditAck } from './credit.js';
import { creditAckOf } from './hot-answer.js';
import type { HotLane } from './hot-lane.js';
import { checkFields, listOf } from './input-rules.js';
import { asTollgateError } from './thrown.js';
import { type ReportUsage, usageInput } from './usage-inputs.js';
import { number } from './wire-values.js';

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
  /** What it cost in credits; left out for a feature that is not paid by credits. */
  credit?: CreditAck;
}

export interface UsageReports {
  report(usage: ReportUsage): Promise<ReportUsageAck>;
  reportBulk(params: { usages: ReportUsage[] }): Promise<ReportUsageAck[]>;
}

export interface UsageReportsOptions {
  lane: HotLane;
  timeoutMs: number;
  isOffline: boolean;
  newId(): string;
  now(): number;
}

const usagesMax = 100;

/** Reports that wait for the engine: what is resolved is committed, and the caller's next read sees it. */
export function usageReports({ lane, timeoutMs, isOffline, newId, now }: UsageReportsOptions): UsageReports {
  const send = (input: ReportUsageInput): Promise<HotOperationResultWire> => {
    // With a key of its own, so that asking again for an answer that is late does not report twice.
    const reportUsage = { ...input, idempotencyKey: input.idempotencyKey ?? newId() };
    return lane.run({ reportUsage }, timeoutMs);
  };

  /** The ack, or why there is none: an item that breaks a rule holds up no other. */
  const reportItem = async (usage: ReportUsage, index: number): Promise<ReportUsageAck | TollgateError> => {
    let input: ReportUsageInput;
    try {
      input = usageInput(usage, `usages[${index}].`);
    } catch (error) {
      return asTollgateError(error);
    }
    if (isOffline) return echoAck(input, newId(), now());
    const result = await send(input).catch(asTollgateError);
    return result instanceof Error ? atItem(result, index) : ackOf(result.usage);
  };

  return {
    report: async (usage) => {
      const input = usageInput(usage);
      return isOffline ? echoAck(input, newId(), now()) : ackOf((await send(input)).usage);
    },
    reportBulk: async (params) => {
      checkFields(params, ['usages'], '');
      const usages = listOf(params.usages, 'usages', usagesMax);
      const outcomes = await Promise.all(usages.map(reportItem));
      const acks = outcomes.map((outcome) => (outcome instanceof Error ? null : outcome));
      const failures = outcomes.flatMap((error, index) => (error instanceof Error ? [{ index, error }] : []));
      const [first] = failures;
      if (!first) return acks.filter((ack) => ack !== null);
      // Nobody was refused: the engine could not be asked.
      if (failures.length === usages.length && first.error.isRetryable) throw first.error;
      throw batchError('usages', usages.length, failures, { acks });
    },
  };
}

function atItem(error: TollgateError, index: number): TollgateError {
  if (error.field === undefined) return error;
  return new TollgateError(error.code, error.message, { cause: error, field: `usages[${index}].${error.field}` });
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
    value: number(ack.value, 'value'),
    currentUsage: number(ack.currentUsage, 'currentUsage'),
    ...(ack.usagePeriodStart !== null && { usagePeriodStart: new Date(fromIso(ack.usagePeriodStart)) }),
    ...(end && { usagePeriodEnd: end, nextResetDate: end }),
    createdAt: new Date(fromIso(ack.createdAt)),
    timestamp: new Date(fromIso(ack.timestamp)),
    ...(ack.credit && { credit: creditAckOf(ack.credit) }),
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
