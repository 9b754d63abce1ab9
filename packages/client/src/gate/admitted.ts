import { AsyncResource } from 'node:async_hooks';
import type { SnapshotKey } from '@tollgate/contract';
import { openAdmission } from './admission.js';
import { admittedEntitlement, quotaOf } from './admitted-entitlement.js';
import type { Asked } from './asked.js';
import type { Assessment } from './assessment.js';
import type { Call } from './call.js';
import { type Charge, type ChargeSink, openCharge } from './charge.js';
import type { ResolvedGateOptions } from './gate-options.js';
import type { Admitted } from './gate-types.js';
import type { SettleBy } from './outcome.js';
import { quotaHeaders, withExposedHeaders } from './quota-headers.js';
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

const nobody: SnapshotKey = Object.freeze({ customerId: '', resourceId: null });

/** The answer to a request that is let in: what its handler finds, its headers, and what settles it. */
export function admittedOf(
  options: AdmittedOptions,
  call: Call,
  { entries, headers }: { entries: readonly Entry[]; headers: Readonly<Record<string, string>> },
): Admitted {
  const { unasked } = call;
  const assessments = entries.map(({ assessment }) => assessment);
  const chargeOf = (asked: Pick<Asked, 'requirement' | 'usage' | 'isCharged'>, sink: ChargeSink): Charge =>
    openCharge({
      name: asked.requirement.name,
      usage: asked.usage ?? 0n,
      sink,
      settleBy: inThisContext(asked.requirement.settleBy ?? options.settleBy),
      onAbort: options.onAbort,
      isCharged: asked.isCharged,
      logger: call.port.logger,
    });
  const charges = entries.flatMap(({ assessment, sink }) => (sink ? chargeOf(assessment.asked, sink) : []));
  for (const { requirement } of unasked) {
    if (isMeasured(requirement)) charges.push(chargeOf({ requirement, usage: undefined, isCharged: false }, nowhere));
  }
  const entitlements = () =>
    Object.fromEntries([
      ...unasked.map((item) => [item.requirement.name, unaskedEntitlement(item)]),
      ...assessments.map((item) => [item.asked.requirement.name, admittedEntitlement(item)]),
    ]);
  const [first] = assessments;
  // A limit that is only watched must change nothing: a client that slows down for it would.
  const quotas = assessments.flatMap((item) => (item.asked.isShadow ? [] : (quotaOf(item) ?? [])));
  return {
    isAdmitted: true,
    admission: openAdmission(first?.asked.key ?? unasked.find(({ key }) => key)?.key ?? nobody, entitlements, charges),
    headers: Object.freeze(
      withExposedHeaders({ ...quotaHeaders(options.quotaHeaders, quotas, first?.view.now ?? 0), ...headers }),
    ),
    isCharged: charges.length > 0,
    settle(outcome) {
      for (const charge of charges) charge.settle(outcome);
    },
  };
}
