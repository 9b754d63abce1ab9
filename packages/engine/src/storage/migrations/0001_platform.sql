-- What every part of the engine stands on. {schema} is the quoted schema that holds the tables.

create table {schema}.meta (
  is_only boolean primary key default true check (is_only),
  -- Time-ordered, made with the database: what was cached from another database, or before a restore, is older or newer.
  epoch text not null,
  -- Every feed row that this snapshot sees has been deleted. Null while none has.
  feed_pruned pg_snapshot
);

create table {schema}.environment (
  id text primary key,
  -- Raised once per publish.
  catalog bigint not null default 0,
  created_at timestamptz not null
);

create table {schema}.api_key (
  -- SHA-256 in hex. The key itself is random and long, so it needs no salt, and the index finds it.
  hash text primary key,
  environment text not null references {schema}.environment (id),
  kind text not null check (kind in ('server', 'client')),
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index api_key_environment on {schema}.api_key (environment);

-- One row per customer and transaction, and one per publish (customer is null then).
create table {schema}.feed (
  id bigint generated always as identity primary key,
  environment text not null,
  customer text,
  -- Which transaction wrote the row: readers follow the order in which transactions end, not in which rows were made.
  xid xid8 not null default pg_current_xact_id(),
  -- The changed parts as they travel: {"usage": [{customerId, resourceId, counter}], "grants": [{..., version}]}.
  change jsonb not null
);
create index feed_xid on {schema}.feed (xid);

-- What was visible when, so that rows can be dropped a while after every reader could see them.
create table {schema}.feed_mark (
  marked_at timestamptz primary key,
  snapshot pg_snapshot not null
);
