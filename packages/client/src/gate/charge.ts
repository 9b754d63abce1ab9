import { type Amount, amountToNumber, roundAmount, TollgateError } from '@tollgate/contract';
import type { SafeLogger } from '../safe-logger.js';
import { type Outcome, type SettleBy, usualSettlement } from './outcome.js';

/** What one admitted requirement will charge, unless the request fails. */
export interface Charge {
  /** The id of the feature or currency. */
  readonly name: string;
  /** Says what was really used; takes the place of what was declared. */
  measure(amount: Amount): void;
  /** Charges or lets go. Only the first call counts; never throws. */
  settle(outcome: Outcome): void;
}

/** Where the amount of a charge goes. */
export interface ChargeSink {
  /** The request used something else than was declared. */
  change(amount: Amount): void;
  /** The end: charges this amount. Once, or `letGo`; never throws. */
  deliver(amount: Amount): void;
  /** The end: charges nothing, because the request came to nothing. */
  letGo(): void;
}

/** For what was charged before: the handler measures as it always does, and nothing comes of it. */
export const chargedBefore: ChargeSink = Object.freeze({ change: () => {}, deliver: () => {}, letGo: () => {} });

export interface ChargeInput {
  name: string;
  usage: Amount;
  sink: ChargeSink;
  settleBy: SettleBy | undefined;
  onAbort: 'commit' | 'release';
  /** False for HEAD and OPTIONS: decided like the others, never charged. */
  isCharged: boolean;
  logger: SafeLogger;
}

/** A class, since one is made for every request that uses something. */
export class RequestCharge implements Charge {
  readonly name: string;
  private measured: Amount | undefined;
  private isSettled = false;

  constructor(private readonly input: ChargeInput) {
    this.name = input.name;
  }

  measure(amount: Amount): void {
    if (this.isSettled) {
      this.input.logger.error(`${this.name}: ${amountToNumber(amount)} was measured after the request was settled`);
      return;
    }
    this.measured = amount;
    if (this.input.isCharged) this.input.sink.change(amount);
  }

  settle(outcome: Outcome): void {
    if (this.isSettled) return;
    this.isSettled = true;
    const { input, measured } = this;
    const amount = input.isCharged ? amountToCharge(input, outcome, measured ?? input.usage, measured) : undefined;
    if (amount === undefined) input.sink.letGo();
    else input.sink.deliver(amount);
  }
}

/** Reads an amount that a request's function or `measure` gave: rounded half up to 6 places. Throws INVALID_ARGUMENT. */
export function computedAmount(value: unknown, field: string): Amount {
  return roundAmount(value as number | string, field);
}

/** Undefined: nothing is charged. */
function amountToCharge(
  input: ChargeInput,
  outcome: Outcome,
  used: Amount,
  measured: Amount | undefined,
): Amount | undefined {
  const usual = usualSettlement(outcome, { hasMeasured: measured !== undefined, onAbort: input.onAbort });
  // Before the handler nothing was used, and there is nothing for the application to decide.
  const isBeforeHandler = outcome.kind === 'aborted' && outcome.phase === 'before-handler';
  const settlement = isBeforeHandler ? usual : (askedSettlement(input, outcome, measured) ?? usual);
  if (settlement === 'release') return undefined;
  return settlement === 'commit' ? used : settlement;
}

// A settleBy that throws or answers nonsense must not lose or invent usage: the usual rule holds, and the log says so.
function askedSettlement(
  { settleBy, name, usage, logger }: ChargeInput,
  outcome: Outcome,
  measured: Amount | undefined,
): 'commit' | 'release' | Amount | undefined {
  if (!settleBy) return undefined;
  try {
    const answer: unknown = settleBy(outcome, {
      featureId: name,
      usage: amountToNumber(usage),
      measured: measured === undefined ? undefined : amountToNumber(measured),
    });
    if (answer === undefined || answer === 'commit' || answer === 'release') return answer;
    if (typeof answer === 'number') return roundAmount(answer, 'settleBy');
    throw new TollgateError('INVALID_ARGUMENT', "settleBy must answer 'commit', 'release', a number or nothing");
  } catch (error) {
    logger.error(`${name}: settleBy failed, the usual settlement is used`, error);
    return undefined;
  }
}
