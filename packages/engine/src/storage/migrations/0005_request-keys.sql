-- Which request of a client a reservation is for, so that a repeated one is charged once. Null for most.
alter table {schema}.reservation add column request_key text, add column fingerprint text;
create index reservation_request_key on {schema}.reservation (environment, customer_id, request_key, status, created_at)
  where request_key is not null;
