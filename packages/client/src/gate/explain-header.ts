import { type Explanation, explainDecision } from '@tollgate/contract';
import { type Assessment, questionOf } from './assessment.js';
import type { Call, Finding } from './call.js';
import type { DeclaredRequirement } from './gate-types.js';
import type { GateMode, ProblemCode, Source } from './gate-words.js';

/** What the header says of one requirement, in the words of `client.explain`. */
interface Explained extends Partial<Pick<Explanation, 'reason' | 'usage' | 'credits'>> {
  feature?: string;
  currency?: string;
  hasAccess: boolean;
  code: ProblemCode | null;
  sentence: string;
  source?: Source;
  mode?: GateMode;
  isShadow?: true;
  /** What was compared, in order; what did not pass has a `!`. */
  steps?: string[];
  /** `usage@catalog.revision`, with `!` where it was due to be fetched again. */
  parts?: string[];
}

const explainHeaderName = 'X-Tollgate-Explain';
/** Some proxies take no more than 8 KiB of headers in all. */
const lengthMax = 4_000;
const sentenceMax = 200;

/** The trail of each requirement that was looked at, as JSON in ASCII. What is too long loses its details first. */
export function explainHeaders(call: Call, refusal: ProblemCode | null, why?: string): Record<string, string> {
  const all = call.requirements.flatMap((requirement): Explained[] => {
    const finding = call.findings?.get(requirement);
    if (finding) return [explained(requirement, finding)];
    const unasked = call.unasked.find((item) => item.requirement === requirement);
    const code = unasked?.code ?? refusal;
    if (code === null || (!unasked && call.findings?.size !== 0)) return [];
    return [{ ...named(requirement), hasAccess: false, code, sentence: unasked?.log ?? why ?? code }];
  });
  return { [explainHeaderName]: fitting(all) };
}

function fitting(all: readonly Explained[]): string {
  const whole = asciiJson(all);
  if (whole.length <= lengthMax) return whole;
  const bare = all.map(({ steps: _, parts: __, sentence, ...rest }) => ({
    ...rest,
    sentence: sentence.slice(0, sentenceMax),
  }));
  while (bare.length > 1 && asciiJson(bare).length > lengthMax) bare.pop();
  return asciiJson(bare);
}

function explained(requirement: DeclaredRequirement<never>, { assessment, code }: Finding): Explained {
  const { asked, lookedAt, pendingThen } = assessment;
  const explanation = explainDecision(lookedAt.snapshots, questionOf(asked, pendingThen), lookedAt.now);
  return {
    ...named(requirement),
    hasAccess: code === null,
    code,
    reason: code === null ? null : assessment.decision.reason,
    sentence: sentenceOf(assessment, code, explanation),
    source: lookedAt.source,
    mode: assessment.mode,
    ...(asked.isShadow && { isShadow: true }),
    usage: explanation.usage,
    credits: explanation.credits,
    steps: explanation.steps.map(({ check, isPassed }) => (isPassed ? check : `!${check}`)),
    parts: explanation.parts.map(
      ({ part, of, version, isDue }) => `${isDue ? '!' : ''}${of} ${part}@${version.catalog}.${version.revision}`,
    ),
  };
}

const named = ({ target: { featureId, currencyId } }: DeclaredRequirement<never>) =>
  featureId === undefined ? { currency: currencyId } : { feature: featureId };

/** What the comparisons say, unless something else had the last word. */
function sentenceOf(
  { verdict, asked, lookedAt }: Assessment,
  code: ProblemCode | null,
  explanation: Explanation,
): string {
  const refusal = lookedAt.refusals?.get(asked.requirement.name);
  if (refusal) return `The client itself answered ${refusal}.`;
  if ((code === null) === explanation.hasAccess) return explanation.sentence;
  if (code !== null) {
    return code === 'state-unavailable' || code === 'requirement-misconfigured'
      ? 'The comparisons let it in, but the amount could not be held or recorded.'
      : 'The comparisons let it in, but the engine had no room to hold the amount.';
  }
  if (verdict === 'fallback') return `${explanation.sentence} The configured fallback lets it in.`;
  if (verdict === 'unknown') return `${explanation.sentence} onUnavailable: 'allow' lets it in.`;
  if (asked.usage !== undefined && asked.usage < 0n) return 'What is given back is never decided.';
  return `${explanation.sentence} The engine had the last word, and held the amount.`;
}

/** Header values are ASCII: everything else is written as an escape, which JSON knows too. */
function asciiJson(value: unknown): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[^ -~]/g, escaped);
}
