import { createHash } from 'node:crypto';
import type { AccessDeniedReason, SnapshotKey, SnapshotPair } from '@tollgate/contract';
import type { GatePort, Target, View } from '../gate-port.js';
import { admittedEntitlement } from './admitted-entitlement.js';
import { type Assessment, assess } from './assessment.js';
import { invalid } from './configuration-error.js';
import { customerRefusal, findCustomer } from './customer.js';
import { denied, type Refusal } from './denial.js';
import type { EntitlementsQuery } from './entitlements-query.js';
import type { ResolvedGateOptions } from './gate-options.js';
import type { AdmittedEntitlement, DeclaredRequirement, Denied, GateContext } from './gate-types.js';
import type { PendingUsage } from './pending.js';
import { logRefusal } from './refusal-log.js';

/** One feature or currency as it stands now. Amounts are shown units, or credits. */
export interface ShownEntitlement extends Omit<AdmittedEntitlement, 'featureId' | 'currencyId' | 'source'> {
  /** The domain's word; null exactly when access is granted. */
  accessDeniedReason: AccessDeniedReason | null;
}

/** What `entitlementsHandler()` answers, by id. */
export interface ShownEntitlements {
  features: Record<string, ShownEntitlement>;
  credits: Record<string, ShownEntitlement>;
}

/** The answer as it is to be sent. The body is JSON, `ShownEntitlements`; null when the caller has it already. */
export interface EntitlementsAnswer {
  status: 200 | 304;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** A request for what the customer has. */
export interface EntitlementsContext<Request> extends GateContext<Request> {
  /** The `If-None-Match` header as it came. */
  ifNoneMatch?: string | undefined;
}

interface Known<Request> {
  options: ResolvedGateOptions<Request>;
  port: GatePort;
  pending: PendingUsage;
}

/** Looks at what the customer of a request has, as the gate would decide it. Charges nothing. */
export async function showEntitlements<Request>(
  known: Known<Request>,
  context: EntitlementsContext<Request>,
  query: EntitlementsQuery<Request>,
): Promise<EntitlementsAnswer | Denied> {
  const { options, port } = known;
  const refuse = (refusal: Refusal): Denied => {
    const decisionId = port.newId();
    logRefusal(port.logger, refusal, { decisionId, route: context.route });
    const { path, request } = context;
    return denied(options, { ...refusal, path, request, decisionId, logger: port.logger });
  };
  if (port.isReference && !query.listed) {
    throw invalid(
      'entitlementsHandler.features',
      'must be listed for a client of the hosted product, which tells no list',
    );
  }
  const customer = await findCustomer(query.customer ?? options.customer, context.request);
  if (!('key' in customer)) return refuse(customerRefusal(customer));
  const { key } = customer;
  const wanted = (query.listed ?? []).map(({ target }) => ({ target, type: undefined }));
  const view = port.viewNow(key) ?? (await port.view(key, { deadlineMs: options.deadlineMs, wanted }));
  const reason = strangerIn(view);
  if (reason) return refuse({ code: 'customer-unknown', log: reason, key, reason });
  const asked = query.listed ?? targetsIn(view.snapshots).map(query.look);
  const assessments = asked.map((requirement) => look(known, { key, view, requirement }));
  const unknown = assessments.find(({ verdict }) => verdict === 'unknown');
  if (unknown || !(view.snapshots || query.listed)) {
    return refuse({
      code: 'state-unavailable',
      log: `${unknown?.asked.requirement.name ?? 'the customer'}: Unknown`,
      key,
    });
  }
  return answerOf(assessments, context.ifNoneMatch);
}

/** Why a customer has nothing at all, by whatever name it is asked for. */
function strangerIn({ snapshots, refusals }: View): AccessDeniedReason | undefined {
  const refused = [...(refusals?.values() ?? [])];
  if (snapshots?.customer.grants.isCustomerKnown === false) refused.push('CustomerNotFound');
  if (snapshots?.customer.grants.isCustomerArchived) refused.push('CustomerIsArchived');
  return refused.find((reason) => reason === 'CustomerNotFound' || reason === 'CustomerIsArchived');
}

/** Everything that a customer, or one of its resources, has. */
function targetsIn(snapshots: SnapshotPair | undefined): Target[] {
  const own = [snapshots?.customer, snapshots?.resource].flatMap((snapshot) => snapshot ?? []);
  const featureIds = new Set(own.flatMap(({ grants }) => [...grants.entitlements.keys()]));
  const currencyIds = new Set(own.flatMap(({ wallets }) => [...wallets.keys()]));
  return [
    ...[...featureIds].map((featureId) => ({ featureId })),
    ...[...currencyIds].map((currencyId) => ({ currencyId })),
  ];
}

function look<Request>(
  { port, pending }: Known<Request>,
  { key, view, requirement }: { key: SnapshotKey; view: View; requirement: DeclaredRequirement<Request> },
): Assessment {
  const asked = {
    requirement,
    key,
    mode: 'check' as const,
    isCharged: false,
    usage: undefined,
    atMost: undefined,
    values: undefined,
    repeatedAs: undefined,
    isShadow: false,
  };
  return assess(asked, view, { pending, fallback: port.configuredFallback(requirement.target) });
}

function answerOf(assessments: readonly Assessment[], ifNoneMatch: string | undefined): EntitlementsAnswer {
  const shown = (isCredits: boolean): Record<string, ShownEntitlement> =>
    Object.fromEntries(
      assessments
        .filter(({ asked }) => (asked.requirement.target.currencyId !== undefined) === isCredits)
        .map((assessment) => [assessment.asked.requirement.name, shownOf(assessment)] as const)
        // In one order, or the same state would have several tags.
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  const content: ShownEntitlements = { features: shown(false), credits: shown(true) };
  const body = JSON.stringify(content);
  // Weak: what compresses the answer on its way keeps the state and changes the bytes.
  const tag = `W/"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = { ETag: tag, 'Cache-Control': 'private, no-cache' };
  if (isMatched(ifNoneMatch, tag)) return { status: 304, headers, body: null };
  return { status: 200, headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' }, body };
}

function shownOf(assessment: Assessment): ShownEntitlement {
  const { featureId: _, currencyId: __, source: ___, ...entitlement } = admittedEntitlement(assessment);
  const hasAccess = assessment.verdict !== 'denied';
  return { ...entitlement, hasAccess, accessDeniedReason: hasAccess ? null : assessment.decision.reason };
}

function isMatched(ifNoneMatch: string | undefined, tag: string): boolean {
  const bare = (text: string): string => text.trim().replace(/^W\//, '');
  return ifNoneMatch?.split(',').some((candidate) => bare(candidate) === '*' || bare(candidate) === bare(tag)) ?? false;
}
