import { type Offers, OffersDocument, offersFromWire, type Version } from '@tollgate/contract';
import type { MonotonicClock } from './clock.js';
import { within } from './deadline.js';
import type { EngineLink } from './engine-link.js';
import type { SafeLogger } from './safe-logger.js';

/** What is on sale, asked for once per catalog number. */
export interface OffersReader {
  /** Undefined when it is not known within `patienceMs`, or there is nobody to ask. Never rejects. */
  read(asked: Pick<Version, 'epoch' | 'catalog'>, patienceMs: number): Promise<Offers | undefined>;
}

export interface OffersReaderOptions {
  link: EngineLink;
  monotonic: MonotonicClock;
  timeoutMs: number;
  logger: SafeLogger;
}

/** After a failure nobody asks, and nobody waits, for so long: an answer is only a hint. */
const pauseMs = 10_000;

export function offersReader({ link, monotonic, timeoutMs, logger }: OffersReaderOptions): OffersReader {
  let held: { epoch: string; offers: Offers } | undefined;
  let flight: Promise<void> | undefined;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;

  const fetch = async ({ epoch, catalog }: Pick<Version, 'epoch' | 'catalog'>): Promise<void> => {
    try {
      const { offers } = await link.execute(OffersDocument, {}, timeoutMs);
      held = { epoch, offers: offersFromWire(offers) };
      // An engine that lags behind is not asked again for each denial.
      if (offers.catalog < catalog) pausedUntilMs = monotonic() + pauseMs;
    } catch (error) {
      pausedUntilMs = monotonic() + pauseMs;
      logger.debug('what is on sale could not be read', error);
    } finally {
      flight = undefined;
    }
  };

  return {
    async read(asked, patienceMs) {
      const known = (): Offers | undefined =>
        held && held.epoch === asked.epoch && held.offers.catalog >= asked.catalog ? held.offers : undefined;
      const offers = known();
      if (offers || (!flight && (link.isUnreachable() || monotonic() < pausedUntilMs))) return offers;
      flight ??= fetch(asked);
      await within(flight, patienceMs);
      return known();
    },
  };
}
