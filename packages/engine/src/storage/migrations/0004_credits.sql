-- Credits, and what is reserved of credits and usage. The customer's own wallets have resource_id ''.

-- One row per wallet that was ever granted anything.
create table {schema}.wallet (
  environment text not null,
  customer_id text not null,
  currency_id text not null,
  resource_id text not null,
  -- Amounts of active grants that are used up and never end. They are part of the totals, and not read any more.
  retired numeric(30, 6) not null default 0,
  primary key (environment, customer_id, currency_id, resource_id)
);

create table {schema}.credit_grant (
  environment text not null,
  customer_id text not null,
  grant_id text not null,
  currency_id text not null,
  resource_id text not null,
  grant_type text not null check (grant_type in ('PAID', 'PROMOTIONAL', 'RECURRING', 'OVERDRAFT')),
  source_type text,
  status text not null check (status in ('PAYMENT_PENDING', 'SCHEDULED', 'ACTIVE', 'EXPIRED', 'VOIDED')),
  amount numeric(30, 6) not null,
  consumed numeric(30, 6) not null,
  priority integer not null,
  effective_at bigint not null,
  expire_at bigint,
  voided_at bigint,
  created_at bigint not null,
  -- Recurring grants: whose, and of which period.
  subscription_id text,
  period_start bigint,
  -- What no statement looks for.
  content jsonb not null,
  -- False once nothing can happen to the grant any more: then only lists read it.
  is_open boolean not null,
  primary key (environment, customer_id, grant_id)
);
create index credit_grant_open on {schema}.credit_grant (environment, customer_id) where is_open;
create index credit_grant_newest on {schema}.credit_grant (environment, customer_id, created_at desc, grant_id collate "C");

-- Append-only: every balance follows from it. (revision, ordinal) is the order of arrival.
create table {schema}.credit_ledger (
  environment text not null,
  customer_id text not null,
  revision bigint not null,
  ordinal integer not null,
  currency_id text not null,
  resource_id text not null,
  grant_id text not null,
  type text not null,
  amount numeric(30, 6) not null,
  feature_id text,
  -- Rows of one consumption share it; null for what is no consumption.
  consumption_id text,
  dimensions jsonb,
  happened_at bigint not null,
  stored_at bigint not null,
  primary key (environment, customer_id, revision, ordinal)
);
create index credit_ledger_in_time on {schema}.credit_ledger (environment, customer_id, happened_at, revision, ordinal);

-- One row per reservation that was ever made, so that a repeated call finds its answer.
create table {schema}.reservation (
  environment text not null,
  customer_id text not null,
  reservation_id text not null,
  status text not null check (status in ('HELD', 'SETTLED', 'RELEASED')),
  created_at bigint not null,
  expires_at bigint not null,
  content_hash text not null,
  -- What was asked for and of which counters and wallets it is held, with what was charged once it is settled.
  items jsonb not null,
  primary key (environment, customer_id, reservation_id)
);
create index reservation_expiry on {schema}.reservation (expires_at);

-- The amounts that reservations hold; gone when they are settled or released, free when their time is up.
create table {schema}.hold (
  environment text not null,
  customer_id text not null,
  reservation_id text not null,
  item integer not null,
  kind text not null check (kind in ('usage', 'credits')),
  -- A feature id or a currency id.
  held_id text not null,
  resource_id text not null,
  -- Usage: which period it is held of; null where the feature never resets.
  window_start bigint,
  amount numeric(30, 6) not null,
  expires_at bigint not null,
  primary key (environment, customer_id, reservation_id, item, kind)
);
create index hold_expiry on {schema}.hold (expires_at);

create table {schema}.automatic_recharge (
  environment text not null,
  customer_id text not null,
  currency_id text not null,
  content jsonb not null,
  primary key (environment, customer_id, currency_id)
);

-- Consumptions of credits wait among the events, in the order in which both were accepted. A row is one or the other.
alter table {schema}.accepted_event
  alter column event_name drop not null,
  add column currency_id text,
  add column amount numeric(16, 6),
  add constraint accepted_event_kind check ((event_name is null) = (currency_id is not null and amount is not null));

alter table {schema}.billing_intent
  drop constraint billing_intent_kind_check,
  add constraint billing_intent_kind_check check (kind in ('collect', 'grant', 'cancel', 'attach', 'detach')),
  -- The grant of credits that is paid.
  add column grant_id text;

-- Aggregations beyond sums. A counter is the fold under its own aggregation; asked for another one, it is folded again.
alter table {schema}.usage
  -- What UNIQUE tells apart: a short text or its hash.
  add column distinct_value text;
create index usage_distinct on {schema}.usage
  (environment, customer_id, feature_id, resource_id, distinct_value, created_at) where distinct_value is not null;
alter table {schema}.usage_counter
  add column aggregation text not null default 'SUM',
  -- Sum and number of all rows in the window, whatever became of them: what an average follows from.
  add column total numeric(30, 6) not null default 0,
  add column measured bigint not null default 0;

-- What runs already is looked at for recurring credits too, from each customer's last change on.
update {schema}.customer_revision revision set next_due = least(next_due, last_now)
 where exists (select from {schema}.subscription s
   where s.environment = revision.environment and s.customer_id = revision.customer_id
     and s.status in ('ACTIVE', 'IN_TRIAL'));
