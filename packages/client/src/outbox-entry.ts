import type {
  Amount,
  ConsumeCreditsInput,
  ReportEventInput,
  ReportUsageInput,
  SettleInput,
  TollgateError,
} from '@tollgate/contract';
import { batchError, readItems } from './batch-error.js';
import { type ConsumeCredits, consumptionInput } from './consumption.js';
import type { Events, TollgateEvents } from './events.js';
import type { MeteredFeature } from './gate-port.js';
import type { Hooks } from './hooks.js';
import { listOf } from './input-rules.js';
import type { DeadLetter, Outbox } from './outbox.js';
import type { SettleReservation } from './reservation-inputs.js';
import type { SafeLogger } from './safe-logger.js';
import { usageEventOf } from './usage-events.js';
import { eventInput, type ReportEvent, type ReportUsage } from './usage-inputs.js';

/** What enters the outbox: checked here once, and in offline mode accepted and dropped. */
export interface OutboxEntry {
  addUsage(input: ReportUsageInput): Promise<void>;
  addAmount(feature: MeteredFeature, amount: Amount): Promise<void>;
  addConsumption(input: ConsumeCreditsInput): Promise<void>;
  /** Throws when some events break a rule, naming each; the others are accepted. */
  addEvents(events: ReportEvent | readonly ReportEvent[]): void;
  /** The same, for consumptions of credits. */
  addConsumptions(consumptions: readonly ConsumeCredits[]): void;
  tellRefused(letter: DeadLetter | RefusedSettlement): void;
}

export interface RefusedSettlement {
  kind: 'settlement';
  input: SettleInput;
  error: TollgateError;
}

const eventsMax = 1_000;
const consumptionsMax = 1_000;

export function outboxEntry(options: {
  outbox: Outbox;
  events: Events;
  logger: SafeLogger;
  hooks: Hooks;
  isOffline: boolean;
}): OutboxEntry {
  const { outbox, events, logger, hooks, isOffline } = options;
  return {
    addUsage: (input) => (isOffline ? Promise.resolve() : outbox.addUsage(input)),
    addAmount: (feature, amount) => (isOffline ? Promise.resolve() : outbox.addAmount(feature, amount)),
    addConsumption: async (input) => {
      if (!isOffline) await Promise.all(outbox.addConsumptions([input]));
    },
    addEvents: (given) => {
      if (!Array.isArray(given)) {
        const input = eventInput(given as ReportEvent);
        if (!isOffline) outbox.addEvents([input]);
        return;
      }
      const items = listOf(given as readonly ReportEvent[], 'events', eventsMax);
      const { inputs, failures } = readItems(items, 'events', eventInput);
      if (!isOffline) outbox.addEvents(inputs);
      if (failures.length > 0) throw batchError('events', items.length, failures);
    },
    addConsumptions: (given) => {
      const items = listOf(given, 'consumptions', consumptionsMax);
      const { inputs, failures } = readItems(items, 'consumptions', consumptionInput);
      if (!isOffline) outbox.addConsumptions(inputs);
      if (failures.length > 0) throw batchError('consumptions', items.length, failures);
    },
    tellRefused: (letter) => {
      logger.error(
        `the engine will never store this ${letter.kind}: ${letter.error.message}`,
        letter.input,
        letter.error,
      );
      hooks.onUsage?.(usageEventOf('dead-letter', letter, letter.error));
      events.emit('deadLetter', letterOf(letter));
    },
  };
}

function letterOf(letter: DeadLetter | RefusedSettlement): TollgateEvents['deadLetter'][0] {
  const { error } = letter;
  switch (letter.kind) {
    case 'usage':
      return { kind: 'usage', item: usageOf(letter.input), error };
    case 'event':
      return { kind: 'event', item: eventOf(letter.input), error };
    case 'consumption':
      return { kind: 'consumption', item: consumptionOf(letter.input), error };
    case 'settlement':
      return { kind: 'settlement', item: withoutNulls(letter.input) as SettleReservation, error };
  }
}

/** An item as `reportUsage` would take it, so that a listener can report it anew. */
function usageOf(input: ReportUsageInput): ReportUsage {
  const { isCreatedAtFilledIn: _, ...item } = input;
  return withoutNulls(item) as ReportUsage;
}

function eventOf(input: ReportEventInput): ReportEvent {
  const { isTimestampFilledIn: _, ...item } = input;
  return withoutNulls(item) as ReportEvent;
}

function consumptionOf(input: ConsumeCreditsInput): ConsumeCredits {
  const { isCreatedAtFilledIn: _, ...item } = input;
  return withoutNulls(item) as ConsumeCredits;
}

function withoutNulls(item: object): unknown {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null && value !== undefined));
}
