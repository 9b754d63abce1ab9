import { type GatePort, gatePortKey, type View } from '../gate-port.js';
import type { SafeLogger } from '../safe-logger.js';
import { openAdmission } from './admission.js';
import { type Asked, askedOf, takenBy } from './asked.js';
import { type Assessment, admittedEntitlement, assess, quotaOf } from './assessment.js';
import { openCharge } from './charge.js';
import { codeFor, denied, type Refusal } from './denial.js';
import { featureCheck } from './feature-check.js';
import { type GateOptions, resolveGateOptions } from './gate-options.js';
import type { Admitted, DeclaredRequirement, Denied, GateContext, RequirementInput } from './gate-types.js';
import { type CounterKey, pendingUsage, pendingUsageOf } from './pending.js';
import { quotaHeaders, withExposedHeaders } from './quota-headers.js';
import { defineRequirements } from './requirement.js';

/** All policy of enforcement, whatever the framework. */
export interface Gate<Request = unknown> {
  /** The client's logger, for what an adapter has to say. Never throws. */
  readonly logger: SafeLogger;
  /** Checks a declaration and remembers it for `checkFeatures`. Throws CONFIGURATION. */
  declare(input: RequirementInput<Request>, where?: string): readonly DeclaredRequirement<Request>[];
  /** Compares everything declared with the catalog: for the start of the application. */
  checkFeatures(): Promise<void>;
  /** Decides all requirements together: all or nothing. Whoever gets `Admitted` settles it, once the outcome is known. */
  admit(
    context: GateContext<Request>,
    requirements: readonly DeclaredRequirement<Request>[],
  ): Promise<Admitted | Denied>;
  close(): void;
}

export function createGate<Request = unknown>(given: GateOptions<Request>): Gate<Request> {
  const options = resolveGateOptions(given);
  const port = options.client[gatePortKey];
  const features = featureCheck(port, options);
  const pending = pendingUsageOf(port);

  async function admit(
    context: GateContext<Request>,
    requirements: readonly DeclaredRequirement<Request>[],
  ): Promise<Admitted | Denied> {
    const asked = await askedOf(options, context, requirements);
    if (!Array.isArray(asked)) return refuse(context, asked);
    let result = await attempt(asked);
    const isPendingOnly = (item: Assessment): boolean => item.verdict !== 'denied' || item.isDeniedByPendingOnly;
    if (!('settle' in result) && result.some(({ verdict }) => verdict === 'denied') && result.every(isPendingOnly)) {
      // The engine may have counted what is still pending here: once the send is over, each amount counts once.
      await port.sendUnderWay(options.deadlineMs);
      result = await attempt(asked);
    }
    return 'settle' in result ? result : refuseAssessed(context, result);
  }

  /** Looks at everything, decides, and takes the amounts if all may pass; else answers why not. */
  async function attempt(asked: readonly Asked[]): Promise<Admitted | Assessment[]> {
    const views = await viewsOf(port, asked, options.deadlineMs);
    // From here on nothing is awaited: an amount that another request takes is either seen here or sees ours.
    const earlier = pendingUsage();
    const taken = { of: (counter: CounterKey) => pending.of(counter) + earlier.of(counter) };
    const assessments = asked.map((item) => {
      const view = port.viewNow(item.key) ?? (views.get(nameOf(item.key)) as View);
      const assessment = assess(item, view, taken, port.configuredFallback(item.requirement.feature));
      earlier.add(assessment.counter, takenBy(item));
      return assessment;
    });
    const letsIn = ({ verdict, asked: { mode } }: Assessment): boolean => {
      if (verdict === 'denied') return false;
      if (options.onUnavailable === 'allow') return true;
      return verdict !== 'unknown' && (mode === 'check' || port.isAcceptingUsage());
    };
    return assessments.every(letsIn) ? letIn(assessments) : assessments;
  }

  function letIn(assessments: readonly Assessment[]): Admitted {
    const charges = assessments
      .filter(({ asked }) => asked.mode === 'meter')
      .map(({ asked, counter }) => {
        const usage = asked.usage ?? 0n;
        return openCharge({
          port,
          featureId: counter.featureId,
          key: asked.key,
          usage,
          pending: pending.add(counter, takenBy(asked)),
          settleBy: asked.requirement.settleBy ?? options.settleBy,
          onAbort: options.onAbort,
          isCharged: asked.isCharged,
        });
      });
    const entitlements = Object.fromEntries(
      assessments.map((item) => [item.counter.featureId, admittedEntitlement(item)]),
    );
    const first = assessments[0] as Assessment;
    const quotas = assessments.flatMap((item) => quotaOf(item) ?? []);
    return {
      isAdmitted: true,
      admission: openAdmission(first.asked.key, entitlements, charges),
      headers: Object.freeze(withExposedHeaders(quotaHeaders(options.quotaHeaders, quotas, first.view.now))),
      settle(outcome) {
        for (const charge of charges) charge.settle(outcome);
      },
    };
  }

  /** A known "no" comes first; an outage is only named when nothing else stands in the way. */
  async function refuseAssessed(context: GateContext<Request>, assessments: readonly Assessment[]): Promise<Denied> {
    const no = assessments.find(({ verdict }) => verdict === 'denied');
    const unknown = assessments.find(({ verdict }) => verdict === 'unknown');
    const blocker = no ?? unknown ?? (assessments.find(({ asked }) => asked.mode === 'meter') as Assessment);
    if (!no && !unknown) {
      const detail = 'Usage cannot be recorded right now. This is not a denial.';
      port.logger.error(`${blocker.counter.featureId}: the outbox is full`);
      return refuse(context, { code: 'state-unavailable', detail });
    }
    const { reason } = blocker.decision;
    const mayBeMistaken = reason === 'NoFeatureEntitlementInSubscription' || reason === 'NoActiveSubscription';
    const mistake = mayBeMistaken ? await features.mistakeIn(blocker.asked.requirement) : null;
    if (mistake) {
      const mistaken: Assessment = { ...blocker, decision: { ...blocker.decision, reason: mistake } };
      return refuse(context, { code: codeFor(mistaken), assessment: mistaken });
    }
    return refuse(context, { code: codeFor(blocker), assessment: blocker });
  }

  function refuse(context: GateContext<Request>, refusal: Refusal): Denied {
    const decisionId = port.newId();
    logRefusal(port, refusal, decisionId);
    return denied(options, { ...refusal, path: context.path, decisionId });
  }

  return {
    logger: port.logger,
    declare(input, where) {
      const requirements = defineRequirements(input, where);
      features.add(requirements);
      return requirements;
    },
    checkFeatures: features.run,
    admit,
    close: features.close,
  };
}

const nameOf = (key: Asked['key']): string => JSON.stringify([key.customerId, key.resourceId]);

async function viewsOf(port: GatePort, asked: readonly Asked[], deadlineMs: number): Promise<Map<string, View>> {
  const keys = new Map(asked.map(({ key }) => [nameOf(key), key]));
  const views = await Promise.all(
    [...keys].map(async ([name, key]) => [name, port.viewNow(key) ?? (await port.view(key, { deadlineMs }))] as const),
  );
  return new Map(views);
}

function logRefusal(port: GatePort, { code, log, cause, assessment }: Refusal, decisionId: string): void {
  const why = log ?? `${assessment?.counter.featureId}: ${assessment?.decision.reason}`;
  const line = `${code} (decision ${decisionId}): ${why}`;
  if (code === 'customer-unknown') {
    port.logger.log(`${line}. Call provisionCustomer for ${assessment?.asked.key.customerId} first`);
  } else if (code === 'customer-missing' || code === 'requirement-misconfigured') {
    port.logger.error(line, ...(cause === undefined ? [] : [cause]));
  } else {
    port.logger.debug(line);
  }
}
