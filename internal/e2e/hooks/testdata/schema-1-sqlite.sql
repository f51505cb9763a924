CREATE TABLE IF NOT EXISTS shotengai_hook_events (
  id text NOT NULL PRIMARY KEY,
  shop text NOT NULL,
  owner text NOT NULL,
  attempt bigint NOT NULL,
  lease_until bigint NOT NULL,
  first_at bigint NOT NULL,
  done bigint NOT NULL,
  expires_at bigint NOT NULL,
  result blob
);
CREATE TABLE IF NOT EXISTS shotengai_hook_shops (
  shop text NOT NULL PRIMARY KEY,
  owner text NOT NULL,
  lease_until bigint NOT NULL,
  mark_kind text NOT NULL,
  mark_ref text NOT NULL,
  mark_at bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS shotengai_hook_once (
  id text NOT NULL PRIMARY KEY,
  done_at bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS shotengai_hook_schema (
  id bigint NOT NULL PRIMARY KEY,
  version bigint NOT NULL
);
INSERT INTO shotengai_hook_schema (id, version) VALUES (1, 1) ON CONFLICT DO NOTHING;
