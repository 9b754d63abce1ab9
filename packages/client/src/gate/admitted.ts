import { AsyncResource } from 'node:async_hooks';
import type { SnapshotKey } from '@tollgate/contract';
import type { SafeLogger } from '../safe-logger.js';
import { RequestAdmission } from './admission.js';
import { admittedEntitlement, quotaOf } from './admitted-entitlement.js';
import type { Asked, AskRefusal } from './asked.js';
import type { Assessment } from './assessment.js';
import { type Charge, type ChargeSink, RequestCharge } from './charge.js';
import type { ResolvedGateOptions } from './gate-options.js';
import type { Admission, Admitted } from './gate-types.js';
import type { Outcome, SettleBy } from './outcome.js';
import { noHeaders, type Quota, quotaHeaders, withExposedHeaders } from './quota-headers.js';
import { isMeasured, nowhere, unaskedEntitlement } from './shadow.js';

/** One requirement of a request that is let in, and where its amount will go; nowhere in mode `check`. */
export interface Entry {
  assessment: Assessment;
  sink?: ChargeSink | undefined;
}

/** A response ends in no request's context: what the application keeps in an AsyncLocalStorage must be there all the same. */
const inThisContext = (settleBy: SettleBy | undefined): SettleBy | undefined =>
  settleBy && AsyncResource.bind(settleBy);

type AdmittedOptions = Pick<ResolvedGateOptions<never>, 'settleBy' | 'onAbort' | 'quotaHeaders'>;

/** What lets a request in. */
export interface LetIn {
  entries: readonly Entry[];
  /** What could not be asked, and is only watched. */
  unasked: readonly AskRefusal[];
  /** Besides those of the quotas. */
  headers: Readonly<Record<string, string>>;
  logger: SafeLogger;
}

const nobody: SnapshotKey = Object.freeze({ customerId: '', resourceId: null });

/** The answer to a request that is let in: what its handler finds, its headers, and what settles it. */
export function admittedOf(options: AdmittedOptions, { entries, unasked, headers, logger }: LetIn): Admitted {
  const chargeOf = (asked: Pick<Asked, 'requirement' | 'usage' | 'isCharged'>, sink: ChargeSink): Charge =>
    new RequestCharge({
      name: asked.requirement.name,
      usage: asked.usage ?? 0n,
      sink,
      settleBy: inThisContext(asked.requirement.settleBy ?? options.settleBy),
      onAbort: options.onAbort,
      isCharged: asked.isCharged,
      logger,
    });
  const charges: Charge[] = [];
  const quotas: Quota[] = [];
  for (const { assessment, sink } of entries) {
    if (sink) charges.push(chargeOf(assessment.asked, sink));
    // A limit that is only watched must change nothing: a client that slows down for it would.
    const quota = assessment.asked.isShadow ? undefined : quotaOf(assessment);
    if (quota) quotas.push(quota);
  }
  for (const { requirement } of unasked) {
    if (isMeasured(requirement)) charges.push(chargeOf({ requirement, usage: undefined, isCharged: false }, nowhere));
  }
  const first = entries[0]?.assessment;
  const key = first?.asked.key ?? unasked.find((item) => item.key)?.key ?? nobody;
  const entitlements = () =>
    Object.fromEntries([
      ...unasked.map((item) => [item.requirement.name, unaskedEntitlement(item)]),
      ...entries.map(({ assessment }) => [assessment.asked.requirement.name, admittedEntitlement(assessment)]),
    ]);
  const ofQuotas = quotaHeaders(options.quotaHeaders, quotas, first?.view.now ?? 0);
  const all = headers === noHeaders ? ofQuotas : withExposedHeaders({ ...ofQuotas, ...headers });
  return new AdmittedRequest(new RequestAdmission(key, entitlements, charges), all, charges);
}

class AdmittedRequest implements Admitted {
  readonly isAdmitted = true;

  constructor(
    readonly admission: Admission,
    readonly headers: Admitted['headers'],
    private readonly charges: readonly Charge[],
  ) {}

  get isCharged(): boolean {
    return this.charges.length > 0;
  }

  // A function of its own, so that it may be taken out of the object.
  readonly settle = (outcome: Outcome): void => {
    for (const charge of this.charges) charge.settle(outcome);
  };
}
