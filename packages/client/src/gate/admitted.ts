import type { Amount, SnapshotKey } from '@tollgate/contract';
import type { View } from '../gate-port.js';
import type { SafeLogger } from '../safe-logger.js';
import { RequestAdmission } from './admission.js';
import { admittedEntitlement, quotaOf } from './admitted-entitlement.js';
import type { AskRefusal } from './asked.js';
import { type Assessment, assessedAgain } from './assessment.js';
import { type Charge, nowhere, SinkCharge } from './charge.js';
import { termsOf } from './charge-terms.js';
import type { ResolvedGateOptions } from './gate-options.js';
import type { Admission, Admitted } from './gate-types.js';
import type { KnownGrant } from './known-grants.js';
import type { Outcome } from './outcome.js';
import { noHeaders, type Quota, quotaHeaders, withExposedHeaders } from './quota-headers.js';
import { isMeasured, unaskedEntitlement } from './shadow.js';

/** One requirement of a request that is let in, and its charge; none in mode `check`. */
export interface Entry {
  assessment: Assessment;
  charge?: Charge | undefined;
}

type AdmittedOptions = Pick<ResolvedGateOptions<never>, 'settleBy' | 'onAbort' | 'quotaHeaders'>;

/** What lets a request in. */
export interface LetIn {
  entries: readonly Entry[];
  /** What could not be asked, and is only watched. */
  unasked: readonly AskRefusal[];
  /** Besides those of the quotas. */
  headers: Readonly<Record<string, string>>;
  origin: string | undefined;
  logger: SafeLogger;
}

const nobody: SnapshotKey = Object.freeze({ customerId: '', resourceId: null });

/** The answer to a request that is let in: what its handler finds, its headers, and what settles it. */
export function admittedOf(options: AdmittedOptions, { entries, unasked, headers, origin, logger }: LetIn): Admitted {
  const charges: Charge[] = [];
  const quotas: Quota[] = [];
  for (const { assessment, charge } of entries) {
    if (charge) charges.push(charge);
    // A limit that is only watched must change nothing: a client that slows down for it would.
    const quota = assessment.asked.isShadow ? undefined : quotaOf(assessment);
    if (quota) quotas.push(quota);
  }
  for (const { requirement } of unasked) {
    if (!isMeasured(requirement)) continue;
    const terms = termsOf(options, { requirement, usage: undefined, isCharged: false }, logger);
    charges.push(new SinkCharge(terms, nowhere));
  }
  const first = entries[0]?.assessment;
  const key = first?.asked.key ?? unasked.find((item) => item.key)?.key ?? nobody;
  const entitlements = () =>
    Object.fromEntries([
      ...unasked.map((item) => [item.requirement.name, unaskedEntitlement(item)]),
      ...entries.map(({ assessment }) => [assessment.asked.requirement.name, admittedEntitlement(assessment)]),
    ]);
  const ofQuotas = quotaHeaders(options.quotaHeaders, quotas, first?.view.now ?? 0);
  const all = withExposedHeaders(headers === noHeaders ? ofQuotas : { ...ofQuotas, ...headers }, origin);
  return new AdmittedRequest(key, entitlements, { headers: all, charges });
}

/** What its handler finds is made when it is asked for: many handlers look at none of it. */
class AdmittedRequest implements Admitted {
  readonly isAdmitted = true;
  readonly headers: Admitted['headers'];
  private readonly charges: readonly Charge[];
  private made: Admission | undefined;

  constructor(
    private readonly key: SnapshotKey,
    private readonly entitlements: () => Admission['entitlements'],
    { headers, charges }: { headers: Admitted['headers']; charges: readonly Charge[] },
  ) {
    this.headers = headers;
    this.charges = charges;
  }

  get admission(): Admission {
    this.made ??= new RequestAdmission(this.key, this.entitlements, this.charges);
    return this.made;
  }

  get isCharged(): boolean {
    return this.charges.length > 0;
  }

  settle(outcome: Outcome): void {
    for (const charge of this.charges) charge.settle(outcome);
  }
}

/** What is new of a request that a known grant lets in. */
export interface LetInAgain {
  view: View;
  /** What was pending before it. */
  taken: Amount;
  charge: Charge;
  origin: string | undefined;
}

/** The same for one metered requirement of a known grant. */
export class AdmittedAgain implements Admitted {
  readonly isAdmitted = true;
  readonly isCharged = true;
  readonly headers: Admitted['headers'];
  private readonly view: View;
  private readonly taken: Amount;
  private readonly charge: Charge;
  private made: Admission | undefined;

  constructor(
    private readonly known: KnownGrant,
    { view, taken, charge, origin }: LetInAgain,
  ) {
    this.view = view;
    this.taken = taken;
    this.charge = charge;
    this.headers = withExposedHeaders(known.quotaHeaders(taken, view.now), origin);
  }

  get admission(): Admission {
    const { assessment } = this.known;
    const { key, requirement } = assessment.asked;
    const entitlements = () => ({
      [requirement.name]: admittedEntitlement(assessedAgain(assessment, this.view, this.taken)),
    });
    this.made ??= new RequestAdmission(key, entitlements, [this.charge]);
    return this.made;
  }

  settle(outcome: Outcome): void {
    this.charge.settle(outcome);
  }
}
