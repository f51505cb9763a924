package sqlstore

import (
	"context"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/sqldb"
	"github.com/shotengai/shotengai-go/oauth"
)

// insert is the beginning of a Put. A new row has version 1.
const insert = `INSERT INTO {p}grants
  (platform, app, shop, version, save_id, status, reason, sealed, expiry, due, ends, updated, lease_owner, lease_until, attempts)
  VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, {now}, '', 0, 0) `

// upsert replaces the old row, and returns the version that it has become.
const upsert = insert + `ON CONFLICT (platform, app, shop) DO UPDATE SET
  version = {p}grants.version + 1, save_id = excluded.save_id, status = excluded.status, reason = excluded.reason,
  sealed = excluded.sealed, expiry = excluded.expiry, due = excluded.due, ends = excluded.ends, updated = excluded.updated,
  lease_owner = '', lease_until = 0, attempts = 0 RETURNING version`

// upsertMySQL does the same: the new version is the statement's last insert id.
const upsertMySQL = insert + `ON DUPLICATE KEY UPDATE
  version = LAST_INSERT_ID(version + 1), save_id = VALUES(save_id), status = VALUES(status), reason = VALUES(reason),
  sealed = VALUES(sealed), expiry = VALUES(expiry), due = VALUES(due), ends = VALUES(ends), updated = VALUES(updated),
  lease_owner = '', lease_until = 0, attempts = 0`

// values are the arguments of a record, in the order of the statements here.
func values(rec oauth.Record) []any {
	sealed := rec.Sealed
	if sealed == nil {
		sealed = []byte{}
	}
	return []any{rec.SaveID, string(rec.Status), rec.Reason, sealed, micros(rec.Expiry), micros(rec.Due), micros(rec.Ends)}
}

// Put stores a new consent.
func (s *Store) Put(ctx context.Context, key oauth.Key, rec oauth.Record) (int64, error) {
	args := append([]any{key.Platform, key.App, key.Shop}, values(rec)...)
	var version int64
	err := s.db.Explain("put", s.db.WriteDurable(ctx, func(q sqldb.Querier) (err error) {
		if s.db.Dialect != sqldb.MySQL {
			return q.QueryRowContext(ctx, s.text(upsert), args...).Scan(&version)
		}
		res, err := q.ExecContext(ctx, s.text(upsertMySQL), args...)
		if err != nil {
			return err
		}
		if version, err = res.LastInsertId(); version == 0 {
			version = 1
		}
		return err
	}))
	return version, err
}

// Save replaces the record of a version. Its id lets it be repeated.
func (s *Store) Save(ctx context.Context, key oauth.Key, version int64, rec oauth.Record) error {
	args := append([]any{rec.Version}, values(rec)...)
	args = append(args, key.Platform, key.App, key.Shop, version)
	return s.db.Explain("save", s.db.RepeatDurable(ctx, func(q sqldb.Querier) error {
		n, err := sqldb.Exec(ctx, q, s.text(`UPDATE {p}grants SET
  version = ?, save_id = ?, status = ?, reason = ?, sealed = ?, expiry = ?, due = ?, ends = ?, updated = {now},
  lease_owner = '', lease_until = 0, attempts = 0
  WHERE {key} AND version = ? AND status <> 'deleted'`), args...)
		if err != nil || n > 0 {
			return err
		}
		var saveID string
		var stored int64
		row := q.QueryRowContext(ctx, s.text("SELECT version, save_id FROM {p}grants WHERE {key}"), key.Platform, key.App, key.Shop)
		if err := row.Scan(&stored, &saveID); err != nil {
			return notFound(err)
		}
		if stored == rec.Version && saveID == rec.SaveID {
			return nil // this very save, whose answer was lost
		}
		return shotengai.ErrConflict
	}))
}

// Delete marks the record as deleted.
func (s *Store) Delete(ctx context.Context, key oauth.Key) error {
	return s.db.Explain("delete", s.db.WriteDurable(ctx, func(q sqldb.Querier) error {
		_, err := sqldb.Exec(ctx, q, s.text(`UPDATE {p}grants SET
  version = version + 1, save_id = '', status = 'deleted', reason = '', sealed = ?, expiry = 0, due = 0, ends = 0, updated = {now},
  lease_owner = '', lease_until = 0, attempts = 0
  WHERE {key} AND status <> 'deleted'`), []byte{}, key.Platform, key.App, key.Shop)
		return err
	}))
}

// Acquire takes the lease. What it answers is read afterwards, so that a repetition
// answers the same, also after a connection that broke. The order of the assignments
// matters: MySQL reads a column that was assigned before as its new value.
func (s *Store) Acquire(ctx context.Context, key oauth.Key, version int64, owner string, ttl time.Duration) (lease oauth.Lease, err error) {
	err = s.db.Explain("acquire", s.db.Repeat(ctx, func(q sqldb.Querier) error {
		_, err := sqldb.Exec(ctx, q, s.text(`UPDATE {p}grants SET
  attempts = CASE WHEN lease_owner = ? AND lease_until > {now} THEN attempts ELSE attempts + 1 END,
  lease_owner = ?, lease_until = {now} + ?
  WHERE {key} AND version = ? AND status = 'active' AND (lease_until <= {now} OR lease_owner = ?)`),
			owner, owner, ttl.Microseconds(), key.Platform, key.App, key.Shop, version, owner)
		if err != nil {
			return err
		}
		lease, err = s.lease(ctx, q, key, version, owner)
		return err
	}))
	return lease, err
}

func (s *Store) lease(ctx context.Context, q sqldb.Querier, key oauth.Key, version int64, owner string) (oauth.Lease, error) {
	var stored, attempts, rest int64
	var status, holder string
	row := q.QueryRowContext(ctx, s.text("SELECT version, status, attempts, lease_owner, lease_until - {now} FROM {p}grants WHERE {key}"),
		key.Platform, key.App, key.Shop)
	if err := row.Scan(&stored, &status, &attempts, &holder, &rest); err != nil {
		return oauth.Lease{}, notFound(err)
	}
	switch {
	case stored != version || oauth.Status(status) != oauth.StatusActive:
		return oauth.Lease{}, shotengai.ErrConflict
	case holder == owner: // as of the update; whether that is long ago is the caller's to know
		return oauth.Lease{Held: true, Attempts: int(attempts) - 1}, nil
	}
	return oauth.Lease{Remaining: max(time.Duration(rest)*time.Microsecond, 0), HeldOff: holder == "" && rest > 0}, nil
}

// Release gives the lease back. Done twice, it finds no lease of the owner.
func (s *Store) Release(ctx context.Context, key oauth.Key, owner string, wait time.Duration) error {
	return s.db.Explain("release", s.db.Repeat(ctx, func(q sqldb.Querier) error {
		_, err := sqldb.Exec(ctx, q, s.text(`UPDATE {p}grants SET
  attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, lease_owner = '', lease_until = {now} + ?
  WHERE {key} AND lease_owner = ?`), wait.Microseconds(), key.Platform, key.App, key.Shop, owner)
		return err
	}))
}
