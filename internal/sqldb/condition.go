package sqldb

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// The conditions that matter here.
var (
	errTransient    = errors.New("the database asks to try again")
	errBroken       = errors.New("the connection broke")
	errReadOnly     = errors.New("the connection only reads; it has to reach the primary")
	errNoTable      = errors.New("the tables are missing; run Migrate or Schema")
	errOtherColumns = errors.New("the tables have other columns; run Migrate")
	errBeingMade    = errors.New("the tables are being made by another instance")
)

var (
	// refused had no effect.
	refused = []error{errTransient}
	// repeatable is what a statement that may run twice is repeated after.
	repeatable = []error{errTransient, errBroken}
	// setup lasts until somebody acts.
	setup = []error{errReadOnly, errNoTable, errOtherColumns}
)

// conditions are how the databases report them. Drivers are not imported: those of
// PostgreSQL have a method for the code, the others are read by their text.
var conditions = []struct {
	kind   error
	states []string // PostgreSQL
	codes  []string // MySQL and MariaDB
	texts  []string // SQLite, and drivers
}{
	{
		kind:   errTransient,
		states: []string{"40P01", "40001", "55P03"}, // deadlock, serialization, lock timeout
		codes:  []string{"1213", "1205", "1020"},    // deadlock, lock timeout, record has changed
		texts:  []string{"database is locked", "database table is locked", "SQLITE_BUSY", "SQLITE_LOCKED"},
	},
	{
		kind: errBroken,
		// administrator, crash, starting up; connection failures
		states: []string{"57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006", "08007", "08P01"},
		// gone away, lost during the query, shutting down, killed, idle for too long
		codes: []string{"2006", "2013", "1053", "1927", "4031"},
		texts: []string{"invalid connection", "conn closed"},
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

var mysqlError = regexp.MustCompile(`\bError (\d{4})\b`)

// condition returns which of the conditions an error is, or nil.
func condition(err error) error {
	if err == nil {
		return nil
	}
	for _, broken := range []error{driver.ErrBadConn, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, broken) {
			return errBroken
		}
	}
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
