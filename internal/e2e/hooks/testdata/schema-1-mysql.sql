CREATE TABLE IF NOT EXISTS shotengai_hook_events (
  id varbinary(255) NOT NULL PRIMARY KEY,
  shop varbinary(255) NOT NULL,
  owner varbinary(255) NOT NULL,
  attempt bigint NOT NULL,
  lease_until bigint NOT NULL,
  first_at bigint NOT NULL,
  done bigint NOT NULL,
  expires_at bigint NOT NULL,
  result longblob
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS shotengai_hook_shops (
  shop varbinary(255) NOT NULL PRIMARY KEY,
  owner varbinary(255) NOT NULL,
  lease_until bigint NOT NULL,
  mark_kind varbinary(255) NOT NULL,
  mark_ref varbinary(255) NOT NULL,
  mark_at bigint NOT NULL
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS shotengai_hook_once (
  id varbinary(255) NOT NULL PRIMARY KEY,
  done_at bigint NOT NULL
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS shotengai_hook_schema (
  id bigint NOT NULL PRIMARY KEY,
  version bigint NOT NULL
) ENGINE=InnoDB;
INSERT IGNORE INTO shotengai_hook_schema (id, version) VALUES (1, 1);
