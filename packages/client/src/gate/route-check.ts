import { TollgateError } from '@tollgate/contract';
import { invalid } from './configuration-error.js';
import type { Gate } from './create-gate.js';
import type { EntitlementsQuery } from './entitlements-query.js';
import type { DeclaredRequirement } from './gate-types.js';

/** One function that requests of a method and path pass, in the order in which they pass it. */
export interface RouteStep {
  /** `POST`; `ALL` for any. */
  method: string;
  /** The pattern from the root of the application. */
  path: string;
  handler: object;
}

/**
 * What the functions of an adapter carry for the check at the start. Ordinary properties: tracing that puts a function
 * of its own in place of a handler copies these, and no symbols.
 */
export interface RouteMarks<Request> {
  /** On what `tollgate()` makes. */
  gate?: Gate<Request>;
  /** On what `requireEntitlement()` makes. */
  requirements?: readonly DeclaredRequirement<Request>[];
  /** On what `entitlementsHandler()` makes. Not `query`, which is a method of HTTP and so one of a router. */
  shown?: EntitlementsQuery<Request>;
}

/** One place where an application requires something. */
export interface ProtectedRoute {
  method: string;
  path: string;
  features: string[];
  /** The currencies whose credits it needs. */
  currencies: string[];
}

/** The ids of what is required. */
export function targetsOf<Request>(
  requirements: readonly DeclaredRequirement<Request>[],
): Pick<ProtectedRoute, 'features' | 'currencies'> {
  const distinct = (ids: string[]): string[] => [...new Set(ids)];
  return {
    features: distinct(requirements.flatMap(({ target }) => target.featureId ?? [])),
    currencies: distinct(requirements.flatMap(({ target }) => target.currencyId ?? [])),
  };
}

/**
 * Compares everything that is required along these steps with the catalog, each by the gate that will decide it, and
 * answers where something is required. Rejects with CONFIGURATION, naming method, path and feature.
 */
export async function checkSteps<Request>(steps: Iterable<RouteStep>): Promise<ProtectedRoute[]> {
  const gates: { gate: Gate<Request>; path: string }[] = [];
  const routes: ProtectedRoute[] = [];
  for (const { method, path, handler } of steps) {
    const { gate, requirements, shown } = handler as RouteMarks<Request>;
    if (gate) gates.push({ gate, path });
    const named = requirements ?? (shown && (shown.listed ?? []));
    if (!named) continue;
    const place = `${method} ${path}`;
    const inForce = gates.findLast((earlier) => coversPath(earlier.path, path));
    if (!inForce) {
      const says = requirements ? `requires ${named.map(({ name }) => name).join(', ')}` : 'shows entitlements';
      throw invalid(place, `${says}, but no tollgate() comes before it`);
    }
    inForce.gate.remember(named, place);
    if (requirements) routes.push({ method, path, ...targetsOf(requirements) });
  }
  const checks = await Promise.allSettled(
    [...new Set(gates.map(({ gate }) => gate))].map((gate) => gate.checkFeatures()),
  );
  const failures = checks.flatMap((check) => (check.status === 'rejected' ? [check.reason as Error] : []));
  if (failures.length > 0) {
    throw new TollgateError('CONFIGURATION', failures.map(({ message }) => message).join('; '), { cause: failures[0] });
  }
  return routes;
}

/** Whether every request to `path` may pass what stands at `mount`. What is not literal may be anything. */
export function coversPath(mount: string, path: string): boolean {
  const segments = segmentsOf(path);
  return segmentsOf(mount).every((segment, index) => isPattern(segment) || segment === segments[index]);
}

const segmentsOf = (path: string): string[] =>
  path
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '');
const isPattern = (segment: string): boolean => /[:*{}()?+]/.test(segment);
