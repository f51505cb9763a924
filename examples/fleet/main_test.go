package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain lets the demo start this binary as a worker.
func TestMain(m *testing.M) {
	if os.Getenv("FLEET_RUN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// needPostgres skips where no PostgreSQL answers, and fails there in CI.
func needPostgres(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	db, err := open(ctx, options{database: cmpOr(os.Getenv("DATABASE_URL"), "postgres://127.0.0.1:5432/test?sslmode=disable"), schema: "fleet_test"})
	switch {
	case err == nil:
		db.pool.Close()
	case os.Getenv("CI") == "true":
		require.NoError(t, err)
	default:
		t.Skip("no PostgreSQL:", err)
	}
}

// A fleet of 1,000 shops whose workers are killed loses and doubles no order, and stops
// only the shop that has withdrawn.
func TestFleet(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-demo", "-schema", "fleet_test"}, &out), out.String())
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 5, out.String())
	for i, workers := range []string{"3", "3", "4"} {
		row := strings.Fields(lines[i+2])
		assert.Equal(t, workers, row[0])
		assert.Equal(t, []string{"999", "9990", "0", "0"}, row[2:6])
	}
}

func TestMistakesAreSaidInOneSentence(t *testing.T) {
	t.Setenv("FLEET_SEAL_KEY", "")
	for want, args := range map[string][]string{
		"say -worker, or try it with -demo":    {},
		"FLEET_SEAL_KEY has to hold a key":     {"-worker"},
		`-schema "a b" has to be a plain name`: {"-worker", "-schema", "a b"},
		"PostgreSQL cannot be reached":         {"-demo", "-database", "postgres://127.0.0.1:1/none"},
		"the database address cannot be read":  {"-demo", "-database", "postgres://%"},
	} {
		err := run(t.Context(), args, io.Discard)
		require.ErrorContains(t, err, want)
	}
}
