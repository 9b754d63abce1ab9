import { AsyncResource } from 'node:async_hooks';
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

/** By what rules a requirement is charged: the same for every request that asks the same. */
export interface ChargeTerms {
  name: string;
  usage: Amount;
  settleBy: SettleBy | undefined;
  onAbort: 'commit' | 'release';
  /** False for HEAD and OPTIONS: decided like the others, never charged. */
  isCharged: boolean;
  logger: SafeLogger;
}

/** A response ends in no request's context: what the application keeps in an AsyncLocalStorage must be there all the same. */
const inThisContext = (settleBy: SettleBy | undefined): SettleBy | undefined =>
  settleBy && AsyncResource.bind(settleBy);

/** The rules of settling, whatever becomes of the amount. A class, since one is made for every request that is charged. */
export abstract class RequestCharge implements Charge {
  private readonly settleBy: SettleBy | undefined;
  private measured: Amount | undefined;
  private isSettled = false;

  constructor(private readonly terms: ChargeTerms) {
    this.settleBy = inThisContext(terms.settleBy);
  }

  /** The request used something else than was declared. */
  protected abstract change(amount: Amount): void;
  /** The end: charges this amount. Once, or `letGo`; never throws. */
  protected abstract deliver(amount: Amount): void;
  /** The end: charges nothing, because the request came to nothing. */
  protected abstract letGo(): void;

  get name(): string {
    return this.terms.name;
  }

  measure(amount: Amount): void {
    const { isCharged, logger } = this.terms;
    if (this.isSettled) {
      logger.error(`${this.name}: ${amountToNumber(amount)} was measured after the request was settled`);
      return;
    }
    this.measured = amount;
    if (isCharged) this.change(amount);
  }

  settle(outcome: Outcome): void {
    if (this.isSettled) return;
    this.isSettled = true;
    const amount = this.terms.isCharged ? this.amountToCharge(outcome) : undefined;
    if (amount === undefined) this.letGo();
    else this.deliver(amount);
  }

  /** Undefined: nothing is charged. */
  private amountToCharge(outcome: Outcome): Amount | undefined {
    const { measured } = this;
    const usual = usualSettlement(outcome, { hasMeasured: measured !== undefined, onAbort: this.terms.onAbort });
    // Before the handler nothing was used, and there is nothing for the application to decide.
    const isBeforeHandler = outcome.kind === 'aborted' && outcome.phase === 'before-handler';
    const settlement = isBeforeHandler ? usual : (this.askedSettlement(outcome) ?? usual);
    if (settlement === 'release') return undefined;
    return settlement === 'commit' ? (measured ?? this.terms.usage) : settlement;
  }

  // A settleBy that throws or answers nonsense must not lose or invent usage: the usual rule holds, and the log says so.
  private askedSettlement(outcome: Outcome): 'commit' | 'release' | Amount | undefined {
    const { settleBy, measured } = this;
    const { name, usage, logger } = this.terms;
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
}

/** Where the amount of a charge goes that the gate does not meter itself. */
export interface ChargeSink {
  deliver(amount: Amount): void;
  letGo(): void;
}

/** What the engine holds, or what nobody is charged for. */
export class SinkCharge extends RequestCharge {
  constructor(
    terms: ChargeTerms,
    private readonly sink: ChargeSink,
  ) {
    super(terms);
  }

  protected change(): void {}

  protected deliver(amount: Amount): void {
    this.sink.deliver(amount);
  }

  protected letGo(): void {
    this.sink.letGo();
  }
}

/** For what was charged before, and for what nobody can be charged for: the handler measures as it always does. */
export const nowhere: ChargeSink = Object.freeze({ deliver: () => {}, letGo: () => {} });
/** The same, told apart because what is known has the request in it already. */
export const chargedBefore: ChargeSink = Object.freeze({ ...nowhere });

/** Reads an amount that a request's function or `measure` gave: rounded half up to 6 places. Throws INVALID_ARGUMENT. */
export function computedAmount(value: unknown, field: string): Amount {
  return roundAmount(value as number | string, field);
}
