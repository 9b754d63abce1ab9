import { gatePortKey, type View } from '../gate-port.js';
import type { SafeLogger } from '../safe-logger.js';
import { AdmittedAgain, admittedOf, type Entry } from './admitted.js';
import { type Asked, type AskRefusal, askedOf } from './asked.js';
import { type Assessment, heldAssessment, refusedAssessment, repeatedAssessment } from './assessment.js';
import { after, type Soon } from './at-once.js';
import { availableIn } from './available-in.js';
import { refusalOf } from './blocked-refusal.js';
import { type Call, decisionIdOf, note, openCall, patienceOf } from './call.js';
import { type ChargeSink, chargedBefore, SinkCharge } from './charge.js';
import { termsOf } from './charge-terms.js';
import {
  type Alternative,
  alternativeOf,
  type BlockedClause,
  type Clause,
  clausesOf,
  mayPassOnceSent,
} from './clauses.js';
import { findCustomer } from './customer.js';
import { type Decided, decider } from './decider.js';
import { decisionEventsOf } from './decision-events.js';
import { codeFor, denied, type Refusal } from './denial.js';
import type { EntitlementsQuery } from './entitlements-query.js';
import { explainHeaders } from './explain-header.js';
import { featureCheck } from './feature-check.js';
import { assertForReference, type GateOptions, resolveGateOptions } from './gate-options.js';
import type { Admitted, DeclaredRequirement, Denied, GateContext } from './gate-types.js';
import type { ProblemCode } from './gate-words.js';
import { knownGrants } from './known-grants.js';
import { isNeverCharged } from './outcome.js';
import { pendingUsageOf } from './pending.js';
import { type PossibleDenial, possibleDenials } from './possible-denials.js';
import { noHeaders } from './quota-headers.js';
import { logRefusal, repetitionRefusal, unheldRefusal } from './refusal-log.js';
import { withRequestKeys } from './repeated-request.js';
import { defineRequirements } from './requirement.js';
import { type EntitlementsAnswer, type EntitlementsContext, showEntitlements } from './show-entitlements.js';
import { takeHolds, unavailable } from './take-holds.js';
import type { RequirementInput } from './typed-requirement.js';

/** All policy of enforcement, whatever the framework. */
export interface Gate<Request = unknown> {
  /** The client's logger, for what an adapter has to say. Never throws. */
  readonly logger: SafeLogger;
  /** Checks a declaration and remembers it for `checkFeatures`. Throws CONFIGURATION. */
  declare(input: RequirementInput<Request>, where?: string): readonly DeclaredRequirement<Request>[];
  /** The same for requirements that were defined elsewhere: `where` names the place in what `checkFeatures` says. */
  remember(requirements: readonly DeclaredRequirement<Request>[], where: string): void;
  /** Compares everything declared with the catalog: for the start of the application. */
  checkFeatures(): Promise<void>;
  /** Decides all requirements together: all or nothing. Whoever gets `Admitted` settles it, once the outcome is known. */
  admit(
    context: GateContext<Request>,
    requirements: readonly DeclaredRequirement<Request>[],
  ): Promise<Admitted | Denied>;
  /**
   * The same, without a promise where nothing has to be waited for: the application's functions answer at once, memory
   * knows the customer, everything passes and nothing is held.
   */
  admitAtOnce(
    context: GateContext<Request>,
    requirements: readonly DeclaredRequirement<Request>[],
  ): Soon<Admitted | Denied>;
  /** What the customer of a request has, as JSON for the application's own pages. Charges nothing. */
  entitlements(
    context: EntitlementsContext<Request>,
    query: EntitlementsQuery<Request>,
  ): Promise<EntitlementsAnswer | Denied>;
  /** Every denial that a route with these requirements may answer, for the documentation of an API. */
  possibleDenials(requirements: readonly DeclaredRequirement<Request>[]): PossibleDenial[];
  /**
   * For an application that is about to end: what is held from now on might never be settled, so nothing more is, and
   * `onUnavailable` decides instead. What is only checked or metered goes on.
   */
  stopReserving(): void;
  close(): void;
}

export function createGate<Request = unknown>(given: GateOptions<Request>): Gate<Request> {
  const options = resolveGateOptions(given);
  const port = options.client[gatePortKey];
  const assertSupported = port.isReference ? assertForReference : (_: unknown): void => {};
  const features = featureCheck(port, options);
  const pending = pendingUsageOf(port);
  const { decide, entryOf, meteringOf, meter } = decider({ port, options, pending });
  const grants = knownGrants(options.quotaHeaders);
  let isReserving = true;

  function admitAtOnce(
    context: GateContext<Request>,
    requirements: readonly DeclaredRequirement<Request>[],
  ): Soon<Admitted | Denied> {
    assertSupported(requirements);
    const alone = plainOne(requirements);
    const customer = alone && findCustomer(alone.customer ?? options.customer, context.request);
    const view = customer && 'key' in customer ? port.viewNow(customer.key) : undefined;
    const again = alone && view && admitAgain(alone, view, context);
    if (again) return again;
    const call = openCall(port, context, requirements, options);
    return after(askedOf(options, context, requirements, customer), (all) => {
      if ('code' in all) return refuse(call, all);
      call.unasked = all.unasked;
      // What stands alone is not idempotent, and its view is of this turn: nothing is waited for in between.
      const asked = context.idempotencyKey && !alone ? withRequestKeys(options, context, all.asked) : all.asked;
      return after<readonly Asked[] | AskRefusal, Admitted | Denied>(asked, (items) =>
        'code' in items ? refuse(call, items) : admitAsked(call, clausesOf(items), view),
      );
    });
  }

  /** The only requirement, where nothing of it is worked out from the request but whose it is, and nobody watches. */
  function plainOne(requirements: readonly DeclaredRequirement<never>[]): DeclaredRequirement<Request> | undefined {
    const only = requirements[0] as DeclaredRequirement<Request> | undefined;
    if (!only || requirements.length > 1 || options.explainHeader || port.hooks.onDecision) return undefined;
    const { usage, values, atMost, isIdempotent, isShadow = options.shadow, alternative } = only;
    const isFixed = typeof usage !== 'function' && typeof values !== 'function' && typeof atMost !== 'function';
    return isFixed && !isIdempotent && !isShadow && !alternative ? only : undefined;
  }

  /** As an earlier request was that asked the same of the same snapshots; undefined where it has to be decided. */
  function admitAgain(
    requirement: DeclaredRequirement<Request>,
    view: View,
    { method, origin }: GateContext<Request>,
  ): Admitted | undefined {
    const known = grants.of(requirement, view);
    if (!known?.metering) return known?.admitted;
    const mayBeTaken = options.onUnavailable === 'allow' || port.isAcceptingUsage();
    if (isNeverCharged(method) || !mayBeTaken) return undefined;
    const taken = pending.of(known.assessment.counter);
    return new AdmittedAgain(known, { view, taken, charge: meter(known.assessment, known.metering), origin });
  }

  function admitAsked(call: Call, clauses: readonly Clause[], view: View | undefined): Soon<Admitted | Denied> {
    const decided = decide(call, clauses, { turnedDown: noneYet, view });
    const isAtOnce = !(decided instanceof Promise) && 'entries' in decided && !decided.entries.some(isToHold);
    return isAtOnce ? admitted(call, decided.entries) : admitWaiting(call, clauses, decided);
  }

  async function admitWaiting(
    call: Call,
    clauses: readonly Clause[],
    first: Soon<Decided>,
  ): Promise<Admitted | Denied> {
    const turnedDown = new Map<Alternative, Assessment[]>();
    for (let decided = await first; ; decided = await decide(call, clauses, { turnedDown })) {
      if ('blocked' in decided && mayPassOnceSent(decided.blocked)) {
        // The engine may have counted what is still pending here, and gets what was given back: once the send is over,
        // each amount counts once.
        await port.sendUnderWay(patienceOf(call));
        decided = await decide(call, clauses, { turnedDown });
      }
      if ('blocked' in decided) return refuseBlocked(call, decided.blocked);
      const answer = await letIn(call, decided.entries);
      if (!('turnedDown' in answer)) return answer;
      // What the engine did not hold may have an alternative that fits.
      const refused = answer.turnedDown;
      const alternative = alternativeOf(clauses, refused.asked);
      if (!alternative) return refuseBlocked(call, [[[refused]]]);
      turnedDown.set(alternative, [refused]);
    }
  }

  /** Holds what is to be held, all of it or nothing. Only then is the request let in. */
  async function letIn(call: Call, entries: readonly Entry[]): Promise<Admitted | Denied | { turnedDown: Assessment }> {
    const toHold = entries.map(({ assessment }) => assessment).filter(({ mode }) => mode === 'reserve');
    if (toHold.length === 0) return admitted(call, entries);
    const holdOptions = { ttlMs: options.reservationTtlMs, deadlineMs: patienceOf(call) };
    const holds = isReserving
      ? await takeHolds(port, toHold, holdOptions)
      : unavailable(toHold, 'the application is about to end');
    const viewAfter = ({ asked, view }: Assessment): View => port.viewAgain(asked.key) ?? view;
    if (holds.kind === 'held') {
      const held = ({ assessment }: Entry): Entry => {
        const sink = holds.sinks.get(assessment) as ChargeSink;
        const assessedHeld = sink === chargedBefore ? repeatedAssessment : heldAssessment;
        const charge = new SinkCharge(termsOf(options, assessment.asked, port.logger), sink);
        return { assessment: assessedHeld(assessment, viewAfter(assessment), pending), charge };
      };
      return admitted(
        call,
        entries.map((entry) => (isToHold(entry) ? held(entry) : entry)),
      );
    }
    if (holds.kind === 'unavailable' && options.onUnavailable === 'allow') {
      const unheld = ({ assessment }: Entry): Entry => entryOf({ ...assessment, mode: 'meter', verdict: 'unknown' });
      return admitted(
        call,
        entries.map((entry) => (isToHold(entry) ? unheld(entry) : entry)),
      );
    }
    for (const { charge } of entries) charge?.settle({ kind: 'aborted', phase: 'before-handler' });
    if (holds.kind === 'refused') {
      const { assessment, reason } = holds;
      const refused = refusedAssessment(assessment, reason, viewAfter(assessment), pending);
      note(call, refused, codeFor(refused));
      return { turnedDown: refused };
    }
    const refusal = holds.kind === 'repeated' ? repetitionRefusal(holds) : unheldRefusal(holds);
    note(call, holds.assessment, refusal.code);
    return refuse(call, refusal);
  }

  function admitted(call: Call, entries: readonly Entry[]): Admitted {
    const assessments = entries.map(({ assessment }) => assessment);
    for (const assessment of assessments) note(call, assessment, assessment.wouldBeDenied ? codeFor(assessment) : null);
    const watched = [...call.unasked, ...assessments.filter((item) => item.wouldBeDenied).map(refusalFor)];
    for (const refusal of watched) logRefused(call, refusal, true);
    tell(call, null);
    const headers = options.explainHeader ? explainHeaders(call, null) : noHeaders;
    const answer = admittedOf(options, {
      entries,
      unasked: call.unasked,
      headers,
      origin: call.context.origin,
      logger: port.logger,
    });
    const [first] = assessments;
    if (first && plainOne(call.requirements)) {
      grants.add(first, answer, first.mode === 'meter' ? meteringOf(first) : undefined);
    }
    return answer;
  }

  async function refuseBlocked(call: Call, blocked: readonly BlockedClause[]): Promise<Denied> {
    const refusal = await refusalOf(blocked, { features, logger: port.logger });
    const offered = await availableIn({
      port,
      options,
      blocked,
      code: refusal.code,
      pendingOf: (counter) => pending.of(counter),
    });
    return refuse(call, { ...refusal, availableIn: offered });
  }

  function refuse(call: Call, refusal: Refusal): Denied {
    logRefused(call, refusal, false);
    if (refusal.assessment) note(call, refusal.assessment, refusal.code);
    tell(call, refusal.code);
    const headers = options.explainHeader ? explainHeaders(call, refusal.code, refusal.log) : {};
    const { path, request, origin } = call.context;
    const facts = { path, request, origin, decisionId: decisionIdOf(call), headers, logger: port.logger };
    return denied(options, { ...refusal, ...facts });
  }

  function logRefused(call: Call, refusal: Refusal, isShadow: boolean): void {
    logRefusal(port.logger, refusal, { decisionId: decisionIdOf(call), route: call.context.route, isShadow });
  }

  function tell(call: Call, refusal: ProblemCode | null): void {
    const { onDecision } = port.hooks;
    if (onDecision) for (const event of decisionEventsOf(call, refusal)) onDecision(event);
  }

  function remember(requirements: readonly DeclaredRequirement<Request>[], where: string): void {
    assertSupported(requirements);
    features.add(requirements, where);
  }

  return {
    logger: port.logger,
    declare(input, where = 'requirement') {
      const requirements = defineRequirements(input, where);
      remember(requirements, where);
      return requirements;
    },
    remember,
    checkFeatures: features.run,
    admit: async (context, requirements) => admitAtOnce(context, requirements),
    admitAtOnce,
    entitlements: (context, query) => showEntitlements({ options, port, pending }, context, query),
    possibleDenials: (requirements) => possibleDenials(options, requirements),
    stopReserving() {
      isReserving = false;
    },
    close: features.close,
  };
}

const noneYet: ReadonlyMap<Alternative, Assessment[]> = new Map();

const refusalFor = (assessment: Assessment): Refusal => ({ code: codeFor(assessment), assessment });

const isToHold = ({ assessment }: Entry): boolean => assessment.mode === 'reserve';
