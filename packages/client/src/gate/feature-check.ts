import { type EntitlementType, entitlementTypeOf, type FeatureDescription, TollgateError } from '@tollgate/contract';
import type { GatePort } from '../gate-port.js';
import type { DeclaredRequirement } from './gate-types.js';

/** Compares what routes declare with what the catalog has. */
export interface FeatureCheck {
  /** Remembers requirements for `run`, and the place that they stand at. */
  add(requirements: readonly DeclaredRequirement<never>[], where: string): void;
  /**
   * Checks all that were added. Rejects with CONFIGURATION for an unknown feature or one of the wrong kind, or only
   * logs it with `onMisconfigured: 'warn'`. While the engine cannot be reached it warns, and checks when it is back.
   */
  run(): Promise<void>;
  /** What is wrong with a requirement by what the engine says of its feature; null when nothing is, or it cannot be asked. */
  mistakeIn(requirement: DeclaredRequirement<never>): Promise<'FeatureNotFound' | 'FeatureTypeMismatch' | null>;
  close(): void;
}

const retryFirstMs = 1_000;
const retryMostMs = 30_000;

export function featureCheck(
  port: GatePort,
  { deadlineMs, onMisconfigured }: { deadlineMs: number; onMisconfigured: 'fail' | 'warn' },
): FeatureCheck {
  const declared = new Map<string, Placed>();
  const known = new Map<string, EntitlementType>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const describe = async (ids: string[]): Promise<(FeatureDescription | null)[]> => {
    const descriptions = await within(port.featureTypes(ids), deadlineMs);
    for (const feature of descriptions) if (feature) known.set(feature.featureId, entitlementTypeOf(feature));
    return descriptions;
  };

  const findProblems = async (): Promise<string[]> => {
    const placed = [...declared.values()];
    const ids = [...new Set(placed.map(({ requirement }) => requirement.name))];
    if (ids.length === 0) return [];
    const descriptions = await describe(ids);
    const byId = new Map(ids.map((id, index) => [id, descriptions[index] ?? null]));
    return [...new Set(placed.flatMap((item) => problemWith(item, byId.get(item.requirement.name) ?? null) ?? []))];
  };

  const checkLater = (waitMs: number): void => {
    if (isClosed) return;
    timer = setTimeout(async () => {
      try {
        for (const problem of await findProblems()) port.logger.error(problem);
      } catch {
        checkLater(Math.min(waitMs * 2, retryMostMs));
      }
    }, waitMs);
    timer.unref();
  };

  return {
    add(requirements, where) {
      // A currency is no feature: the catalog's features have nothing to say of it.
      for (const requirement of requirements) {
        if (requirement.target.featureId === undefined) continue;
        declared.set(JSON.stringify([where, requirement.id]), { requirement, where });
      }
    },
    async run() {
      if (port.isReference) return;
      let problems: string[];
      try {
        problems = await findProblems();
      } catch (error) {
        port.logger.error('The routes could not be compared with the catalog yet: the engine does not answer', error);
        checkLater(retryFirstMs);
        return;
      }
      if (problems.length === 0) return;
      if (onMisconfigured === 'fail') throw new TollgateError('CONFIGURATION', problems.join('; '));
      for (const problem of problems) port.logger.error(problem);
    },
    async mistakeIn({ target: { featureId: feature }, expectedType }) {
      if (feature === undefined) return null;
      try {
        if (!known.has(feature)) await describe([feature]);
      } catch {
        return null;
      }
      const type = known.get(feature);
      if (type === undefined) return 'FeatureNotFound';
      return expectedType && expectedType !== type ? 'FeatureTypeMismatch' : null;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

interface Placed {
  requirement: DeclaredRequirement<never>;
  where: string;
}

function problemWith(
  { requirement: { name: feature, expectedType, mode, usage }, where }: Placed,
  described: FeatureDescription | null,
): string | undefined {
  if (!described) return `${where} requires ${feature}, but the catalog has no such feature`;
  const type = entitlementTypeOf(described);
  if (expectedType && expectedType !== type) {
    return `${where} requires ${feature} as ${expectedType}, but in the catalog it is ${type}`;
  }
  if (described.hasEventMeter && usage !== undefined && mode !== 'check') {
    return `${where} charges ${feature}, but raw events drive its counter: it can only be checked`;
  }
  return undefined;
}

async function within<T>(promise: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new TollgateError('TIMEOUT', `no answer within ${deadlineMs} ms`));
    timer = setTimeout(fail, deadlineMs);
    timer.unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
