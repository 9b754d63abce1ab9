import {
  type Amount,
  ConsumeCreditsAsyncDocument,
  type ConsumeCreditsInput,
  type ReportEventInput,
  type ReportEventResultWire,
  ReportEventsDocument,
  type ReportUsageAckWire,
  ReportUsageDocument,
  type ReportUsageInput,
  type ReportUsageResultWire,
  TollgateError,
  toIso,
} from '@tollgate/contract';
import type { MonotonicClock } from './clock.js';
import { within } from './deadline.js';
import type { EngineClock } from './engine-clock.js';
import type { EngineLink } from './engine-link.js';
import type { MeteredFeature } from './gate-port.js';
import type { Hooks } from './hooks.js';
import { outboxLane } from './outbox-lane.js';
import type { Random } from './random.js';
import { usageEventOf } from './usage-events.js';
import { usageSums } from './usage-sums.js';

/** Usage, events and consumptions of credits that were accepted and are on their way to the engine. Held in memory: a crash loses them. */
export interface Outbox {
  /** Throws OVERLOADED when full, CLOSED after `close`. The promise resolves when the item is stored or refused. */
  addUsage(input: ReportUsageInput): Promise<void>;
  /** The same for an amount that is as good in a sum: what waits of its counter at about the same time is one item. */
  addAmount(feature: MeteredFeature, amount: Amount): Promise<void>;
  /** All of them or, when there is no room, none. */
  addEvents(inputs: readonly ReportEventInput[]): Promise<void>[];
  /** The same, for consumptions of credits. */
  addConsumptions(inputs: readonly ConsumeCreditsInput[]): Promise<void>[];
  hasRoom(): boolean;
  /** How many items wait for the engine, and how many it refused for good. */
  counts(): { waiting: number; deadLetters: number };
  /** Resolves when what is here now was tried once, at the latest after the deadline. */
  sendUnderWay(deadlineMs: number): Promise<void>;
  /** Tries again at once: the engine was heard of. */
  wake(): void;
  /** Sends what is left until the deadline, then hands the rest to the dead-letter listener. */
  close(deadlineMs: number): Promise<void>;
  /** Resolves when nothing is left: after `close`, once the last request has come back or was cut off. */
  settled(): Promise<void>;
}

export interface OutboxOptions {
  link: EngineLink;
  clock: EngineClock;
  monotonic: MonotonicClock;
  random: Random;
  newId(): string;
  timeoutMs: number;
  onUsageStored(ack: ReportUsageAckWire): void;
  hooks: Hooks;
  onRefused(letter: DeadLetter): void;
}

export type DeadLetter =
  | { kind: 'usage'; input: ReportUsageInput; error: TollgateError }
  | { kind: 'event'; input: ReportEventInput; error: TollgateError }
  | { kind: 'consumption'; input: ConsumeCreditsInput; error: TollgateError };

const itemsMax = 50_000;

export function outbox({ link, clock, monotonic, random, timeoutMs, hooks, ...options }: OutboxOptions): Outbox {
  let isClosed = false;
  let deadLetters = 0;

  const refuse = (letter: DeadLetter): void => {
    deadLetters += 1;
    options.onRefused(letter);
  };
  /** The instant of entry, by the engine's clock; unknown while no reply has come yet, and filled in by a later attempt. */
  const enteredAt = (enteredAtMs: number): string | undefined => {
    const instant = clock.at(enteredAtMs);
    return instant === undefined ? undefined : toIso(instant);
  };

  const usage = outboxLane<ReportUsageInput, ReportUsageResultWire>({
    batchMax: 100,
    random,
    monotonic,
    prepare: (input, enteredAtMs) => {
      if (input.isCreatedAtFilledIn) input.createdAt ??= enteredAt(enteredAtMs);
      sums.end(input);
    },
    send: async (usages) => (await link.execute(ReportUsageDocument, { usages }, timeoutMs)).reportUsage,
    errorOf: (result) => result.error,
    onStored: (input, { ack }) => {
      if (ack) options.onUsageStored(ack);
      hooks.onUsage?.(usageEventOf('stored', { kind: 'usage', input }));
    },
    onRefused: (input, error) => refuse({ kind: 'usage', input, error }),
  });

  const events = outboxLane<ReportEventInput, ReportEventResultWire>({
    batchMax: 1_000,
    random,
    monotonic,
    prepare: (input, enteredAtMs) => {
      if (input.isTimestampFilledIn) input.timestamp ??= enteredAt(enteredAtMs);
    },
    send: async (batch) => (await link.execute(ReportEventsDocument, { events: batch }, timeoutMs)).reportEvents,
    errorOf: (result) => result.error,
    onStored: (input) => hooks.onUsage?.(usageEventOf('stored', { kind: 'event', input })),
    onRefused: (input, error) => refuse({ kind: 'event', input, error }),
  });

  const consumptions = outboxLane<ConsumeCreditsInput, ReportEventResultWire>({
    batchMax: 1_000,
    random,
    monotonic,
    prepare: (input, enteredAtMs) => {
      if (input.isCreatedAtFilledIn) input.createdAt ??= enteredAt(enteredAtMs);
    },
    send: async (batch) =>
      (await link.execute(ConsumeCreditsAsyncDocument, { consumptions: batch }, timeoutMs)).consumeCreditsAsync,
    errorOf: (result) => result.error,
    onStored: (input) => hooks.onUsage?.(usageEventOf('stored', { kind: 'consumption', input })),
    onRefused: (input, error) => refuse({ kind: 'consumption', input, error }),
  });
  const lanes = [usage, events, consumptions];

  const waiting = (): number => usage.size() + events.size() + consumptions.size();
  const assertRoom = (items: number): void => {
    if (isClosed) throw new TollgateError('CLOSED', 'the client was closed');
    if (waiting() + items <= itemsMax) return;
    throw new TollgateError('OVERLOADED', `the outbox is full: ${waiting()} items wait for the engine`);
  };
  const wake = (): void => {
    for (const lane of lanes) lane.wake();
  };
  const settled = async (): Promise<void> => {
    await Promise.all(drained);
  };
  const drained = new Set<Promise<void>>();
  const track = (settled: Promise<void>): Promise<void> => {
    const tracked = settled.then(() => {
      drained.delete(tracked);
    });
    drained.add(tracked);
    return settled;
  };

  const addUsage = (input: ReportUsageInput): Promise<void> => {
    assertRoom(1);
    hooks.onUsage?.(usageEventOf('accepted', { kind: 'usage', input }));
    return track(usage.add(input));
  };

  const sums = usageSums({ addItem: addUsage, newId: options.newId, isClosed: () => isClosed, hooks });

  return {
    settled,
    // A copy of our own: the missing instant is filled in later.
    addUsage: (input) =>
      addUsage({
        ...input,
        idempotencyKey: input.idempotencyKey ?? options.newId(),
        ...(!input.createdAt && { isCreatedAtFilledIn: true }),
      }),
    addAmount: sums.add,
    addEvents: (inputs) => {
      assertRoom(inputs.length);
      return inputs.map((input) => {
        hooks.onUsage?.(usageEventOf('accepted', { kind: 'event', input }));
        return track(events.add(input.timestamp ? { ...input } : { ...input, isTimestampFilledIn: true }));
      });
    },
    addConsumptions: (inputs) => {
      assertRoom(inputs.length);
      return inputs.map((input) => {
        hooks.onUsage?.(usageEventOf('accepted', { kind: 'consumption', input }));
        return track(consumptions.add(input.createdAt ? { ...input } : { ...input, isCreatedAtFilledIn: true }));
      });
    },
    hasRoom: () => !isClosed && waiting() < itemsMax,
    counts: () => ({ waiting: waiting(), deadLetters }),
    sendUnderWay: async (deadlineMs) => {
      await within(Promise.all(lanes.map((lane) => lane.underWay())), deadlineMs);
    },
    wake,
    close: async (deadlineMs) => {
      isClosed = true;
      wake();
      await within(settled(), deadlineMs);
      const error = new TollgateError('CLOSED', 'the client was closed before the engine could be reached');
      for (const lane of lanes) lane.abandon(error);
    },
  };
}
