-- Catalog, customers, subscriptions and usage. Instants are whole epoch milliseconds, as `now` comes in: no time zone of a
-- session can change what they mean, and the beginning and end of time are ordinary numbers.

-- One row per publish: which catalog number held from when.
create table {schema}.catalog_publish (
  environment text not null references {schema}.environment (id),
  catalog bigint not null,
  published_at bigint not null,
  primary key (environment, catalog)
);

-- Append-only. The catalog under number n is the newest version of each entry that was published under n or before.
create table {schema}.catalog_entry (
  environment text not null references {schema}.environment (id),
  kind text not null check (kind in ('product', 'feature', 'addon', 'plan')),
  id text not null,
  version integer not null,
  catalog bigint not null,
  content jsonb not null,
  archived boolean not null,
  primary key (environment, kind, id, version)
);

create table {schema}.customer (
  environment text not null references {schema}.environment (id),
  customer_id text not null,
  name text,
  email text,
  metadata jsonb not null,
  created_at bigint not null,
  updated_at bigint not null,
  archived_at bigint,
  primary key (environment, customer_id)
);

-- Locked first by every transaction that changes a customer's standing or numbers. Narrow, because it is written often.
create table {schema}.customer_revision (
  environment text not null references {schema}.environment (id),
  customer_id text not null,
  revision bigint not null,
  -- The instant of the last change: for one customer time never goes back.
  last_now bigint not null,
  primary key (environment, customer_id)
) with (fillfactor = 70);

-- Makes ids unique in an environment, and finds the customer that an id belongs to.
create table {schema}.owner (
  environment text not null references {schema}.environment (id),
  kind text not null,
  id text not null,
  customer_id text not null,
  primary key (environment, kind, id)
);

create table {schema}.customer_resource (
  environment text not null,
  customer_id text not null,
  resource_id text not null,
  created_at bigint not null,
  primary key (environment, customer_id, resource_id),
  foreign key (environment, customer_id) references {schema}.customer (environment, customer_id)
);

create table {schema}.subscription (
  environment text not null,
  customer_id text not null,
  subscription_id text not null,
  resource_id text,
  product_id text not null,
  plan_id text not null,
  plan_version integer not null,
  pricing_type text not null,
  status text not null,
  billing_period text,
  -- [{addonId, quantity}]
  addons jsonb not null,
  start_date bigint not null,
  end_date bigint,
  cancel_reason text,
  metadata jsonb not null,
  created_at bigint not null,
  usage_anchor bigint not null,
  usage_counts_from bigint,
  usage_counts_from_revision bigint,
  primary key (environment, customer_id, subscription_id),
  foreign key (environment, customer_id) references {schema}.customer (environment, customer_id)
);
-- At most one runs per customer, product and resource, whatever the code above it does.
create unique index subscription_running on {schema}.subscription
  (environment, customer_id, product_id, coalesce(resource_id, '')) where status = 'ACTIVE';
-- What a publish would break.
create index subscription_plan on {schema}.subscription (environment, plan_id);

-- Append-only. (revision, ordinal) is the order of arrival. The customer's own usage has resource_id ''. No foreign key
-- here and below: these rows are only written for a customer that was just read, and they are the many.
create table {schema}.usage (
  environment text not null,
  customer_id text not null,
  revision bigint not null,
  ordinal integer not null,
  measurement_id text not null,
  feature_id text not null,
  resource_id text not null,
  behavior text not null check (behavior in ('DELTA', 'SET')),
  value numeric(16, 6) not null,
  created_at bigint not null,
  stored_at bigint not null,
  dimensions jsonb,
  primary key (environment, customer_id, revision, ordinal)
);
create index usage_in_time on {schema}.usage
  (environment, customer_id, feature_id, resource_id, created_at, revision, ordinal);

-- The fold of the usage rows in one window, kept up as rows arrive; it can be rebuilt from them at any time.
create table {schema}.usage_counter (
  environment text not null,
  customer_id text not null,
  feature_id text not null,
  resource_id text not null,
  window_start bigint not null,
  window_end bigint not null,
  -- Of the rows at window_start itself only those of a later revision count; null when all of them do.
  after_revision bigint,
  value numeric(30, 6) not null,
  -- created_at of the newest row and of the newest SET in the window: they tell whether a new row is in order.
  latest_at bigint,
  set_at bigint,
  primary key (environment, customer_id, feature_id, resource_id, window_start)
) with (fillfactor = 70);

-- Written in the transaction of the effect that it remembers.
create table {schema}.idempotency (
  environment text not null,
  customer_id text not null,
  operation text not null,
  key text not null,
  content_hash text not null,
  result jsonb,
  -- From then on the key is free again.
  expires_at bigint not null,
  primary key (environment, customer_id, operation, key)
);
create index idempotency_expiry on {schema}.idempotency (expires_at);

-- Raw events that are stored and not yet applied to counters.
create table {schema}.accepted_event (
  environment text not null,
  customer_id text not null,
  id bigint generated always as identity,
  event_name text not null,
  resource_id text,
  dimensions jsonb not null,
  happened_at bigint not null,
  accepted_at bigint not null,
  primary key (environment, customer_id, id)
);
