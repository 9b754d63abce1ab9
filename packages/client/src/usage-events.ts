import {
  amountToNumber,
  type ConsumeCreditsInput,
  type HotOperationInput,
  type HotOperationResultWire,
  parseAmount,
  type ReportEventInput,
  type ReportUsageInput,
  type ReservationWire,
  type SettleInput,
  type TollgateError,
} from '@tollgate/contract';
import type { UsageEvent } from './hook-events.js';

/** One item of the outbox, or the end of a reservation that was refused for good. */
export type UsageItem =
  | { kind: 'usage'; input: ReportUsageInput }
  | { kind: 'event'; input: ReportEventInput }
  | { kind: 'consumption'; input: ConsumeCreditsInput }
  | { kind: 'settlement'; input: SettleInput };

/** What the hook `onUsage` is told of one item. */
export function usageEventOf(
  kind: UsageEvent['kind'],
  item: UsageItem,
  error: TollgateError | null = null,
): UsageEvent {
  const event: UsageEvent = { ...nothing, kind, customerId: item.input.customerId, error };
  switch (item.kind) {
    case 'usage':
      return reportEvent(event, item.input);
    case 'event': {
      const { eventName, idempotencyKey, resourceId = null } = item.input;
      return { ...event, eventName, idempotencyKey, resourceId };
    }
    case 'consumption':
      return consumptionEvent(event, item.input);
    case 'settlement':
      return { ...event, reservationId: item.input.reservationId };
  }
}

/** What it is told of an operation that the engine has answered: nothing of a hold that was denied, or only extended. */
export function usageEventsOf(operation: HotOperationInput, { reservation }: HotOperationResultWire): UsageEvent[] {
  const { reportUsage, consumeCredits, reserve, settle, release } = operation;
  if (reportUsage) return [reportEvent({ ...nothing, customerId: reportUsage.customerId }, reportUsage)];
  if (consumeCredits) return [consumptionEvent({ ...nothing, customerId: consumeCredits.customerId }, consumeCredits)];
  if (reserve && reservation?.status === 'HELD') return itemEvents('held', reservation);
  if (settle && reservation?.status === 'SETTLED') return itemEvents('settled', reservation);
  return release && reservation?.status === 'RELEASED' ? itemEvents('released', reservation) : [];
}

const nothing: Omit<UsageEvent, 'customerId'> = Object.freeze({
  kind: 'stored',
  resourceId: null,
  featureId: null,
  currencyId: null,
  eventName: null,
  amount: null,
  idempotencyKey: null,
  reservationId: null,
  error: null,
});

function reportEvent(event: UsageEvent, input: ReportUsageInput): UsageEvent {
  const { featureId, idempotencyKey = null, resourceId = null } = input;
  return { ...event, featureId, idempotencyKey, resourceId, amount: numberOf(input.value) };
}

function consumptionEvent(event: UsageEvent, input: ConsumeCreditsInput): UsageEvent {
  const { currencyId, idempotencyKey, resourceId = null } = input;
  return { ...event, currencyId, idempotencyKey, resourceId, amount: numberOf(input.amount) };
}

function itemEvents(kind: UsageEvent['kind'], { customerId, reservationId, items }: ReservationWire): UsageEvent[] {
  return items.map(({ featureId, currencyId, resourceId, amount, settled }) => ({
    ...nothing,
    kind,
    customerId,
    reservationId,
    featureId,
    currencyId,
    resourceId,
    amount: numberOf(settled ?? amount),
  }));
}

const numberOf = (amount: string): number => amountToNumber(parseAmount(amount, 'amount'));
