import { type PageInput, type PromotionalEntitlementInput, snapshotToWire } from '@tollgate/contract';
import type { ChangedPromotions } from '@tollgate/engine';
import { serverOnly } from './resolver.js';

const changed = ({ promotionalEntitlements, snapshots }: ChangedPromotions) => ({
  promotionalEntitlements,
  snapshots: snapshots.map(snapshotToWire),
});

export interface OfGroup {
  customerId: string;
  featureGroupId: string;
}

export interface Grants {
  promotionalEntitlements: PromotionalEntitlementInput[];
}

/** Reads of promotional grants. */
export const promotionQueries = {
  promotionalEntitlements: serverOnly<{ customerId: string; page?: PageInput | null }>(
    (_root, { customerId, page }, { environment, clock }) =>
      environment.promotionalEntitlementPage(customerId, page ?? {}, clock.now()),
  ),
};

/** Changes of promotional grants, one by one and by feature group. */
export const promotionMutations = {
  grantPromotionalEntitlements: serverOnly<{ customerId: string } & Grants>(
    async (_root, { customerId, promotionalEntitlements }, { environment, clock }) =>
      changed(await environment.grantPromotionalEntitlements(customerId, promotionalEntitlements, clock.now())),
  ),
  revokePromotionalEntitlements: serverOnly<{ customerId: string; featureId: string }>(
    async (_root, { customerId, featureId }, { environment, clock }) =>
      changed(await environment.revokePromotionalEntitlements(customerId, featureId, clock.now())),
  ),
  grantPromotionalEntitlementsGroup: serverOnly<OfGroup & Grants>(
    async (_root, { customerId, featureGroupId, promotionalEntitlements: items }, { environment, clock }) =>
      changed(await environment.grantPromotionalEntitlementsGroup(customerId, { featureGroupId, items }, clock.now())),
  ),
  revokePromotionalEntitlementsGroup: serverOnly<OfGroup>(
    async (_root, { customerId, featureGroupId }, { environment, clock }) =>
      changed(await environment.revokePromotionalEntitlementsGroup(customerId, featureGroupId, clock.now())),
  ),
  unlinkPromotionalEntitlementsGroup: serverOnly<OfGroup>(
    async (_root, { customerId, featureGroupId }, { environment, clock }) =>
      changed(await environment.unlinkPromotionalEntitlementsGroup(customerId, featureGroupId, clock.now())),
  ),
};
