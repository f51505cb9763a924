package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests against databases are in internal/e2e, where the drivers are.

var (
	errSetup  = errors.New("not set up")
	errAnswer = errors.New("an answer")
)

func testSchema() *Schema {
	return &Schema{
		Package: "pkg", Prefix: "pkg_", Version: 3, Unit: time.Millisecond, Setup: errSetup, Answers: []error{errAnswer},
		Tables: []Table{
			{Name: "rows", Columns: "id {key} NOT NULL PRIMARY KEY,\nn {int},\nb {bytes}", Index: "n", IndexOn: "n, id"},
			{Name: "plain", Columns: "w {word},\nt {text}"},
		},
	}
}

var dialects = []Dialect{PostgreSQL, MySQL, SQLite}

func open(t *testing.T, d Dialect) *DB {
	t.Helper()
	db, err := testSchema().Open(new(sql.DB), d, "p_")
	require.NoError(t, err)
	return db
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	s, pool := testSchema(), new(sql.DB)
	_, err := s.Open(nil, PostgreSQL, "p_")
	require.EqualError(t, err, "pkg: no database")
	for _, unknown := range []Dialect{"", "oracle", "PostgreSQL"} {
		_, err = s.Open(pool, unknown, "p_")
		require.EqualError(t, err, fmt.Sprintf("pkg: unknown dialect %q", unknown))
		assert.Empty(t, s.SQL(unknown, ""))
	}
	for _, prefix := range []string{"1a", "A", "X", "a-b", "a b", `a"`, "a;drop", "a.b.c", "a.1b", ".a", strings.Repeat("a", 49)} {
		_, err = s.Open(pool, PostgreSQL, prefix)
		require.ErrorContains(t, err, "pkg: prefix", prefix)
		assert.Empty(t, s.SQL(PostgreSQL, prefix), prefix)
	}
	_, err = s.Open(pool, PostgreSQL, "")
	require.ErrorContains(t, err, "pkg: prefix")
	_, err = s.Open(pool, SQLite, "main.p_")
	require.ErrorContains(t, err, "SQLite has no schemas")
	for _, prefix := range []string{"a", "_a1_", "apps.p_", "apps.", strings.Repeat("a", 48)} {
		_, err = s.Open(pool, PostgreSQL, prefix)
		require.NoError(t, err, prefix)
	}
}

func TestSQL(t *testing.T) {
	t.Parallel()
	s := testSchema()
	assert.Equal(t, `CREATE TABLE IF NOT EXISTS apps.p_rows (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  n bigint,
  b bytea
);
CREATE INDEX IF NOT EXISTS p_rows_n ON apps.p_rows (n, id);
CREATE TABLE IF NOT EXISTS apps.p_plain (
  w text COLLATE "C",
  t text
);
CREATE TABLE IF NOT EXISTS apps.p_schema (
  id bigint NOT NULL PRIMARY KEY,
  version bigint NOT NULL
);
INSERT INTO apps.p_schema (id, version) VALUES (1, 3) ON CONFLICT DO NOTHING;
UPDATE apps.p_schema SET version = 3 WHERE id = 1 AND version < 3;
`, s.SQL(PostgreSQL, "apps.p_"))
	assert.Equal(t, `CREATE TABLE IF NOT EXISTS pkg_rows (
  id varbinary(255) NOT NULL PRIMARY KEY,
  n bigint,
  b longblob,
  KEY n (n, id)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS pkg_plain (
  w varbinary(64),
  t blob
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS pkg_schema (
  id bigint NOT NULL PRIMARY KEY,
  version bigint NOT NULL
) ENGINE=InnoDB;
INSERT IGNORE INTO pkg_schema (id, version) VALUES (1, 3);
UPDATE pkg_schema SET version = 3 WHERE id = 1 AND version < 3;
`, s.SQL(MySQL, ""))
	assert.Contains(t, s.SQL(SQLite, ""), "CREATE INDEX IF NOT EXISTS pkg_rows_n ON pkg_rows (n, id);\n")
}

func TestText(t *testing.T) {
	t.Parallel()
	const query = "UPDATE {p}rows SET n = {now} + ? WHERE id = ?"
	for d, want := range map[Dialect]string{
		PostgreSQL: "UPDATE p_rows SET n = (extract(epoch from clock_timestamp()) * 1000)::bigint + $1 WHERE id = $2",
		MySQL:      "UPDATE p_rows SET n = (TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6)) DIV 1000) + ? WHERE id = ?",
		SQLite:     "UPDATE p_rows SET n = CAST(unixepoch('subsec') * 1000 AS INTEGER) + ? WHERE id = ?",
	} {
		assert.Equal(t, want, open(t, d).Text(query))
	}
	assert.Equal(t, "INSERT INTO p_rows (id) VALUES ($1) ON CONFLICT DO NOTHING", open(t, PostgreSQL).InsertNew("INTO {p}rows (id) VALUES (?)"))
	assert.Equal(t, "INSERT IGNORE INTO p_rows (id) VALUES (?)", open(t, MySQL).InsertNew("INTO {p}rows (id) VALUES (?)"))
}

// stated is an error as the drivers of PostgreSQL make it.
type stated string

func (s stated) Error() string    { return "failed" }
func (s stated) SQLState() string { return string(s) }

func TestS06Conditions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"deadlock":                {stated("40P01"), errTransient},
		"serialization":           {fmt.Errorf("wrapped: %w", stated("40001")), errTransient},
		"lock timeout":            {stated("55P03"), errTransient},
		"deadlock of MySQL":       {errors.New("Error 1213 (40001): Deadlock found when trying to get lock"), errTransient},
		"lock timeout of MySQL":   {errors.New("Error 1205 (HY000): Lock wait timeout exceeded"), errTransient},
		"changed record, MariaDB": {errors.New("Error 1020 (HY000): Record has changed since last read in table 'x'"), errTransient},
		"busy SQLite":             {errors.New("database is locked (5) (SQLITE_BUSY)"), errTransient},
		"locked table of SQLite":  {errors.New("database table is locked: x (6) (SQLITE_LOCKED)"), errTransient},
		"busy, by its text":       {errors.New("database is locked"), errTransient},
		"busy, by its name":       {errors.New("SQLITE_BUSY: try later"), errTransient},
		"locked, by its text":     {errors.New("database table is locked"), errTransient},
		"locked, by its name":     {errors.New("SQLITE_LOCKED: try later"), errTransient},
		"shut down":               {stated("57P01"), errBroken},
		"crash":                   {stated("57P02"), errBroken},
		"connection failure":      {stated("08006"), errBroken},
		"lost MySQL":              {errors.New("Error 2013: Lost connection to MySQL server during query"), errBroken},
		"gone MySQL":              {errors.New("Error 2006 (HY000): MySQL server has gone away"), errBroken},
		"driver of MySQL":         {errors.New("invalid connection"), errBroken},
		"killed in MariaDB":       {errors.New("Error 1927 (70100): Connection was killed"), errBroken},
		"bad connection":          {fmt.Errorf("wrapped: %w", driver.ErrBadConn), errBroken},
		"cut connection":          {fmt.Errorf("receive message failed: %w", io.ErrUnexpectedEOF), errBroken},
		"reset connection":        {&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, errBroken},
		"closed by pgx":           {errors.New("conn closed"), errBroken},
		"S15 read only":           {stated("25006"), errReadOnly},
		"S15 read only MySQL":     {errors.New("Error 1290 (HY000): The MySQL server is running with the --read-only option"), errReadOnly},
		"S15 read only SQLite":    {errors.New("attempt to write a readonly database (8)"), errReadOnly},
		"S16 no table":            {stated("42P01"), errNoTable},
		"S16 no table in MySQL":   {errors.New("Error 1146 (42S02): Table 'test.x' doesn't exist"), errNoTable},
		"S16 no table in SQLite":  {errors.New("SQL logic error: no such table: x (1)"), errNoTable},
		"S16 other columns":       {stated("42703"), errOtherColumns},
		"S16 columns in MySQL":    {errors.New("Error 1054 (42S22): Unknown column 'x' in 'field list'"), errOtherColumns},
		"S16 columns in SQLite":   {errors.New("SQL logic error: no such column: x (1)"), errOtherColumns},
		"S16 insert in SQLite":    {errors.New("SQL logic error: table x has no column named y (1)"), errOtherColumns},
		"two migrate":             {stated("42P07"), errBeingMade},
		"a number in the message": {errors.New("row 1213 is odd"), nil},
		"a duplicate in MySQL":    {errors.New("Error 1062 (23000): Duplicate entry"), nil},
		"another state":           {stated("22001"), nil},
		"no row":                  {sql.ErrNoRows, nil},
		"cancelled":               {context.Canceled, nil},
		"none":                    {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, condition(c.err))
		})
	}
}

// outcome counts how often f is called that fails so many times.
func outcome(run func(f func(Querier) error) error, failures int, failure error) (calls int, err error) {
	err = run(func(Querier) error {
		if calls++; calls <= failures {
			return failure
		}
		return nil
	})
	return calls, err
}

func TestS06TransientFailuresAreRepeated(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		db := open(t, d)
		for name, run := range map[string]func(context.Context, func(Querier) error) error{"read": db.Read, "write": db.Write} {
			t.Run(string(d)+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					within := func(f func(Querier) error) error { return run(t.Context(), f) }
					calls, err := outcome(within, tries-1, stated("40P01"))
					require.NoError(t, err)
					assert.Equal(t, tries, calls)

					calls, err = outcome(within, 100, stated("40P01"))
					require.ErrorIs(t, err, stated("40P01"))
					assert.Equal(t, tries, calls, "not for ever")

					for _, known := range []error{errAnswer, sql.ErrNoRows, stated("25006"), errors.New("connection reset")} {
						calls, err = outcome(within, 100, known)
						require.ErrorIs(t, err, known)
						assert.Equal(t, 1, calls, "the outcome of %v is known or unknown, but no reason to repeat", known)
					}

					ended, cancel := context.WithCancel(t.Context())
					cancel()
					calls, err = outcome(func(f func(Querier) error) error { return run(ended, f) }, 100, stated("40001"))
					require.ErrorIs(t, err, stated("40001"))
					assert.Equal(t, 1, calls)
				})
			})
		}
	}
}

func TestReadsSurviveABrokenConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		db := open(t, MySQL)
		for _, broken := range []error{stated("57P01"), driver.ErrBadConn, errors.New("Error 2006 (HY000): MySQL server has gone away")} {
			for _, run := range []func(context.Context, func(Querier) error) error{db.Read, db.Repeat, db.RepeatDurable} {
				calls, err := outcome(func(f func(Querier) error) error { return run(t.Context(), f) }, 2, broken)
				require.NoError(t, err)
				assert.Equal(t, 3, calls)
			}
			for _, run := range []func(context.Context, func(Querier) error) error{db.Write, db.WriteDurable} {
				calls, err := outcome(func(f func(Querier) error) error { return run(t.Context(), f) }, 2, broken)
				require.ErrorIs(t, err, broken)
				assert.Equal(t, 1, calls, "a write may have taken effect")
			}
		}
	})
}

func TestExplain(t *testing.T) {
	t.Parallel()
	db := open(t, SQLite)
	require.NoError(t, db.Explain("save", nil))
	assert.Equal(t, errAnswer, db.Explain("save", errAnswer))
	require.EqualError(t, db.Explain("save", stated("40P01")), "pkg: save: failed")
	err := db.Explain("save", stated("25006"))
	require.ErrorIs(t, err, errSetup)
	require.ErrorIs(t, err, stated("25006"))
	require.EqualError(t, err, "pkg: save: not set up: the connection only reads; it has to reach the primary: failed")
	for _, state := range []string{"25006", "42P01", "42703"} {
		require.ErrorIs(t, db.Explain("save", stated(state)), errSetup, state)
	}
	for _, state := range []string{"40001", "57P01", "42P07", "22001"} {
		require.NotErrorIs(t, db.Explain("save", stated(state)), errSetup, state)
	}
}

// noting is a driver that notes what is done on its connections.
type noting struct{ done []string }

func (n *noting) Open(string) (driver.Conn, error) { return n, nil }
func (n *noting) Close() error                     { return nil }

func (n *noting) Prepare(string) (driver.Stmt, error) { return nil, errors.New("is not used") }

func (n *noting) Begin() (driver.Tx, error) {
	n.done = append(n.done, "BEGIN")
	return n, nil
}

func (n *noting) Commit() error {
	n.done = append(n.done, "COMMIT")
	return nil
}

func (n *noting) Rollback() error {
	n.done = append(n.done, "ROLLBACK")
	return nil
}

func (n *noting) ExecContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Result, error) {
	n.done = append(n.done, query)
	return driver.RowsAffected(1), nil
}

func (n *noting) Connect(context.Context) (driver.Conn, error) { return n, nil }
func (n *noting) Driver() driver.Driver                        { return n }

// What must not be lost with the server's memory is on its disk when the write returns, also
// where the app's sessions do without.
func TestDurable(t *testing.T) {
	t.Parallel()
	failure := errors.New("refused")
	for d, want := range map[Dialect][2][]string{
		PostgreSQL: {{"BEGIN", "SET LOCAL synchronous_commit = on", "UPDATE", "COMMIT"}, {"BEGIN", "SET LOCAL synchronous_commit = on", "UPDATE", "ROLLBACK"}},
		MySQL:      {{"UPDATE"}, {"UPDATE"}},
		SQLite:     {{"UPDATE"}, {"UPDATE"}},
	} {
		for i, result := range []error{nil, failure} {
			for name, durable := range map[string]func(*DB, func(Querier) error) error{
				"write":  func(db *DB, f func(Querier) error) error { return db.WriteDurable(t.Context(), f) },
				"repeat": func(db *DB, f func(Querier) error) error { return db.RepeatDurable(t.Context(), f) },
			} {
				n := &noting{}
				db, err := testSchema().Open(sql.OpenDB(n), d, "p_")
				require.NoError(t, err)
				err = durable(db, func(q Querier) error {
					_, err := q.ExecContext(t.Context(), "UPDATE")
					require.NoError(t, err)
					return result
				})
				require.ErrorIs(t, err, result, "%s %s", d, name)
				assert.Equal(t, want[i], n.done, "%s %s", d, name)
			}
		}
	}
}
