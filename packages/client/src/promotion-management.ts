import {
  GrantPromotionalEntitlementsDocument,
  GrantPromotionalEntitlementsGroupDocument,
  type PromotionalChangeWire,
  RevokePromotionalEntitlementsDocument,
  RevokePromotionalEntitlementsGroupDocument,
  UnlinkPromotionalEntitlementsGroupDocument,
} from '@tollgate/contract';
import type { ManagementCall } from './management-call.js';
import { type PromotionalEntitlement, promotionOf } from './promotion.js';
import {
  type GrantPromotionalEntitlements,
  type GrantPromotionalEntitlementsGroup,
  grantGroupInput,
  grantInput,
  groupInput,
  type PromotionalEntitlementsGroup,
  type RevokePromotionalEntitlements,
  revokeInput,
} from './promotion-inputs.js';

export interface PromotionManagement {
  /** Grants features beside any subscription; a grant for the same feature is replaced. */
  grantPromotionalEntitlements(params: GrantPromotionalEntitlements<string>): Promise<PromotionalEntitlement[]>;
  /** Takes the customer's grant of one feature back. Resolves with its id. */
  revokePromotionalEntitlements(params: RevokePromotionalEntitlements<string>): Promise<{ id: string }>;
  /** Grants a whole feature group: every feature of it is granted here, or has a promotional grant already. */
  grantPromotionalEntitlementsGroup(
    params: GrantPromotionalEntitlementsGroup<string>,
  ): Promise<PromotionalEntitlement[]>;
  /** Takes back what only this group holds; a grant that another group holds too stays. Resolves with those revoked. */
  revokePromotionalEntitlementsGroup(params: PromotionalEntitlementsGroup): Promise<PromotionalEntitlement[]>;
  /** Keeps the grants and takes the group off them. */
  unlinkPromotionalEntitlementsGroup(params: PromotionalEntitlementsGroup): Promise<PromotionalEntitlement[]>;
}

const grantsOf = (change: PromotionalChangeWire) => change.promotionalEntitlements.map(promotionOf);

export function promotionManagement({ change }: ManagementCall): PromotionManagement {
  return {
    grantPromotionalEntitlements: async (params) => {
      const reply = await change(
        GrantPromotionalEntitlementsDocument,
        grantInput(params),
        (result) => result.grantPromotionalEntitlements.snapshots,
      );
      return grantsOf(reply.grantPromotionalEntitlements);
    },
    revokePromotionalEntitlements: async (params) => {
      const { revokePromotionalEntitlements: revoked } = await change(
        RevokePromotionalEntitlementsDocument,
        revokeInput(params),
        (result) => result.revokePromotionalEntitlements.snapshots,
      );
      return { id: revoked.promotionalEntitlements[0]?.id ?? params.featureId };
    },
    grantPromotionalEntitlementsGroup: async (params) => {
      const reply = await change(
        GrantPromotionalEntitlementsGroupDocument,
        grantGroupInput(params),
        (result) => result.grantPromotionalEntitlementsGroup.snapshots,
      );
      return grantsOf(reply.grantPromotionalEntitlementsGroup);
    },
    revokePromotionalEntitlementsGroup: async (params) => {
      const reply = await change(
        RevokePromotionalEntitlementsGroupDocument,
        groupInput(params),
        (result) => result.revokePromotionalEntitlementsGroup.snapshots,
      );
      return grantsOf(reply.revokePromotionalEntitlementsGroup);
    },
    unlinkPromotionalEntitlementsGroup: async (params) => {
      const reply = await change(
        UnlinkPromotionalEntitlementsGroupDocument,
        groupInput(params),
        (result) => result.unlinkPromotionalEntitlementsGroup.snapshots,
      );
      return grantsOf(reply.unlinkPromotionalEntitlementsGroup);
    },
  };
}
