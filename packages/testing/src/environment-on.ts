import { gatePortKey, Tollgate } from '@tollgate/client';
import type { Transport } from '@tollgate/contract';
import { customerWorld } from './customer-world.js';
import { lineTo } from './line.js';
import { outageOf } from './outage.js';
import { usageRecord } from './recorded-usage.js';
import { stackClock } from './stack-clock.js';
import type { TestEnvironment } from './test-environment.js';

/** An environment's engine, wherever it runs. */
export interface EngineAccess {
  transport: Transport;
  now(): number;
  /** Brings the clock to an instant, and does what is due by then. */
  move(instant: number): Promise<void>;
  close(): Promise<void>;
}

/** Puts clients, clock and helpers in front of an engine. */
export function environmentOn(engine: EngineAccess): TestEnvironment {
  const { transport } = engine;
  const line = lineTo(transport);
  const opened: Tollgate[] = [];
  const reading = () => ({ now: engine.now(), isFrozen: true });
  const tellChange = () => line.tell(reading(), true);
  const world = customerWorld(transport, tellChange);
  const record = usageRecord({ transport, line, clients: opened });

  const hearTheClock = async (): Promise<void> => {
    line.tell(reading(), false);
    // Who follows no feed hears from a reply: each carries the time. A client that was closed needs none.
    if (!line.isCut()) await Promise.allSettled(opened.map((client) => client[gatePortKey].featureTypes(['clock'])));
  };

  return {
    client: (options = {}) => {
      const client = Tollgate.initialize({ ...options, transport: line.transport });
      opened.push(client);
      return client;
    },
    clientOptions: { transport: line.transport },
    clock: stackClock(engine.now, engine.move, hearTheClock),
    ...world.helpers,
    outage: outageOf(line),
    ...record,
    close: once(async () => {
      await Promise.all(opened.map((client) => client.close()));
      await world.close();
      // A client that was closed as soon as it was made has its first call under way.
      await line.idle();
      await transport.close?.();
      await engine.close();
    }),
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
