package engine

import (
	"context"
	"database/sql"
	"testing"
)

// NoteCommits makes triggers in PostgreSQL that note, for each write, whether it is committed to
// the disk: the setting synchronous_commit. Writes are named, each with the event and the table,
// such as "INSERT ON grants", and the prefix of the tables. The function returned reads the
// settings of the writes of a name, the oldest first.
func NoteCommits(t testing.TB, db *sql.DB, prefix string, writes map[string]string) func(name string) []string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	exec := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE " + prefix + "log (n bigserial, name text NOT NULL, setting text NOT NULL)")
	exec("CREATE FUNCTION " + prefix + "note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO " + prefix +
		"log (name, setting) VALUES (TG_ARGV[0], current_setting('synchronous_commit')); RETURN NEW; END $$")
	for name, write := range writes {
		exec("CREATE TRIGGER note_" + name + " BEFORE " + write + " EXECUTE FUNCTION " + prefix + "note('" + name + "')")
	}
	t.Cleanup(func() {
		_, _ = db.ExecContext(ctx, "DROP FUNCTION "+prefix+"note() CASCADE")
		_, _ = db.ExecContext(ctx, "DROP TABLE "+prefix+"log")
	})
	return func(name string) (settings []string) {
		t.Helper()
		rows, err := db.QueryContext(ctx, "SELECT setting FROM "+prefix+"log WHERE name = $1 ORDER BY n", name)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var setting string
			if err := rows.Scan(&setting); err != nil {
				t.Fatal(err)
			}
			settings = append(settings, setting)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return settings
	}
}
