import type { SandboxOutcome } from '@tollgate/contract';
import { serverOnly } from './resolver.js';

export const billingMutations = {
  settleSandboxBilling: serverOnly<{ intentId: string; outcome: SandboxOutcome }>(
    (_root, { intentId, outcome }, { environment, clock }) =>
      environment.settleSandboxBilling({ intentId, outcome }, clock.now()),
  ),
};
