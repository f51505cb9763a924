package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/httpx"
)

// DB is a pool of connections to the tables of a package.
type DB struct {
	Pool    *sql.DB
	Dialect Dialect

	schema *Schema
	prefix string
	fill   *strings.Replacer
}

// Open returns the tables with a prefix in a pool of connections. It sends nothing.
func (s *Schema) Open(pool *sql.DB, d Dialect, prefix string) (*DB, error) {
	if pool == nil {
		return nil, errors.New(s.Package + ": no database")
	}
	if err := s.check(d, prefix); err != nil {
		return nil, err
	}
	return &DB{
		Pool: pool, Dialect: d, schema: s, prefix: prefix,
		fill: strings.NewReplacer("{p}", prefix, "{now}", d.clock(s.Unit)),
	}, nil
}

// Text completes a statement: {p} is the prefix, {now} the clock of the database, and a
// question mark the place of an argument.
func (db *DB) Text(query string) string { return db.Dialect.bind(db.fill.Replace(query)) }

// InsertNew is Text of an INSERT, from INTO on, that leaves a row alone whose key is there
// already.
func (db *DB) InsertNew(into string) string { return db.Text(db.Dialect.insertNew(into)) }

// Querier is a pool or a transaction.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

const (
	tries      = 6
	firstPause = 10 * time.Millisecond
)

// Read runs f, and repeats it after a failure that passes, a broken connection included.
func (db *DB) Read(ctx context.Context, f func(q Querier) error) error {
	return db.retry(ctx, repeatable, f)
}

// Repeat is Read for statements that write, and do no harm when they run twice.
func (db *DB) Repeat(ctx context.Context, f func(q Querier) error) error {
	return db.retry(ctx, repeatable, f)
}

// Write runs f, and repeats it when the database itself asks for that: the statement then
// had no effect. After a broken connection nobody knows, so f is not repeated.
func (db *DB) Write(ctx context.Context, f func(q Querier) error) error {
	return db.retry(ctx, refused, f)
}

// Exec is Write for one statement, and returns the number of rows that it has changed.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (changed int64, err error) {
	err = db.Write(ctx, func(q Querier) error {
		changed, err = Exec(ctx, q, query, args...)
		return err
	})
	return changed, err
}

// Exec runs one statement, and returns the number of rows that it has changed.
func Exec(ctx context.Context, q Querier, query string, args ...any) (changed int64, err error) {
	result, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// WriteDurable is Write for what must survive a crash of the database, whatever its default
// is. The setting of PostgreSQL ends with the transaction, so that it suits a pooler.
func (db *DB) WriteDurable(ctx context.Context, f func(q Querier) error) error {
	return db.retry(ctx, refused, db.durable(ctx, f))
}

// RepeatDurable is to WriteDurable what Repeat is to Write.
func (db *DB) RepeatDurable(ctx context.Context, f func(q Querier) error) error {
	return db.retry(ctx, repeatable, db.durable(ctx, f))
}

// ExecDurable is WriteDurable for one statement, and returns the number of rows that it has
// changed.
func (db *DB) ExecDurable(ctx context.Context, query string, args ...any) (changed int64, err error) {
	err = db.WriteDurable(ctx, func(q Querier) error {
		changed, err = Exec(ctx, q, query, args...)
		return err
	})
	return changed, err
}

// KeepDurable makes a transaction survive a crash of the database once it has committed.
func (db *DB) KeepDurable(ctx context.Context, tx Querier) error {
	if db.Dialect != PostgreSQL {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SET LOCAL synchronous_commit = on")
	return err
}

func (db *DB) durable(ctx context.Context, f func(q Querier) error) func(Querier) error {
	if db.Dialect != PostgreSQL {
		return f
	}
	return func(Querier) error {
		tx, err := db.Pool.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		if err := db.KeepDurable(ctx, tx); err != nil {
			return err
		}
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit()
	}
}

// retry repeats f while its error is one of the conditions. The statements here touch one
// row each, so that deadlocks come from elsewhere, if at all.
func (db *DB) retry(ctx context.Context, conditions []error, f func(q Querier) error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := f(db.Pool)
		if err == nil || try == tries || !slices.Contains(conditions, condition(err)) {
			return err
		}
		if httpx.Sleep(ctx, pause/2+rand.N(pause)) != nil {
			return err
		}
		pause *= 2
	}
}

// Explain names the operation in an error, and adds what can be done about it.
func (db *DB) Explain(op string, err error) error {
	isErr := func(target error) bool { return errors.Is(err, target) }
	if err == nil || slices.ContainsFunc(db.schema.Answers, isErr) {
		return err
	}
	if kind := condition(err); slices.Contains(setup, kind) {
		return fmt.Errorf("%s: %s: %w: %w: %w", db.schema.Package, op, db.schema.Setup, kind, err)
	}
	return fmt.Errorf("%s: %s: %w", db.schema.Package, op, err)
}
