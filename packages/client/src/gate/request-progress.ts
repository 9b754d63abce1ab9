import { mergeAdmissions } from './admission.js';
import type { Admission, Admitted, DeclaredRequirement } from './gate-types.js';
import { type Watching, withOne } from './response-watch.js';

/** What an adapter keeps of a request, which may come past several checks and past one of them twice. */
export interface RequestProgress<Request> extends Watching {
  /** What was decided for it. */
  decided: readonly DeclaredRequirement<Request>[] | undefined;
  /** What let it in, one after the other. */
  admitted: readonly Admitted[];
  /** The same as one, once somebody has asked. */
  admission: Admission | undefined;
}

const none: readonly never[] = [];

/** At its first check; `earlier` is how far it had come where another gate takes over. */
export function newProgress<Request>(
  earlier?: Pick<RequestProgress<Request>, 'admitted' | 'watch'>,
): RequestProgress<Request> {
  return { watch: earlier?.watch, decided: undefined, admitted: earlier?.admitted ?? none, admission: undefined };
}

/** What of these was not decided for the request yet: requirements with the same id are one. */
export function notDecidedOf<Request>(
  requirements: readonly DeclaredRequirement<Request>[],
  { decided }: Pick<RequestProgress<Request>, 'decided'>,
): readonly DeclaredRequirement<Request>[] {
  if (!decided) return requirements;
  return requirements.filter(({ id }) => !decided.some((known) => known.id === id));
}

/** Remembers what let the request in, and by which requirements. */
export function letInBy<Request>(
  progress: RequestProgress<Request>,
  requirements: readonly DeclaredRequirement<Request>[],
  admitted: Admitted,
): void {
  progress.decided = progress.decided ? [...progress.decided, ...requirements] : requirements;
  progress.admitted = withOne(progress.admitted, admitted);
  progress.admission = undefined;
}

/** What a handler finds, made when it is asked for; undefined where nothing was required. */
export function admissionIn(progress: RequestProgress<never>): Admission | undefined {
  progress.admission ??= progress.admitted.reduce<Admission | undefined>(
    (earlier, { admission }) => mergeAdmissions(earlier, admission),
    undefined,
  );
  return progress.admission;
}
