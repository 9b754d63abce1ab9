-- Standing that time changes: trials, schedules, promotions, versions of plans; what happened; what billing is asked for.

-- Everything about a subscription that no statement looks for.
alter table {schema}.subscription
  add column terms jsonb not null default '{}',
  add column paying_customer_id text;
-- In trial at most one too, beside the one that runs.
create unique index subscription_in_trial on {schema}.subscription
  (environment, customer_id, product_id, coalesce(resource_id, '')) where status = 'IN_TRIAL';
create index subscription_newest on {schema}.subscription (environment, created_at desc, subscription_id);
create index subscription_payer on {schema}.subscription (environment, paying_customer_id)
  where paying_customer_id is not null;

-- Billing, ids in other systems, payment method.
alter table {schema}.customer add column details jsonb not null default '{}';

-- When time will next change the customer's standing: what the sweeper looks for. Null when nothing is due.
alter table {schema}.customer_revision add column next_due bigint;
create index customer_due on {schema}.customer_revision (next_due) where next_due is not null;

-- Subscriptions that run move to a version published to all; one published to new customers leaves them where they are.
alter table {schema}.catalog_entry
  add column is_for_all boolean not null default true,
  add column is_draft boolean not null default false;
alter table {schema}.catalog_entry drop constraint catalog_entry_kind_check;
alter table {schema}.catalog_entry add constraint catalog_entry_kind_check
  check (kind in ('product', 'feature', 'group', 'currency', 'addon', 'plan'));

-- One row per promotional grant that was ever made; one per customer and feature holds.
create table {schema}.promotion (
  environment text not null,
  customer_id text not null,
  promotion_id text not null,
  feature_id text not null,
  start_date bigint not null,
  -- Null lasts for ever.
  end_date bigint,
  -- When it was revoked or replaced by another one; null while it holds.
  ended_at bigint,
  content jsonb not null,
  primary key (environment, customer_id, promotion_id),
  foreign key (environment, customer_id) references {schema}.customer (environment, customer_id)
);
create unique index promotion_held on {schema}.promotion (environment, customer_id, feature_id) where ended_at is null;

-- Append-only: what happened, written in the transaction of the change.
create table {schema}.event (
  environment text not null references {schema}.environment (id),
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  message_id text not null,
  type text not null,
  happened_at bigint not null,
  customer_id text,
  entity jsonb not null,
  primary key (environment, id)
);
create index event_xid on {schema}.event (environment, xid);

-- What the billing provider is asked for: committed before the call, with the id that the call repeats.
create table {schema}.billing_intent (
  environment text not null,
  customer_id text not null,
  -- Unique everywhere: the provider sees it as the idempotency key of the call.
  intent_id text not null unique,
  kind text not null check (kind in ('collect', 'cancel', 'attach', 'detach')),
  -- OPEN: not asked yet, or asked and killed before the answer was stored. WAITING: the provider has not settled it.
  status text not null check (status in ('OPEN', 'WAITING', 'DONE', 'FAILED')),
  subscription_id text,
  content jsonb not null,
  -- The provider's last answer.
  outcome jsonb,
  created_at bigint not null,
  -- When a server asks, or asks again.
  next_try_at bigint not null,
  primary key (environment, customer_id, intent_id),
  foreign key (environment, customer_id) references {schema}.customer (environment, customer_id)
);
create index billing_intent_open on {schema}.billing_intent (next_try_at) where status in ('OPEN', 'WAITING');

-- What the sandbox knows, as a payment provider would: nothing else reads it.
create table {schema}.sandbox_billing (
  intent_id text primary key,
  environment text not null,
  subscription_id text,
  status text not null,
  created_at bigint not null,
  content jsonb not null
);
create index sandbox_billing_subscription on {schema}.sandbox_billing (environment, subscription_id);
