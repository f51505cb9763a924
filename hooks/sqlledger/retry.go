package sqlledger

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// tries bounds how often a statement is sent that the database gave up for the sake
// of another one.
const tries = 5

func (l *Ledger) exec(ctx context.Context, query string, args ...any) (changed int64, err error) {
	err = l.retry(ctx, func() error {
		result, err := l.db.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		changed, err = result.RowsAffected()
		return err
	})
	return changed, err
}

// retry repeats a statement after a deadlock, a serialization failure, a lock that was
// not to be had in time, or a busy file. All statements of this package may be repeated.
func (l *Ledger) retry(ctx context.Context, statement func() error) error {
	for try := 1; ; try++ {
		err := statement()
		if err == nil || try == tries || !temporary(err) {
			return err
		}
		pause := time.NewTimer(time.Duration(1+rand.IntN(20<<try)) * time.Millisecond)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return err
		}
	}
}

// stateError is an error of PostgreSQL's drivers.
type stateError interface {
	error
	SQLState() string
}

// temporary recognises the conditions without the drivers: by the SQLSTATE that
// PostgreSQL's tell, by the text of the others.
func temporary(err error) bool {
	if e, ok := errors.AsType[stateError](err); ok {
		return slices.Contains([]string{"40001", "40P01", "55P03"}, e.SQLState())
	}
	text := err.Error()
	return slices.ContainsFunc([]string{
		"Error 1213", "Error 1205", "SQLITE_BUSY", "SQLITE_LOCKED", "database is locked",
	}, func(sign string) bool { return strings.Contains(text, sign) })
}
