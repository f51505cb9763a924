package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// changesJob is a job that writes JSON Lines into a directory.
func changesJob(t *testing.T, args ...string) job {
	t.Helper()
	args = append([]string{"-demo", "-changes", "-format", "jsonl", "-out", filepath.Join(t.TempDir(), "changes")}, args...)
	j, _, _, err := parse(args, time.Now().In(shotengai.JST))
	require.NoError(t, err)
	j.perSave = 20
	return j
}

// changed runs a job and returns the orders of the file that it says it wrote, and those of all
// files that are there, in their newest state.
func changed(t *testing.T, j job, shops ...shop) []order {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, j.runChanges(t.Context(), shops, &out, io.Discard))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	last := lines[len(lines)-1]
	if last == "no file: nothing is new" {
		return nil
	}
	return readOrders(t, last)
}

func readOrders(t *testing.T, path string) (orders []order) {
	t.Helper()
	for line := range bytes.Lines(readFile(t, path)) {
		var o order
		require.NoError(t, json.Unmarshal(line, &o))
		orders = append(orders, o)
	}
	return orders
}

// copied is what an app has that reads all files in their order.
func copied(t *testing.T, j job) (states map[string]string, rows int) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(j.path, "changes-*.jsonl"))
	require.NoError(t, err)
	states = make(map[string]string)
	for _, path := range paths {
		for _, o := range readOrders(t, path) {
			states[o.Shop+" "+o.Number], rows = o.Status, rows+1
		}
	}
	return states, rows
}

func statuses(orders []order) map[string]string {
	states := make(map[string]string)
	for _, o := range orders {
		states[o.Number] = o.Status
	}
	return states
}

func colorMeFake(t *testing.T, sales int) (*colormetest.Server, shop, []int64) {
	t.Helper()
	srv := colormetest.NewServer(colormetest.WithSales(0), colormetest.WithoutRateLimits())
	t.Cleanup(srv.Close)
	var ids []int64
	for i := range sales {
		ids = append(ids, srv.Shop().AddSale(map[string]any{"make_date": srv.Now().Add(-time.Duration(i) * time.Minute).Unix(), "paid": false, "delivered": false}))
	}
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	return srv, colorMeShop("pottery", client), ids
}

// Each file has what a shop's day was: the new orders, a late payment, a cancelled order.
func TestChangesFollowTheShop(t *testing.T) {
	t.Parallel()
	srv, pottery, ids := colorMeFake(t, 3)
	name := func(i int) string { return strconv.FormatInt(ids[i], 10) }
	j := changesJob(t)
	assert.Equal(t, map[string]string{name(0): "unpaid", name(1): "unpaid", name(2): "unpaid"}, statuses(changed(t, j, pottery)))
	for range 3 {
		assert.Empty(t, changed(t, j, pottery), "the last minutes come once more, and change nothing")
	}

	srv.Shop().PaySale(ids[0])
	srv.Shop().ShipSale(ids[1])
	assert.Equal(t, map[string]string{name(0): "paid", name(1): "unpaid / delivered"}, statuses(changed(t, j, pottery)))
	srv.Advance(40 * 24 * time.Hour)
	srv.Shop().PaySale(ids[1]) // weeks later
	srv.Shop().CancelSale(ids[2], true)
	newest := changed(t, j, pottery)
	assert.Equal(t, map[string]string{name(1): "paid / delivered", name(2): "unpaid / canceled"}, statuses(newest))
	assert.Equal(t, "pottery", newest[0].Shop)
	assert.NotEmpty(t, newest[0].Lines)

	files, err := filepath.Glob(filepath.Join(j.path, "*"))
	require.NoError(t, err)
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	assert.Equal(t, []string{"changes-000001.jsonl", "changes-000002.jsonl", "changes-000003.jsonl", "changes.checkpoint"}, files)
}

// A provisional order whose payment fails is gone, and a row says so.
func TestChangesOfAnOrderThatVanishes(t *testing.T) {
	t.Parallel()
	srv := makeshoptest.NewServer()
	t.Cleanup(srv.Close)
	client, err := srv.Client()
	require.NoError(t, err)
	paper := makeShop("paper", client)
	number := "P" + srv.Shop().AddPendingOrder(nil)
	j := changesJob(t)
	assert.Contains(t, statuses(changed(t, j, paper)), number)
	srv.Shop().VanishOrder(number[1:])
	gone := changed(t, j, paper)
	assert.Equal(t, map[string]string{number: "vanished"}, statuses(gone))
	assert.Empty(t, changed(t, j, paper))

	paid := srv.Shop().AddPendingOrder(nil)
	assert.Len(t, changed(t, j, paper), 1)
	srv.Shop().CancelOrder(paid, false)
	assert.Regexp(t, ` / C$`, statuses(changed(t, j, paper))["P"+paid])
}

// A process may be killed between any two steps. What it leaves is the journal up to some byte,
// and of the file at least what the journal says.
func TestChangesAreTornAnywhere(t *testing.T) {
	t.Parallel()
	_, pottery, ids := colorMeFake(t, 55)
	whole := changesJob(t)
	require.Len(t, changed(t, whole, pottery), len(ids))
	journalOf := func(j job) string { return filepath.Join(j.path, "changes.checkpoint") }
	text, file := readFile(t, journalOf(whole)), readFile(t, filepath.Join(whole.path, "changes-000001.jsonl"))
	var cuts []int
	at := 0
	for line := range bytes.Lines(text) {
		cuts = append(cuts, at+len(line)/2, at+len(line))
		at += len(line)
	}
	for _, cut := range cuts {
		j := changesJob(t)
		require.NoError(t, os.MkdirAll(j.path, 0o700))
		require.NoError(t, os.WriteFile(journalOf(j), text[:cut], 0o600))
		part := append(bytes.Clone(file), `{"half":`...)
		if cut == len(text) {
			part = file // published, and not renamed yet
		}
		require.NoError(t, os.WriteFile(filepath.Join(j.path, "changes-000001.jsonl.part"), part, 0o600))
		_ = changed(t, j, pottery)
		states, rows := copied(t, j)
		assert.Len(t, states, len(ids), "cut at %d", cut)
		assert.Equal(t, len(ids), rows, "none twice, cut at %d", cut)
		parts, err := filepath.Glob(filepath.Join(j.path, "*.part"))
		require.NoError(t, err)
		assert.Empty(t, parts)
	}
}

// Killed again and again while the shop goes on, the files make the shop's state.
func TestChangesKilledAndResumed(t *testing.T) {
	srv, _, ids := colorMeFake(t, 900)
	t.Setenv("POTTERY_TOKEN", srv.Shop().Token())
	config, j := configure(t, srv.URL), changesJob(t)
	args := []string{"-config", config, "-changes", "-format", "jsonl", "-out", j.path}
	for kill, calls := range []int{2, 5, 7, 8} {
		hang(srv, calls)
		seen := len(srv.Requests())
		cmd := command(t.Context(), args...)
		require.NoError(t, cmd.Start())
		waitForRequests(t, srv, seen+calls+1)
		require.NoError(t, cmd.Process.Signal(syscall.SIGKILL))
		_ = cmd.Wait()
		srv.Heal()
		srv.Shop().PaySale(ids[100*kill])
		srv.Shop().CancelSale(ids[100*kill+1], false)
	}
	out, err := command(t.Context(), args...).CombinedOutput()
	require.NoError(t, err, string(out))
	states, _ := copied(t, j)
	assert.Len(t, states, len(ids))
	for kill := range 4 {
		assert.Equal(t, "paid", states["pottery "+strconv.FormatInt(ids[100*kill], 10)])
		assert.Equal(t, "unpaid / canceled", states["pottery "+strconv.FormatInt(ids[100*kill+1], 10)])
	}
}

// A shop that fails keeps what it has got, and holds nobody else up.
func TestChangesOfOneShopFail(t *testing.T) {
	t.Parallel()
	srv, pottery, _ := colorMeFake(t, 300)
	_, tea, _ := colorMeFake(t, 5)
	tea.Name = "tea"
	j := changesJob(t)
	srv.Fail(5, shotengaitest.Fault{Delay: time.Millisecond}) // into the pages of orders
	srv.Fail(99, shotengaitest.Fault{Status: 401})
	var out bytes.Buffer
	err := j.runChanges(t.Context(), []shop{pottery, tea}, &out, io.Discard)
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
	require.ErrorContains(t, err, "pottery: ")
	assert.Regexp(t, `pottery +colorme +\d+ +0 +not complete`, out.String())
	assert.Regexp(t, `tea +colorme +5 +0`, out.String())
	_, rows := copied(t, j)
	assert.Greater(t, rows, 5, "and something of the shop that failed")

	srv.Heal()
	changed(t, j, pottery, tea)
	states, rows := copied(t, j)
	assert.Len(t, states, 305)
	assert.Equal(t, len(states), rows)
}

func TestChangesInterrupted(t *testing.T) {
	t.Parallel()
	_, pottery, ids := colorMeFake(t, 300)
	j := changesJob(t)
	ctx, cancel := context.WithCancel(t.Context())
	interrupted := pottery
	interrupted.changes = func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error] {
		return func(yield func(order, error) bool) {
			n := 0
			for o, err := range pottery.changes(ctx, cursor) {
				if n++; n == 120 {
					cancel()
				}
				if !yield(o, err) {
					return
				}
			}
		}
	}
	require.EqualError(t, j.runChanges(ctx, []shop{interrupted}, io.Discard, io.Discard), "interrupted: run the same command again to go on")
	assert.NoFileExists(t, filepath.Join(j.path, "changes-000001.jsonl"))
	assert.Len(t, changed(t, j, pottery), len(ids), "one file has both halves")
}

// A long journal is written anew, and means the same.
func TestChangesJournalIsCompacted(t *testing.T) {
	t.Parallel()
	_, pottery, ids := colorMeFake(t, 3)
	j := changesJob(t)
	require.Len(t, changed(t, j, pottery), len(ids))
	c, err := j.openChanges()
	require.NoError(t, err)
	cursor := c.position("pottery").cursor
	padding := shotengai.Cursor(strings.Repeat("x", journalToCompact/8))
	for range 9 {
		require.NoError(t, c.add(new(bytes.Buffer), saved{Shop: "tea", Cursor: padding}))
	}
	require.NoError(t, c.add(new(bytes.Buffer), saved{Shop: "tea", Cursor: "newest", Seen: map[string]uint64{"7": 1}}))
	c.close()

	c, err = j.openChanges()
	require.NoError(t, err)
	t.Cleanup(c.close)
	assert.Less(t, len(readFile(t, c.journal.path)), 2000)
	assert.Equal(t, cursor, c.position("pottery").cursor)
	assert.Len(t, c.position("pottery").before, len(ids))
	assert.Equal(t, position{"newest", map[string]uint64{}, map[string]uint64{"7": 1}}, func() position {
		p := *c.position("tea")
		p.before = maps.Clone(p.before)
		if p.before == nil {
			p.before = map[string]uint64{}
		}
		return p
	}())
	_, err = j.openChanges()
	require.ErrorContains(t, err, "another run is writing this export", "the new journal is locked, too")
}

// Whoever removes the journal begins anew, and no file is written over.
func TestChangesWithoutTheirJournal(t *testing.T) {
	t.Parallel()
	_, pottery, _ := colorMeFake(t, 3)
	j := changesJob(t)
	changed(t, j, pottery)
	require.NoError(t, os.Remove(filepath.Join(j.path, "changes.checkpoint")))
	assert.Len(t, changed(t, j, pottery), 3)
	assert.FileExists(t, filepath.Join(j.path, "changes-000001.jsonl"))
	assert.FileExists(t, filepath.Join(j.path, "changes-000002.jsonl"))

	other := j
	other.format = formatCSV
	_, err := other.openChanges()
	require.ErrorContains(t, err, "is of files in another format or encoding")
	other.path = filepath.Join(j.path, "changes-000001.jsonl")
	_, err = other.openChanges()
	require.ErrorContains(t, err, "-out has to be a directory with -changes")
}

// The demo has all platforms, in CSV as an export has it.
func TestChangesDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "changes")
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-demo", "-changes", "-out", dir}, &out, io.Discard))
	rows := table(t, readCSV(t, filepath.Join(dir, "changes-000001.csv")))
	platforms := make(map[string]bool)
	for _, row := range rows {
		platforms[row["platform"]] = true
	}
	assert.Equal(t, []string{"colorme", "makeshop", "rakuten", "stores"}, slices.Sorted(maps.Keys(platforms)))
	assert.Contains(t, out.String(), "changes-000001.csv")
}
