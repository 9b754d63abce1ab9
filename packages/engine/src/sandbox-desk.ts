import { type SandboxOutcome, TollgateError } from '@tollgate/contract';
import type { SandboxDesk } from './billing/sandbox-rules.js';
import type { BillingRunner } from './billing-runner.js';
import type { Sandbox } from './sandbox-billing.js';

export function sandboxDesk(sandbox: Sandbox, runner: BillingRunner): SandboxDesk {
  return {
    item: (intentId) => sandbox.item(intentId),
    open: (environmentId) => sandbox.open(environmentId),
    async settle(intentId, outcome, now) {
      const item = await sandbox.settle(intentId, outcome, now);
      // A provider would now call back; its sandbox lives next door.
      await runner.hear(intentId, now);
      return item;
    },
  };
}

/** Rejects with FORBIDDEN where there is no sandbox. */
export function openDesk(desk: SandboxDesk | null): SandboxDesk {
  if (desk) return desk;
  throw new TollgateError('FORBIDDEN', 'billing is no sandbox here: start the engine with billing "sandbox"');
}

/** Decides about what one environment asked for; what another one asked for is not known here. */
export async function settleIn(
  desk: SandboxDesk,
  environmentId: string,
  { intentId, outcome }: { intentId: string; outcome: SandboxOutcome },
  now: number,
): Promise<boolean> {
  if ((await desk.item(intentId))?.environmentId !== environmentId) {
    throw new TollgateError('INVALID_ARGUMENT', 'intentId names nothing that billing was asked for', {
      field: 'intentId',
    });
  }
  await desk.settle(intentId, outcome, now);
  return true;
}
