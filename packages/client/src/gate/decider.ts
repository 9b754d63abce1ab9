import type { GatePort, View, Wanted } from '../gate-port.js';
import { featureText, keyText } from '../key-text.js';
import type { Entry } from './admitted.js';
import { type Asked, takenBy } from './asked.js';
import { type Assessment, assess, type Known } from './assessment.js';
import { after, type Soon } from './at-once.js';
import { type Call, note, patienceOf } from './call.js';
import { nowhere, SinkCharge } from './charge.js';
import { termsOf } from './charge-terms.js';
import { type Alternative, type BlockedClause, type Clause, choose } from './clauses.js';
import { codeFor } from './denial.js';
import type { ResolvedGateOptions } from './gate-options.js';
import { MeteredCharge, type Metering } from './metered.js';
import { type PendingAmount, type PendingUsage, pendingUsage } from './pending.js';
import { reportKeyOf } from './repeated-request.js';
import { hasCounter } from './shadow.js';

/** Decides from what the client knows of the customers, and takes what is metered. */
export interface Decider {
  /** Looks at everything and decides. When all may pass, the amounts of mode `meter` are taken at once. */
  decide(call: Call, clauses: readonly Clause[], looked: Looked): Soon<Decided>;
  /** A requirement that is let in, with its charge; its amount is taken if it is metered. */
  entryOf(assessment: Assessment): Entry;
  /** How a metered requirement is charged. */
  meteringOf(assessment: Assessment): Metering;
  /** Takes the amount of a metered requirement. */
  meter(assessment: Pick<Assessment, 'asked' | 'counter'>, metering: Metering): MeteredCharge;
}

/** What is known of a request before it is decided, again. */
export interface Looked {
  /** What the engine did not hold. */
  turnedDown: ReadonlyMap<Alternative, Assessment[]>;
  /** What is known of the customer of the only requirement, looked up in this turn. */
  view?: View | undefined;
}

export type Decided = { entries: Entry[] } | { blocked: BlockedClause[] };

interface Deciding {
  call: Call;
  clauses: readonly Clause[];
  turnedDown: ReadonlyMap<Alternative, Assessment[]>;
  /** Everything in the clauses. */
  all: readonly Asked[];
  /** Whether time has passed since the views were asked for. */
  wasAwaited: boolean;
}

interface DeciderOptions {
  port: GatePort;
  options: Pick<ResolvedGateOptions<never>, 'onUnavailable' | 'settleBy' | 'onAbort'>;
  pending: PendingUsage;
}

export function decider({ port, options, pending }: DeciderOptions): Decider {
  function decide(call: Call, clauses: readonly Clause[], { turnedDown, view }: Looked): Soon<Decided> {
    const all = clauses.flat(2);
    const [first] = all;
    const found = view && first ? new Map([[keyText(first.key), view]]) : viewsOf(port, all, patienceOf(call));
    const wasAwaited = found instanceof Promise;
    return after(found, (views) => decideFrom(views, { call, clauses, turnedDown, all, wasAwaited }));
  }

  function decideFrom(
    views: ReadonlyMap<string, View>,
    { call, clauses, turnedDown, all, wasAwaited }: Deciding,
  ): Decided {
    // From here on nothing is awaited: an amount that another request takes is either seen here or sees ours.
    const letsIn = ({ verdict, mode }: Assessment): boolean => {
      if (verdict === 'denied') return false;
      if (options.onUnavailable === 'allow') return true;
      return verdict !== 'unknown' && (mode === 'check' || port.isAcceptingUsage());
    };
    const attempt = (letsShadowIn: boolean) => {
      // What requirements before one take of the same counter; a single one has none before it.
      const earlier = all.length > 1 ? pendingUsage() : undefined;
      const taken: Known['pending'] = earlier
        ? {
            of: (counter) => pending.of(counter) + earlier.of(counter),
            isGivenBack: (counter) => pending.isGivenBack(counter),
          }
        : pending;
      return choose(clauses, (alternative) => {
        const known = turnedDown.get(alternative);
        if (known) return { assessments: known, passes: false };
        const amounts: PendingAmount[] = [];
        const assessments = alternative.map((item) => {
          const view = (wasAwaited ? port.viewAgain(item.key) : undefined) ?? (views.get(keyText(item.key)) as View);
          const fallback = port.configuredFallback(item.requirement.target);
          const assessed = assess(item, view, { pending: taken, fallback });
          if (call.findings) note(call, assessed, letsIn(assessed) ? null : codeFor(assessed));
          if (earlier) amounts.push(earlier.add(assessed.counter, takenBy(item)));
          return { ...assessed, wouldBeDenied: letsShadowIn && item.isShadow && !letsIn(assessed) };
        });
        const passes = assessments.every((item) => item.wouldBeDenied || letsIn(item));
        if (!passes) for (const amount of amounts) amount.release();
        return { assessments, passes };
      });
    };
    const strict = attempt(false);
    // Which alternative is taken is decided as if all were enforced: only then is let in what is just watched.
    const isWatched = 'blocked' in strict && clauses.some((clause) => clause.flat().some(({ isShadow }) => isShadow));
    const decided = isWatched ? attempt(true) : strict;
    return 'blocked' in decided ? decided : { entries: decided.chosen.map(entryOf) };
  }

  function entryOf(assessment: Assessment): Entry {
    const { asked, mode } = assessment;
    if (mode !== 'meter') return { assessment };
    if (hasCounter(assessment)) return { assessment, charge: meter(assessment, meteringOf(assessment)) };
    return { assessment, charge: new SinkCharge(termsOf(options, asked, port.logger), nowhere) };
  }

  function meteringOf({ asked, decision }: Assessment): Metering {
    const { key, repeatedAs, requirement } = asked;
    const idempotencyKey = repeatedAs && reportKeyOf(repeatedAs, requirement.name);
    const { target } = requirement;
    // What a use costs in credits need not be the same in a sum, and what may come again is known by its own key.
    const isSummable = decision.entitlement?.creditRate === null && idempotencyKey === undefined;
    const feature = target.featureId === undefined ? undefined : { ...key, featureId: target.featureId };
    const sum = isSummable && feature ? { ...feature, name: featureText(feature) } : undefined;
    const use = { port, key, target, idempotencyKey, sum };
    return { terms: termsOf(options, asked, port.logger), use };
  }

  function meter({ asked, counter }: Pick<Assessment, 'asked' | 'counter'>, { terms, use }: Metering): MeteredCharge {
    return new MeteredCharge(terms, use, pending.add(counter, takenBy(asked)));
  }

  return { decide, entryOf, meteringOf, meter };
}

/** What is known of all who pay, by the text of their key: at once, or when what memory does not have has come. */
function viewsOf(
  port: GatePort,
  asked: readonly Asked[],
  deadlineMs: number,
): Map<string, View> | Promise<Map<string, View>> {
  const views = new Map<string, View>();
  const missing = new Map<string, Asked['key']>();
  for (const { key } of asked) {
    const name = keyText(key);
    if (views.has(name) || missing.has(name)) continue;
    const view = port.viewNow(key);
    if (view) views.set(name, view);
    else missing.set(name, key);
  }
  if (missing.size === 0) return views;
  const wantedOf = (name: string): Wanted[] =>
    asked
      .filter(({ key }) => keyText(key) === name)
      .map(({ requirement: { target, expectedType } }) => ({ target, type: expectedType }));
  const coming = [...missing].map(async ([name, key]) => {
    views.set(name, await port.view(key, { deadlineMs, wanted: wantedOf(name) }));
  });
  return Promise.all(coming).then(() => views);
}
