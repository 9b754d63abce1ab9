import type { ReportEventInput, ReportUsageInput } from '@tollgate/contract';
import type { Events } from './events.js';
import { listOf } from './input-rules.js';
import type { DeadLetter, Outbox } from './outbox.js';
import type { SafeLogger } from './safe-logger.js';
import { eventInput, type ReportEvent, type ReportUsage } from './usage-inputs.js';

/** What enters the outbox: checked here once, and in offline mode accepted and dropped. */
export interface OutboxEntry {
  addUsage(input: ReportUsageInput): Promise<void>;
  /** Throws when any event breaks a rule; then none is accepted. */
  addEvents(events: ReportEvent | readonly ReportEvent[]): void;
  tellRefused(letter: DeadLetter): void;
}

const eventsMax = 1_000;

export function outboxEntry(options: {
  outbox: Outbox;
  events: Events;
  logger: SafeLogger;
  isOffline: boolean;
}): OutboxEntry {
  const { outbox, events, logger, isOffline } = options;
  return {
    addUsage: (input) => (isOffline ? Promise.resolve() : outbox.addUsage(input)),
    addEvents: (given) => {
      const inputs: ReportEventInput[] = Array.isArray(given)
        ? listOf(given as readonly ReportEvent[], 'events', eventsMax).map((event, index) =>
            eventInput(event, `events[${index}].`),
          )
        : [eventInput(given as ReportEvent)];
      if (!isOffline) outbox.addEvents(inputs);
    },
    tellRefused: (letter) => {
      logger.error(`the engine will never store this ${letter.kind}: ${letter.error.message}`, letter.input);
      const { error } = letter;
      if (letter.kind === 'usage') events.emit('deadLetter', { kind: 'usage', item: usageOf(letter.input), error });
      else events.emit('deadLetter', { kind: 'event', item: eventOf(letter.input), error });
    },
  };
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

function withoutNulls(item: object): unknown {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null && value !== undefined));
}
