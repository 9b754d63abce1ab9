import {
  type AutomaticRechargeInput,
  type CreditGrantFilter,
  type CreditLedgerFilter,
  type CreditUsageInput,
  type GrantCreditsInput,
  type PageInput,
  snapshotToWire,
} from '@tollgate/contract';
import type { ChangedGrant } from '@tollgate/engine';
import { serverOnly } from './resolver.js';

const changed = ({ grant, snapshots }: ChangedGrant) => ({ grant, snapshots: snapshots.map(snapshotToWire) });

interface Wallet {
  customerId: string;
  currencyId: string;
  resourceId?: string | null;
}

/** Reads of credits: what there is, and what became of it. */
export const creditQueries = {
  creditBalance: serverOnly<Wallet>((_root, { resourceId = null, ...asked }, { environment, clock }) =>
    environment.creditBalance({ ...asked, resourceId }, clock.now()),
  ),
  creditGrants: serverOnly<{ filter: CreditGrantFilter; page?: PageInput | null }>(
    (_root, { filter, page }, { environment, clock }) =>
      environment.creditGrants({ filter, page: page ?? {} }, clock.now()),
  ),
  creditUsage: serverOnly<{ input: CreditUsageInput; page?: PageInput | null }>(
    (_root, { input, page }, { environment, clock }) =>
      environment.creditUsage({ input, page: page ?? {} }, clock.now()),
  ),
  automaticRecharge: serverOnly<{ customerId: string; currencyId: string }>(
    (_root, { customerId, currencyId }, { environment, clock }) =>
      environment.automaticRecharge({ customerId, currencyId }, clock.now()),
  ),
  creditLedger: serverOnly<{ filter: CreditLedgerFilter; page?: PageInput | null }>(
    (_root, { filter, page }, { environment, clock }) =>
      environment.creditLedger({ filter, page: page ?? {} }, clock.now()),
  ),
};

export const creditMutations = {
  grantCredits: serverOnly<{ input: GrantCreditsInput }>(async (_root, { input }, { environment, clock }) =>
    changed(await environment.grantCredits(input, clock.now())),
  ),
  saveAutomaticRecharge: serverOnly<{ input: AutomaticRechargeInput }>((_root, { input }, { environment, clock }) =>
    environment.saveAutomaticRecharge(input, clock.now()),
  ),
  voidCreditGrant: serverOnly<{ grantId: string; customerId?: string | null }>(
    async (_root, { grantId, customerId = null }, { environment, clock }) =>
      changed(await environment.voidCreditGrant(grantId, clock.now(), { customerId })),
  ),
};
