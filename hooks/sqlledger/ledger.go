package sqlledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/hooks"
)

// defaultPrefix begins the names of the tables.
const defaultPrefix = "shotengai_hook_"

// Ledger is a [hooks.Ledger] in an SQL database. It is safe for concurrent use.
type Ledger struct {
	db      *sql.DB
	dialect Dialect
	prefix  string
	sql     statements
}

// Option changes a ledger at its construction.
type Option func(*Ledger) error

// WithPrefix sets what the names of the tables begin with, which may be a schema as in
// "hooks."; "shotengai_hook_" without it. Lower-case letters, digits, underscores and
// one dot.
func WithPrefix(prefix string) Option {
	return func(l *Ledger) error {
		if !validPrefix(prefix) {
			return fmt.Errorf("sqlledger: invalid prefix %q", prefix)
		}
		l.prefix = prefix
		return nil
	}
}

var prefixForm = regexp.MustCompile(`^[a-z_][a-z0-9_]*(\.[a-z0-9_]*)?$`)

func validPrefix(prefix string) bool { return len(prefix) <= 48 && prefixForm.MatchString(prefix) }

// New returns a ledger in db. It sends nothing: call [Ledger.Migrate] or [Ledger.Check].
func New(db *sql.DB, dialect Dialect, opts ...Option) (*Ledger, error) {
	if db == nil {
		return nil, errors.New("sqlledger: no database")
	}
	if _, ok := now[dialect]; !ok {
		return nil, fmt.Errorf("sqlledger: unknown dialect %q", dialect)
	}
	l := &Ledger{db: db, dialect: dialect, prefix: defaultPrefix}
	for _, opt := range opts {
		if err := opt(l); err != nil {
			return nil, err
		}
	}
	l.sql = l.prepare()
	return l, nil
}

// statements are the texts in the dialect, one row each.
type statements struct {
	readEvent, insertEvent, resetEvent, takeEvent, finishEvent, freeEvent string
	readShop, insertShop, takeShop, markShop, freeShop                    string
	once, purgeEvents, purgeOnce                                          string
}

func (l *Ledger) prepare() statements {
	insert := func(into string) string { return l.text(ignoring(l.dialect, into)) }
	return statements{
		readEvent: l.text(`SELECT owner, attempt, first_at, done, result,
			CASE WHEN lease_until > {now} THEN 1 ELSE 0 END, CASE WHEN expires_at > {now} THEN 1 ELSE 0 END
			FROM {p}events WHERE id = ?`),
		insertEvent: insert(`INTO {p}events (id, shop, owner, attempt, lease_until, first_at, done, expires_at)
			VALUES (?, ?, '', 0, 0, {now}, 0, {now} + ?)`),
		resetEvent: l.text(`UPDATE {p}events SET done = 0, owner = '', attempt = 0, lease_until = 0, first_at = {now},
			result = NULL, expires_at = {now} + ? WHERE id = ? AND done = 1 AND expires_at <= {now}`),
		// MySQL assigns from left to right: the attempt before the owner it looks at.
		takeEvent: l.text(`UPDATE {p}events SET attempt = attempt + CASE WHEN owner = ? THEN 0 ELSE 1 END, owner = ?,
			lease_until = {now} + ?, expires_at = {now} + ?
			WHERE id = ? AND done = 0 AND (owner = '' OR owner = ? OR lease_until <= {now})`),
		finishEvent: l.text(`UPDATE {p}events SET done = 1, result = ?, expires_at = {now} + ?
			WHERE id = ? AND owner = ? AND done = 0`),
		freeEvent: l.text(`UPDATE {p}events SET owner = '', lease_until = 0 WHERE id = ? AND owner = ? AND done = 0`),
		readShop:  l.text(`SELECT owner, mark_kind, mark_ref, mark_at FROM {p}shops WHERE shop = ?`),
		insertShop: insert(`INTO {p}shops (shop, owner, lease_until, mark_kind, mark_ref, mark_at)
			VALUES (?, '', 0, '', '', 0)`),
		takeShop: l.text(`UPDATE {p}shops SET owner = ?, lease_until = {now} + ?
			WHERE shop = ? AND (owner = '' OR owner = ? OR lease_until <= {now})`),
		markShop:    l.text(`UPDATE {p}shops SET mark_kind = ?, mark_ref = ?, mark_at = ? WHERE shop = ? AND owner = ?`),
		freeShop:    l.text(`UPDATE {p}shops SET owner = '', lease_until = 0 WHERE shop = ? AND owner = ?`),
		once:        insert(`INTO {p}once (id, done_at) VALUES (?, {now})`),
		purgeEvents: l.text(`DELETE FROM {p}events WHERE expires_at <= {now} AND lease_until <= {now}`),
		purgeOnce:   l.text(`DELETE FROM {p}once WHERE done_at <= {now} - ?`),
	}
}

// text fills a statement in, with numbered places where the database wants them.
func (l *Ledger) text(query string) string {
	query = strings.NewReplacer("{p}", l.prefix, "{now}", now[l.dialect]).Replace(query)
	if l.dialect != PostgreSQL {
		return query
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		query = after
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
	err = l.retry(ctx, func() error {
		return l.db.QueryRowContext(ctx, l.sql.readEvent, id).
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
		return hooks.Decision{}, wrap("begin", err)
	case !found:
		_, err = l.exec(ctx, l.sql.insertEvent, claim.ID, claim.Shop, millis(hooks.Retention))
	case e.done && e.new:
		return hooks.Decision{State: hooks.Finished, Result: e.result}, nil
	case e.done:
		_, err = l.exec(ctx, l.sql.resetEvent, millis(hooks.Retention), claim.ID)
	case e.held && e.owner != "" && e.owner != claim.Owner:
		return hooks.Decision{State: hooks.Busy}, nil
	}
	if err != nil {
		return hooks.Decision{}, wrap("begin", err)
	}
	return l.take(ctx, claim)
}

// take claims the shop, then the event. A process that dies in between leaves a shop
// that is free again when the lease ends.
func (l *Ledger) take(ctx context.Context, claim hooks.Claim) (hooks.Decision, error) {
	newest, held, err := l.takeShop(ctx, claim)
	if err != nil {
		return hooks.Decision{}, wrap("begin", err)
	}
	if !held {
		return hooks.Decision{State: hooks.Busy}, nil
	}
	_, err = l.exec(ctx, l.sql.takeEvent, claim.Owner, claim.Owner, millis(claim.Lease), millis(hooks.Retention), claim.ID, claim.Owner)
	if err != nil {
		return hooks.Decision{}, wrap("begin", err)
	}
	e, found, err := l.readEvent(ctx, claim.ID)
	if err != nil {
		return hooks.Decision{}, wrap("begin", err)
	}
	if found && !e.done && e.owner == claim.Owner {
		return hooks.Decision{
			State:   hooks.Granted,
			Attempt: e.attempt,
			First:   time.UnixMilli(e.first),
			Newest:  newest,
		}, nil
	}
	if err := l.freeShop(ctx, claim); err != nil {
		return hooks.Decision{}, wrap("begin", err)
	}
	if found && e.done && e.new {
		return hooks.Decision{State: hooks.Finished, Result: e.result}, nil
	}
	return hooks.Decision{State: hooks.Busy}, nil
}

func (l *Ledger) takeShop(ctx context.Context, claim hooks.Claim) (newest hooks.Mark, held bool, err error) {
	if claim.Shop == "" {
		return hooks.Mark{}, true, nil
	}
	changed, err := l.exec(ctx, l.sql.takeShop, claim.Owner, millis(claim.Lease), claim.Shop, claim.Owner)
	if err == nil && changed == 0 {
		if _, err = l.exec(ctx, l.sql.insertShop, claim.Shop); err == nil {
			_, err = l.exec(ctx, l.sql.takeShop, claim.Owner, millis(claim.Lease), claim.Shop, claim.Owner)
		}
	}
	if err != nil {
		return hooks.Mark{}, false, err
	}
	owner, newest, err := l.readShop(ctx, claim.Shop)
	return newest, owner == claim.Owner, err
}

func (l *Ledger) readShop(ctx context.Context, shop string) (owner string, newest hooks.Mark, err error) {
	var at int64
	err = l.retry(ctx, func() error {
		return l.db.QueryRowContext(ctx, l.sql.readShop, shop).Scan(&owner, &newest.Kind, &newest.Ref, &at)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return "", hooks.Mark{}, nil
	}
	if newest.Kind != "" {
		newest.At = time.UnixMilli(at)
	}
	return owner, newest, err
}

func (l *Ledger) freeShop(ctx context.Context, claim hooks.Claim) error {
	if claim.Shop == "" {
		return nil
	}
	_, err := l.exec(ctx, l.sql.freeShop, claim.Shop, claim.Owner)
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
		return wrap("finish", err)
	case !found || e.owner != claim.Owner:
		return hooks.ErrClaimLost
	case e.done:
		return wrap("finish", l.freeShop(ctx, claim))
	}
	if err := l.mark(ctx, claim, outcome.Mark); err != nil {
		return wrap("finish", err)
	}
	_, err = l.exec(ctx, l.sql.finishEvent, outcome.Result, millis(outcome.Retained()), claim.ID, claim.Owner)
	if err != nil {
		return wrap("finish", err)
	}
	if e, found, err = l.readEvent(ctx, claim.ID); err != nil {
		return wrap("finish", err)
	}
	if !found || e.owner != claim.Owner || !e.done {
		return hooks.ErrClaimLost
	}
	return wrap("finish", l.freeShop(ctx, claim))
}

// mark sets the newest event of the shop, if the shop is still the claim's.
func (l *Ledger) mark(ctx context.Context, claim hooks.Claim, mark hooks.Mark) error {
	if claim.Shop == "" {
		return nil
	}
	if !mark.IsZero() {
		_, err := l.exec(ctx, l.sql.markShop, mark.Kind, mark.Ref, mark.At.UnixMilli(), claim.Shop, claim.Owner)
		if err != nil {
			return err
		}
	}
	owner, _, err := l.readShop(ctx, claim.Shop)
	if err == nil && owner != claim.Owner {
		return hooks.ErrClaimLost
	}
	return err
}

// Abandon implements [hooks.Ledger].
func (l *Ledger) Abandon(ctx context.Context, claim hooks.Claim) error {
	if _, err := l.exec(ctx, l.sql.freeEvent, claim.ID, claim.Owner); err != nil {
		return wrap("abandon", err)
	}
	return wrap("abandon", l.freeShop(ctx, claim))
}

// Once reports whether id is new, and makes it known when tx commits. An effect in the
// same transaction then takes place exactly once within [hooks.Retention], whatever
// dies when. Another transaction with the same id waits for this one to end. When Once
// is false, the effect has taken place: return success. [Ledger.Do] does all of it.
func (l *Ledger) Once(ctx context.Context, tx *sql.Tx, id string) (first bool, err error) {
	if err := (hooks.Claim{ID: id, Owner: "once", Lease: time.Second}).Validate(); err != nil {
		return false, err
	}
	result, err := tx.ExecContext(ctx, l.sql.once, id)
	if err != nil {
		return false, wrap("once", err)
	}
	n, err := result.RowsAffected()
	return n == 1, wrap("once", err)
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
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return wrap("do", err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit there is nothing to roll back
	first, err := l.Once(ctx, tx, delivery.ID)
	if err != nil || !first {
		return err
	}
	if err := change(ctx, tx); err != nil {
		return err
	}
	return wrap("do", tx.Commit())
}

// Purge deletes what is past its retention, and returns the number of rows. The newest
// event of each shop stays. Call it from a timer, once a day for instance: nothing
// else deletes rows, and everything works without.
func (l *Ledger) Purge(ctx context.Context) (int64, error) {
	events, err := l.exec(ctx, l.sql.purgeEvents)
	if err != nil {
		return 0, wrap("purge", err)
	}
	once, err := l.exec(ctx, l.sql.purgeOnce, millis(hooks.Retention))
	return events + once, wrap("purge", err)
}

func millis(d time.Duration) int64 { return max(d.Milliseconds(), 0) }

func wrap(what string, err error) error {
	if err == nil || errors.Is(err, hooks.ErrClaimLost) {
		return err
	}
	return fmt.Errorf("sqlledger: %s: %w", what, err)
}
