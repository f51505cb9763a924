package sqlledger

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/internal/sqldb"
)

// Ledger is a [hooks.Ledger] in an SQL database. It is safe for concurrent use.
type Ledger struct {
	db  *sqldb.DB
	sql statements
}

var _ hooks.Ledger = (*Ledger)(nil)

// Option is an option of [New].
type Option func(*options)

type options struct{ prefix string }

// WithPrefix begins the names of the tables with another word than [DefaultPrefix]: up to
// 48 small letters, digits and underscores. In PostgreSQL and MySQL it may name a schema,
// as in "apps.hook_".
func WithPrefix(prefix string) Option {
	return func(o *options) { o.prefix = prefix }
}

// New returns a ledger on a pool of connections, which stays the caller's. It sends
// nothing: Check reports whether the database is fit.
func New(db *sql.DB, dialect Dialect, opts ...Option) (*Ledger, error) {
	o := options{prefix: DefaultPrefix}
	for _, opt := range opts {
		opt(&o)
	}
	opened, err := schema.Open(db, sqldb.Dialect(dialect), o.prefix)
	if err != nil {
		return nil, err
	}
	return &Ledger{db: opened, sql: prepare(opened)}, nil
}

// Migrate makes the tables, and adds what is new to those of an older version. The rows
// stay as they are. Several instances may call it at once, and others may work meanwhile.
func (l *Ledger) Migrate(ctx context.Context) error { return l.db.Migrate(ctx) }

// Check reports whether the ledger can work: call it at start. Its errors match
// [ErrSetup] when the schema is missing or of another version, and when the connection
// only reads.
func (l *Ledger) Check(ctx context.Context) error { return l.db.Check(ctx) }

// statements are the texts in the dialect, one row each.
type statements struct {
	readEvent, insertEvent, resetEvent, takeEvent, finishEvent, freeEvent string
	readShop, insertShop, takeShop, markShop, freeShop, endRef            string
	once, purgeEvents, purgeOnce                                          string
}

func prepare(db *sqldb.DB) statements {
	return statements{
		readEvent: db.Text(`SELECT owner, attempt, first_at, done, result,
			CASE WHEN lease_until > {now} THEN 1 ELSE 0 END, CASE WHEN expires_at > {now} THEN 1 ELSE 0 END
			FROM {p}events WHERE id = ?`),
		insertEvent: db.InsertNew(`INTO {p}events (id, shop, owner, attempt, lease_until, first_at, done, expires_at)
			VALUES (?, ?, '', 0, 0, {now}, 0, {now} + ?)`),
		resetEvent: db.Text(`UPDATE {p}events SET done = 0, owner = '', attempt = 0, lease_until = 0, first_at = {now},
			result = NULL, expires_at = {now} + ? WHERE id = ? AND done = 1 AND expires_at <= {now}`),
		// MySQL assigns from left to right: the attempt before the owner it looks at.
		takeEvent: db.Text(`UPDATE {p}events SET attempt = attempt + CASE WHEN owner = ? THEN 0 ELSE 1 END, owner = ?,
			lease_until = {now} + ?, expires_at = {now} + ?
			WHERE id = ? AND done = 0 AND (owner = '' OR owner = ? OR lease_until <= {now})`),
		finishEvent: db.Text(`UPDATE {p}events SET done = 1, result = ?, expires_at = {now} + ?
			WHERE id = ? AND owner = ? AND done = 0`),
		freeEvent: db.Text(`UPDATE {p}events SET owner = '', lease_until = 0 WHERE id = ? AND owner = ? AND done = 0`),
		readShop: db.Text(`SELECT owner, mark_kind, mark_ref, mark_at,
			CASE WHEN EXISTS (SELECT 1 FROM {p}gone g WHERE g.shop = s.shop AND g.ref = ?) THEN 1 ELSE 0 END
			FROM {p}shops s WHERE shop = ?`),
		insertShop: db.InsertNew(`INTO {p}shops (shop, owner, lease_until, mark_kind, mark_ref, mark_at)
			VALUES (?, '', 0, '', '', 0)`),
		takeShop: db.Text(`UPDATE {p}shops SET owner = ?, lease_until = {now} + ?
			WHERE shop = ? AND (owner = '' OR owner = ? OR lease_until <= {now})`),
		markShop: db.Text(`UPDATE {p}shops SET mark_kind = ?, mark_ref = ?, mark_at = ? WHERE shop = ? AND owner = ?`),
		freeShop: db.Text(`UPDATE {p}shops SET owner = '', lease_until = 0 WHERE shop = ? AND owner = ?`),
		endRef: db.InsertNew(`INTO {p}gone (shop, ref)
			SELECT shop, ? FROM {p}shops WHERE shop = ? AND owner = ?`),
		once:        db.InsertNew(`INTO {p}once (id, done_at) VALUES (?, {now})`),
		purgeEvents: db.Text(`DELETE FROM {p}events WHERE expires_at <= {now} AND lease_until <= {now}`),
		purgeOnce:   db.Text(`DELETE FROM {p}once WHERE done_at <= {now} - ?`),
	}
}

// event is a row of the events.
type event struct {
	owner           string
	attempt         int
	first           int64
	done, held, new bool
	result          []byte
}

func (l *Ledger) readEvent(ctx context.Context, id string) (e event, found bool, err error) {
	err = l.db.Read(ctx, func(q sqldb.Querier) error {
		return q.QueryRowContext(ctx, l.sql.readEvent, id).
			Scan(&e.owner, &e.attempt, &e.first, &e.done, &e.result, &e.held, &e.new)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return event{}, false, nil
	}
	return e, err == nil, err
}

// Begin implements [hooks.Ledger].
func (l *Ledger) Begin(ctx context.Context, claim hooks.Claim) (hooks.Decision, error) {
	if err := claim.Validate(); err != nil {
		return hooks.Decision{}, err
	}
	e, found, err := l.readEvent(ctx, claim.ID)
	switch {
	case err != nil:
		return hooks.Decision{}, l.db.Explain("begin", err)
	case !found:
		_, err = l.db.Exec(ctx, l.sql.insertEvent, claim.ID, claim.Shop, millis(hooks.Retention))
	case e.done && e.new:
		return hooks.Decision{State: hooks.Finished, Result: e.result}, nil
	case e.done:
		_, err = l.db.Exec(ctx, l.sql.resetEvent, millis(hooks.Retention), claim.ID)
	case e.held && e.owner != "" && e.owner != claim.Owner:
		return hooks.Decision{State: hooks.Busy}, nil
	}
	if err != nil {
		return hooks.Decision{}, l.db.Explain("begin", err)
	}
	return l.take(ctx, claim)
}

// take claims the shop, then the event. A process that dies in between leaves a shop
// that is free again when the lease ends.
func (l *Ledger) take(ctx context.Context, claim hooks.Claim) (hooks.Decision, error) {
	s, held, err := l.takeShop(ctx, claim)
	if err != nil {
		return hooks.Decision{}, l.db.Explain("begin", err)
	}
	if !held {
		return hooks.Decision{State: hooks.Busy}, nil
	}
	// What was written before, and not yet to the disk, gets there with this.
	_, err = l.db.ExecDurable(ctx, l.sql.takeEvent, claim.Owner, claim.Owner, millis(claim.Lease), millis(hooks.Retention), claim.ID, claim.Owner)
	if err != nil {
		return hooks.Decision{}, l.db.Explain("begin", err)
	}
	e, found, err := l.readEvent(ctx, claim.ID)
	if err != nil {
		return hooks.Decision{}, l.db.Explain("begin", err)
	}
	if found && !e.done && e.owner == claim.Owner {
		return hooks.Decision{
			State:   hooks.Granted,
			Attempt: e.attempt,
			First:   time.UnixMilli(e.first),
			Newest:  s.newest,
			Ended:   s.ended,
		}, nil
	}
	if err := l.freeShop(ctx, claim); err != nil {
		return hooks.Decision{}, l.db.Explain("begin", err)
	}
	if found && e.done && e.new {
		return hooks.Decision{State: hooks.Finished, Result: e.result}, nil
	}
	return hooks.Decision{State: hooks.Busy}, nil
}

func (l *Ledger) takeShop(ctx context.Context, claim hooks.Claim) (s shop, held bool, err error) {
	if claim.Shop == "" {
		return shop{}, true, nil
	}
	changed, err := l.db.Exec(ctx, l.sql.takeShop, claim.Owner, millis(claim.Lease), claim.Shop, claim.Owner)
	if err == nil && changed == 0 {
		if _, err = l.db.Exec(ctx, l.sql.insertShop, claim.Shop); err == nil {
			_, err = l.db.Exec(ctx, l.sql.takeShop, claim.Owner, millis(claim.Lease), claim.Shop, claim.Owner)
		}
	}
	if err != nil {
		return shop{}, false, err
	}
	s, err = l.readShop(ctx, claim)
	return s, s.owner == claim.Owner, err
}

// shop is a row of the shops.
type shop struct {
	owner  string
	newest hooks.Mark
	ended  bool // the claim's Ref
}

func (l *Ledger) readShop(ctx context.Context, claim hooks.Claim) (s shop, err error) {
	var at int64
	err = l.db.Read(ctx, func(q sqldb.Querier) error {
		return q.QueryRowContext(ctx, l.sql.readShop, claim.Ref, claim.Shop).
			Scan(&s.owner, &s.newest.Kind, &s.newest.Ref, &at, &s.ended)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return shop{}, nil
	}
	if s.newest.Kind != "" {
		s.newest.At = time.UnixMilli(at)
	}
	return s, err
}

func (l *Ledger) freeShop(ctx context.Context, claim hooks.Claim) error {
	if claim.Shop == "" {
		return nil
	}
	_, err := l.db.Exec(ctx, l.sql.freeShop, claim.Shop, claim.Owner)
	return err
}

// Finish implements [hooks.Ledger].
func (l *Ledger) Finish(ctx context.Context, claim hooks.Claim, outcome hooks.Outcome) error {
	if err := outcome.Validate(); err != nil {
		return err
	}
	e, found, err := l.readEvent(ctx, claim.ID)
	switch {
	case err != nil:
		return l.db.Explain("finish", err)
	case !found || e.owner != claim.Owner:
		return hooks.ErrClaimLost
	case e.done:
		return l.db.Explain("finish", l.freeShop(ctx, claim))
	}
	if err := l.change(ctx, claim, outcome); err != nil {
		return l.db.Explain("finish", err)
	}
	_, err = l.db.ExecDurable(ctx, l.sql.finishEvent, outcome.Result, millis(outcome.Retained()), claim.ID, claim.Owner)
	if err != nil {
		return l.db.Explain("finish", err)
	}
	if e, found, err = l.readEvent(ctx, claim.ID); err != nil {
		return l.db.Explain("finish", err)
	}
	if !found || e.owner != claim.Owner || !e.done {
		return hooks.ErrClaimLost
	}
	return l.db.Explain("finish", l.freeShop(ctx, claim))
}

// change ends installs of the shop and sets its newest event, if the shop is still the
// claim's. A process that dies in between leaves the event to be claimed again.
func (l *Ledger) change(ctx context.Context, claim hooks.Claim, outcome hooks.Outcome) error {
	if claim.Shop == "" {
		return nil
	}
	for _, ref := range outcome.Ends {
		if _, err := l.db.Exec(ctx, l.sql.endRef, ref, claim.Shop, claim.Owner); err != nil {
			return err
		}
	}
	if mark := outcome.Mark; !mark.IsZero() {
		_, err := l.db.Exec(ctx, l.sql.markShop, string(mark.Kind), mark.Ref, mark.At.UnixMilli(), claim.Shop, claim.Owner)
		if err != nil {
			return err
		}
	}
	s, err := l.readShop(ctx, claim)
	if err == nil && s.owner != claim.Owner {
		return hooks.ErrClaimLost
	}
	return err
}

// Abandon implements [hooks.Ledger].
func (l *Ledger) Abandon(ctx context.Context, claim hooks.Claim) error {
	if _, err := l.db.Exec(ctx, l.sql.freeEvent, claim.ID, claim.Owner); err != nil {
		return l.db.Explain("abandon", err)
	}
	return l.db.Explain("abandon", l.freeShop(ctx, claim))
}

// Once reports whether id is new, and makes it known when tx commits. An effect in the
// same transaction then takes place exactly once within [hooks.Retention], whatever
// dies when. Another transaction with the same id waits for this one to end. In PostgreSQL
// tx commits with synchronous_commit on, whatever the session has. When Once
// is false, the effect has taken place: return success. [Ledger.Do] does all of it.
func (l *Ledger) Once(ctx context.Context, tx *sql.Tx, id string) (first bool, err error) {
	if err := (hooks.Claim{ID: id, Owner: "once", Lease: time.Second}).Validate(); err != nil {
		return false, err
	}
	if err := l.db.KeepDurable(ctx, tx); err != nil {
		return false, l.db.Explain("once", err)
	}
	n, err := sqldb.Exec(ctx, tx, l.sql.once, id)
	return n == 1, l.db.Explain("once", err)
}

// Do runs change once for the event whose delivery ctx comes from, in a transaction with
// the record of it: both take place, or neither does. When they have taken place already
// it returns nil and does not call change. An error or a panic of change rolls back.
// Without a delivery in ctx it fails: hand on the context of the receiver's function.
//
// What cannot join the transaction, as the Forget of an oauth.Manager, goes before Do and
// has to bear repetition: it runs again until the change is in place. Inside change it
// would take a second connection, which in SQLite waits in vain for the first.
func (l *Ledger) Do(ctx context.Context, change func(ctx context.Context, tx *sql.Tx) error) error {
	delivery, ok := hooks.DeliveryFrom(ctx)
	if !ok {
		return errors.New("sqlledger: do: the context is not that of a delivery")
	}
	tx, err := l.db.Pool.BeginTx(ctx, nil)
	if err != nil {
		return l.db.Explain("do", err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit there is nothing to roll back
	first, err := l.Once(ctx, tx, delivery.ID)
	if err != nil || !first {
		return err
	}
	if err := change(ctx, tx); err != nil {
		return err
	}
	return l.db.Explain("do", tx.Commit())
}

// Purge deletes what is past its retention, and returns the number of rows. The newest
// event of each shop stays, as do the ids of installs that have ended. Call it from a timer, once a day for instance: nothing
// else deletes rows, and everything works without.
func (l *Ledger) Purge(ctx context.Context) (int64, error) {
	events, err := l.db.Exec(ctx, l.sql.purgeEvents)
	if err != nil {
		return 0, l.db.Explain("purge", err)
	}
	once, err := l.db.Exec(ctx, l.sql.purgeOnce, millis(hooks.Retention))
	return events + once, l.db.Explain("purge", err)
}

func millis(d time.Duration) int64 { return max(d.Milliseconds(), 0) }
