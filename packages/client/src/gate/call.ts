import type { GatePort } from '../gate-port.js';
import type { AskRefusal } from './asked.js';
import type { Assessment } from './assessment.js';
import type { DeclaredRequirement, GateContext } from './gate-types.js';
import type { ProblemCode } from './gate-words.js';

/** One request on its way through the gate. */
export interface Call {
  readonly port: GatePort;
  readonly context: GateContext;
  readonly requirements: readonly DeclaredRequirement<never>[];
  readonly startedMs: number;
  readonly deadlineMs: number;
  /** What came of each requirement that was looked at, as last seen; undefined while nobody watches. */
  readonly findings: Map<DeclaredRequirement<never>, Finding> | undefined;
  /** What could not even be asked, and is only watched. */
  unasked: readonly AskRefusal[];
  /** Made when it is first asked for: most requests are let in, and nobody asks. */
  decisionId: string | undefined;
}

export interface Finding {
  assessment: Assessment;
  /** What this requirement alone is denied with; null when it is not. */
  code: ProblemCode | null;
}

export function openCall(
  port: GatePort,
  context: Call['context'],
  requirements: Call['requirements'],
  { deadlineMs, explainHeader }: { deadlineMs: number; explainHeader: boolean },
): Call {
  const findings = explainHeader || port.hooks.onDecision ? new Map() : undefined;
  const startedMs = performance.now();
  return { port, context, requirements, startedMs, deadlineMs, findings, unasked: [], decisionId: undefined };
}

export function note({ findings }: Call, assessment: Assessment, code: ProblemCode | null): void {
  findings?.set(assessment.asked.requirement, { assessment, code });
}

/** How much of the time that it may wait for the engine is left, in milliseconds. */
export function patienceOf({ startedMs, deadlineMs }: Call): number {
  return Math.max(1, startedMs + deadlineMs - performance.now());
}

export function elapsedMs({ startedMs }: Call): number {
  return performance.now() - startedMs;
}

/** The same for everything that is said about one request. */
export function decisionIdOf(call: Call): string {
  call.decisionId ??= call.port.newId();
  return call.decisionId;
}
