package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

const (
	tries      = 6
	firstPause = 10 * time.Millisecond
)

// conditions are the failures that are worth telling apart. Drivers are not imported:
// those of PostgreSQL have a method for the code, the others are read by their text.
var conditions = []struct {
	kind   error
	states []string // PostgreSQL
	codes  []string // MySQL and MariaDB
	texts  []string // SQLite
}{
	{
		kind:   errTransient,
		states: []string{"40P01", "40001", "55P03"}, // deadlock, serialization, lock timeout
		codes:  []string{"1213", "1205", "1020"},    // deadlock, lock timeout, record has changed
		texts:  []string{"database is locked", "database table is locked", "SQLITE_BUSY"},
	},
	{
		kind:   errReadOnly,
		states: []string{"25006"},
		codes:  []string{"1290", "1792", "1836"},
		texts:  []string{"attempt to write a readonly database"},
	},
	{
		kind:   errNoTable,
		states: []string{"42P01", "3F000"},
		codes:  []string{"1146"},
		texts:  []string{"no such table"},
	},
	{
		kind:   errOtherColumns,
		states: []string{"42703"},
		codes:  []string{"1054"},
		texts:  []string{"no such column", "has no column named"},
	},
	{
		kind:   errBeingMade, // two instances migrate at once
		states: []string{"23505", "42P07", "42710"},
		codes:  []string{"1050", "1061"},
	},
}

var (
	errTransient    = errors.New("the database asks to try again")
	errReadOnly     = errors.New("the connection only reads; it has to reach the primary")
	errNoTable      = errors.New("the tables are missing; run Migrate or Schema")
	errOtherColumns = errors.New("the tables have other columns; run Migrate")
	errBeingMade    = errors.New("the tables are being made by another instance")
)

// setup are the conditions that last until somebody acts.
var setup = []error{errReadOnly, errNoTable, errOtherColumns}

var mysqlError = regexp.MustCompile(`\bError (\d{4})\b`)

// condition returns which of the conditions an error is, or nil.
func condition(err error) error {
	var state, code string
	if coded, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		state = coded.SQLState()
	}
	text := err.Error()
	if found := mysqlError.FindStringSubmatch(text); found != nil {
		code = found[1]
	}
	for _, c := range conditions {
		inText := func(part string) bool { return strings.Contains(text, part) }
		if slices.Contains(c.states, state) || slices.Contains(c.codes, code) || slices.ContainsFunc(c.texts, inText) {
			return c.kind
		}
	}
	return nil
}

// explain adds to an error what can be done about it.
func (s *Store) explain(op string, err error) error {
	if err == nil || errors.Is(err, oauth.ErrNoGrant) || errors.Is(err, shotengai.ErrConflict) || errors.Is(err, oauth.ErrStoreSetup) {
		return err
	}
	if kind := condition(err); slices.Contains(setup, kind) {
		return fmt.Errorf("sqlstore: %s: %w: %w: %w", op, oauth.ErrStoreSetup, kind, err)
	}
	return fmt.Errorf("sqlstore: %s: %w", op, err)
}

// querier is a pool or a transaction.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// try repeats what the database itself asks to repeat, which has had no effect. Each
// statement touches one row, so that deadlocks come from elsewhere, if at all.
func (s *Store) try(ctx context.Context, op string, f func(q querier) error) error {
	pause := firstPause
	for i := 1; ; i++ {
		err := f(s.db)
		if err == nil || condition(err) != errTransient || i == tries { //nolint:errorlint // condition returns the value itself
			return s.explain(op, err)
		}
		timer := time.NewTimer(pause/2 + rand.N(pause))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return s.explain(op, err)
		}
		pause *= 2
	}
}

// durable is try for writes that must survive a crash of the database. The setting of
// PostgreSQL ends with the transaction, so that it suits a pooler.
func (s *Store) durable(ctx context.Context, op string, f func(q querier) error) error {
	if s.dialect != PostgreSQL {
		return s.try(ctx, op, f)
	}
	return s.try(ctx, op, func(querier) error {
		tx, err := s.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		if _, err := tx.ExecContext(ctx, "SET LOCAL synchronous_commit = on"); err != nil {
			return err
		}
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}
