import type { Queryable } from './database.js';

export interface PromotionRow {
  promotionId: string;
  customerId: string;
  featureId: string;
  startDate: number;
  endDate: number | null;
  endedAt: number | null;
  content: Record<string, unknown>;
}

export const promotionColumns = `promotion_id as "promotionId", customer_id as "customerId", feature_id as "featureId",
  start_date as "startDate", end_date as "endDate", ended_at as "endedAt", content`;

/** Every grant that was ever made to the customer, newest first; those of one instant by feature, on every database alike. */
export async function readPromotions(
  db: Queryable,
  environmentId: string,
  customerId: string,
): Promise<PromotionRow[]> {
  return db.query<PromotionRow>(
    `select ${promotionColumns} from {schema}.promotion
      where environment = $1 and customer_id = $2 
      order by start_date desc, feature_id collate "C", promotion_id`,
    [environmentId, customerId],
  );
}

export async function savePromotion(tx: Queryable, environmentId: string, row: PromotionRow): Promise<void> {
  await tx.query(
    `insert into {schema}.promotion
            (environment, customer_id, promotion_id, feature_id, start_date, end_date, ended_at, content)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
     on conflict (environment, customer_id, promotion_id) do update set end_date = excluded.end_date,
            ended_at = excluded.ended_at, content = excluded.content`,
    [
      environmentId,
      row.customerId,
      row.promotionId,
      row.featureId,
      row.startDate,
      row.endDate,
      row.endedAt,
      JSON.stringify(row.content),
    ],
  );
}
