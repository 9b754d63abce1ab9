import { type HotOperationInput, invalidArgument } from '@tollgate/contract';
import { hotOperations } from './hot-operations.js';
import { assertCount, serverOnly } from './resolver.js';

const operationsMax = 100;
const patienceMsMax = 5_000;
const defaultPatienceMs = 200;

export const hotQueries = {
  reservation: serverOnly<{ customerId: string; reservationId: string }>((_root, asked, { environment, clock }) =>
    environment.reservation(asked, clock.now()),
  ),
};

export const hotMutations = {
  hotOperations: serverOnly<{ operations: HotOperationInput[]; patienceMs?: number | null }>(
    (_root, { operations, patienceMs }, { environment, clock, unanswered }) => {
      assertCount('operations', operations, operationsMax);
      const patience = patienceMs ?? defaultPatienceMs;
      if (patience < 0 || patience > patienceMsMax) throw invalidArgument('patienceMs', `must be 0–${patienceMsMax}`);
      return hotOperations(environment, operations, { now: clock.now(), patienceMs: patience, unanswered });
    },
  ),
};
