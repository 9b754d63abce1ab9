import { HttpException } from '@nestjs/common';
import type { Denied, Problem } from '@tollgate/client/gate';

/** A request that was not let in. `getResponse()` is the problem body, `decision` is all that the gate knows of it. */
export class EntitlementException extends HttpException {
  readonly decision: Denied;

  constructor(decision: Denied) {
    super(decision.problem, decision.status);
    this.decision = decision;
    this.message = decision.problem.detail ?? decision.problem.title;
  }

  override getResponse(): Problem {
    return this.decision.problem;
  }
}
