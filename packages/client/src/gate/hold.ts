import { type Amount, isTollgateError } from '@tollgate/contract';
import type { GatePort, HeldItem, ReservationKey, Target, WantedHold } from '../gate-port.js';
import type { ChargeSink } from './charge.js';
import { accept } from './metered.js';

/** A reservation that the engine holds for one request: kept alive until each of its items has its amount. */
export interface Hold {
  /** Where the charge of one item goes, by its place. */
  sink(item: number): ChargeSink;
}

export interface HoldInput {
  port: GatePort;
  wanted: WantedHold;
  ttlMs: number;
}

export function openHold({ port, wanted, ttlMs }: HoldInput): Hold {
  const { items, request, customerId, reservationId } = wanted;
  const key: ReservationKey = { customerId, reservationId };
  /** What each item came to; undefined for one that was let go. */
  const amounts = new Map<number, Amount | undefined>();
  const stop = heartbeat({ port, key, ttlMs });

  const settle = (): void => {
    stop();
    const charged = items.map((_, index) => amounts.get(index) ?? 0n);
    // A request that may come again has to be found as charged then, even if it used nothing.
    const isRemembered = request !== undefined && [...amounts.values()].some((amount) => amount !== undefined);
    if (isRemembered || charged.some((amount) => amount > 0n)) void port.holds.settle(key, charged);
    else void port.holds.release(key);
  };
  const end = (index: number, amount: Amount | undefined): void => {
    amounts.set(index, amount);
    if (amounts.size === items.length) settle();
  };

  return {
    sink: (index) => ({
      deliver(amount) {
        const item = items[index] as HeldItem;
        // A hold charges or lets go; what is given back is a report of its own.
        if (amount < 0n)
          accept({ port, target: targetOf(item), key: { customerId, resourceId: item.resourceId } }, amount);
        end(index, amount > 0n ? amount : 0n);
      },
      letGo: () => end(index, undefined),
    }),
  };
}

const targetOf = ({ featureId, currencyId }: HeldItem): Target =>
  featureId === undefined ? { currencyId: currencyId as string } : { featureId };

/** Three signs of life in each time to live, so that one or two may be lost. Returns what ends them. */
function heartbeat({ port, key, ttlMs }: { port: GatePort; key: ReservationKey; ttlMs: number }): () => void {
  const everyMs = ttlMs / 3;
  let isUnderWay = false;
  const beat = async (): Promise<void> => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      await port.holds.extend(key, { ttlMs, deadlineMs: ttlMs });
    } catch (error) {
      // Out of reach: the next sign may get through. Refused: it is not held any more, and is charged all the same.
      if (!isTollgateError(error) || !error.isRetryable) stop();
      port.logger.debug(`reservation ${key.reservationId} could not be extended`, error);
    } finally {
      isUnderWay = false;
    }
  };
  const timer = setInterval(() => void beat(), everyMs).unref();
  const stop = (): void => clearInterval(timer);
  return stop;
}
