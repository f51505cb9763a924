package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/japanese"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// TestMain lets the tests run the program itself as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("ORDERS_RUN") == "" {
		os.Exit(m.Run())
	}
	main()
}

func command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), "ORDERS_RUN=1", "POTTERY_TOKEN="+os.Getenv("POTTERY_TOKEN"))
	return cmd
}

func TestDemo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "orders.csv")
	var out, progress bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-demo", "-out", path}, &out, &progress))
	for _, name := range []string{"demo-colorme", "demo-makeshop", "demo-rakuten", "demo-stores"} {
		assert.Contains(t, out.String(), name)
	}
	assert.NotContains(t, out.String(), "not complete")
	rows := readCSV(t, path)
	assert.Equal(t, columns, rows[0])
	assert.Greater(t, len(rows), 50)
	places := make(map[string]bool)
	for _, row := range table(t, rows) {
		_, err := time.Parse(time.DateTime, row["ordered_at"])
		require.NoError(t, err)
		place := row["shop"] + " " + row["number"] + " " + row["line"]
		assert.False(t, places[place], "two rows of %s", place)
		places[place] = true
		if row["line"] != "1" {
			assert.Empty(t, row["total"]+row["total_10"]+row["total_8"]+row["total_other"]+row["raw"], "once an order")
			continue
		}
		assert.True(t, json.Valid([]byte(row["raw"])), row["raw"])
		assert.Equal(t, yen(row["total"]), yen(row["total_10"])+yen(row["total_8"])+yen(row["total_other"]), place)
	}
	assert.NoFileExists(t, path+".checkpoint")

	err := run(t.Context(), []string{"-demo", "-out", path}, &out, &progress)
	require.ErrorContains(t, err, "exists already")
}

// table names the cells of the rows below the first.
func table(t *testing.T, rows [][]string) (named []map[string]string) {
	t.Helper()
	for _, row := range rows[1:] {
		cells := make(map[string]string)
		for i, cell := range row {
			cells[rows[0][i]] = cell
		}
		named = append(named, cells)
	}
	return named
}

func yen(cell string) int {
	n, _ := strconv.Atoi(cell)
	return n
}

// countOrders counts the first rows of orders.
func countOrders(t *testing.T, path string) (n int) {
	t.Helper()
	for _, row := range table(t, readCSV(t, path)) {
		if row["line"] == "1" {
			n++
		}
	}
	return n
}

// dense fills a fake with n orders on each of some days.
func dense(t *testing.T, days, perDay int) (srv *colormetest.Server, from, to string, config string) {
	t.Helper()
	srv = colormetest.NewServer(colormetest.WithSales(0), colormetest.WithoutRateLimits())
	t.Cleanup(srv.Close)
	first := time.Date(2026, 3, 1, 12, 0, 0, 0, shotengai.JST)
	for day := range days {
		for i := range perDay {
			at := first.AddDate(0, 0, day).Add(time.Duration(i%3600) * time.Second)
			srv.Shop().AddSale(map[string]any{"make_date": at.Unix()})
		}
	}
	t.Setenv("POTTERY_TOKEN", srv.Shop().Token())
	return srv, first.Format(time.DateOnly), first.AddDate(0, 0, days-1).Format(time.DateOnly), configure(t, srv.URL)
}

// A program that is killed again and again writes the file that an undisturbed one writes.
func TestKilledAndResumed(t *testing.T) { //nolint:paralleltest // dense sets the environment
	srv, from, to, config := dense(t, 8, 60)
	want := filepath.Join(t.TempDir(), "want.csv")
	args := func(path string) []string { return []string{"-config", config, "-from", from, "-to", to, "-out", path} }
	require.NoError(t, run(t.Context(), args(want), io.Discard, io.Discard))

	path := filepath.Join(t.TempDir(), "got.csv")
	for kills := 0; ; kills++ {
		// Each attempt gets through a few days before the platform hangs; then it is killed.
		seen := len(srv.Requests())
		cmd := command(t.Context(), args(path)...)
		if kills < 3 {
			hang(srv, 2)
		} else {
			srv.Heal()
		}
		require.NoError(t, cmd.Start())
		if kills < 3 {
			waitForRequests(t, srv, seen+3)
			require.NoError(t, cmd.Process.Signal(syscall.SIGKILL))
			_ = cmd.Wait()
			continue
		}
		require.NoError(t, cmd.Wait())
		break
	}
	assert.True(t, bytes.Equal(readFile(t, want), readFile(t, path)))
	assert.Equal(t, 8*60, countOrders(t, path))
}

// hang lets n calls pass and then keeps every caller waiting.
func hang(srv *colormetest.Server, n int) {
	srv.Heal()
	srv.Fail(n, shotengaitest.Fault{Delay: time.Millisecond})
	srv.Fail(100, shotengaitest.Fault{Delay: time.Hour})
}

func waitForRequests(t *testing.T, srv *colormetest.Server, n int) {
	t.Helper()
	require.Eventually(t, func() bool { return len(srv.Requests()) >= n }, 30*time.Second, 5*time.Millisecond)
}

func TestInterruptedAndResumed(t *testing.T) { //nolint:paralleltest // dense sets the environment
	srv, from, to, config := dense(t, 4, 30)
	path := filepath.Join(t.TempDir(), "orders.jsonl")
	args := []string{"-config", config, "-from", from, "-to", to, "-out", path}
	cmd := command(t.Context(), args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	hang(srv, 2)
	require.NoError(t, cmd.Start())
	waitForRequests(t, srv, 3)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	assert.Contains(t, said.String(), "interrupted: run the same command again to go on")
	assert.FileExists(t, path+".checkpoint")

	srv.Heal()
	require.NoError(t, run(t.Context(), args, io.Discard, io.Discard))
	numbers := make(map[string]int)
	for line := range bytes.Lines(readFile(t, path)) {
		var o order
		require.NoError(t, json.Unmarshal(line, &o))
		numbers[o.Number]++
	}
	assert.Len(t, numbers, 4*30)
	for number, times := range numbers {
		assert.Equal(t, 1, times, number)
	}
}

// crowd answers like a shop with perDay orders on each day, out of no memory at all.
func crowd(t *testing.T, perDay int) *httptest.Server {
	t.Helper()
	const row = `{"id":%d,"make_date":%d,"total_price":1000,"details":[{"product_name":"tea","pristine_product_full_name":"tea","product_num":1,"price_with_tax":1000}],"other_discount_name":"%s"}`
	padding := strings.Repeat("x", 1000)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		offset, _ := strconv.Atoi(q.Get("offset"))
		day, _ := time.ParseInLocation(time.DateTime, q.Get("make_date_min"), shotengai.JST)
		fmt.Fprint(w, `{"sales":[`)
		for i := offset; i < min(offset+100, perDay); i++ {
			if i > offset {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, row, day.Unix()*1000+int64(i), day.Unix()+int64(i), padding)
		}
		fmt.Fprintf(w, `],"meta":{"total":%d,"limit":100,"offset":%d}}`, perDay, offset)
	}))
	t.Cleanup(srv.Close)
	return srv
}

func TestMemoryStaysFlat(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector has a memory of its own")
	}
	srv := crowd(t, 10_000)
	t.Setenv("POTTERY_TOKEN", "token")
	config := configure(t, srv.URL)
	path := filepath.Join(t.TempDir(), "orders.csv")
	cmd := command(t.Context(), "-config", config, "-from", "2026-03-01", "-to", "2026-03-10", "-out", path)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "100000")
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	require.True(t, ok)
	assert.Less(t, usage.Maxrss, int64(100<<10), "kilobytes resident")
}

func configure(t *testing.T, address string) string {
	t.Helper()
	config := filepath.Join(t.TempDir(), "shops.json")
	text := fmt.Sprintf(`[{"name":"pottery","platform":"colorme","token":"POTTERY_TOKEN","test_server":%q}]`, address)
	require.NoError(t, os.WriteFile(config, []byte(text), 0o600))
	return config
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	o := order{
		Shop: "=HYPERLINK()", Platform: "colorme", Number: "007", Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Status: "0002",
		Total: new(int64(-5)), Rate8: taxed{new(int64(-3)), new(int64(0)), new(int64(9))}, Other: new(int64(-2)),
		Lines: []line{
			{"0012", "1-2", `6"`, "髙島屋 😀", 2, 10, new(int64(8))},
			{"34", "", "", "+茶" + strings.Repeat("。", 100), 1, 20, nil},
		},
		Raw: json.RawMessage(`{"name":"髙😀","yen":"\\"}`),
	}
	write := func(encoding string) []byte {
		j := job{path: "o.csv", format: formatCSV, encoding: encoding}
		var buf bytes.Buffer
		_, err := j.writeHeader(&buf)
		require.NoError(t, err)
		rows := j.newRows(&buf)
		require.NoError(t, rows.write(o))
		require.NoError(t, rows.flush())
		return buf.Bytes()
	}
	long := "+茶" + strings.Repeat("。", 100)
	assert.Equal(t, [][]string{
		{"'=HYPERLINK()", "colorme", "007", "2026-01-02 12:04:05", "0002", "-5", "", "", "", "-3", "0", "9", "-2", "1", "0012", "1-2", `6"`, "髙島屋 😀", "2", "10", "8", string(o.Raw)},
		{"'=HYPERLINK()", "colorme", "007", "2026-01-02 12:04:05", "0002", "", "", "", "", "", "", "", "", "2", "34", "", "", "'" + long, "1", "20", "", ""},
	}, parseCSV(t, write(utf8))[1:])

	decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(write(sjis))
	require.NoError(t, err)
	row := table(t, parseCSV(t, decoded))[0]
	assert.Equal(t, "髙島屋 &#128512;", row["name"], "what Shift_JIS lacks is kept as a reference")
	assert.JSONEq(t, string(o.Raw), row["raw"], "the raw order loses nothing")

	// For Excel, what looks like a number, a day or a formula is a text.
	excel := write(utf8BOM)
	assert.True(t, bytes.HasPrefix(excel, []byte("\xef\xbb\xbfshop,")))
	named := table(t, parseCSV(t, bytes.TrimPrefix(excel, []byte("\xef\xbb\xbf"))))
	assert.Equal(t, `="=HYPERLINK()"`, named[0]["shop"])
	assert.Equal(t, `="007"`, named[0]["number"])
	assert.Equal(t, `="0002"`, named[0]["status"])
	assert.Equal(t, `="0012"`, named[0]["item"])
	assert.Equal(t, `="1-2"`, named[0]["sku"])
	assert.Equal(t, `="6"""`, named[0]["variant"])
	assert.Equal(t, "-5", named[0]["total"], "a number stays one")
	assert.Empty(t, named[1]["sku"])
	assert.Equal(t, "'"+long, named[1]["name"], "Excel has no formula with so long a text")
}

// The characters that CP932 has under another code point are no HTML references.
func TestTwinsInShiftJIS(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	w := job{encoding: sjis}.encode(&buf)
	_, err := io.WriteString(w, strings.Repeat("10〜20 −5 ‖ — ¢£¬ ①㈱～－♥\n", 500))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	const line = "10\x81\x6020 \x81\x7c5 \x81\x61 \x81\x5c \x81\x91\x81\x92\x81\xca \x87\x40\x87\x8a\x81\x60\x81\x7c&#9829;\n"
	first, _, _ := strings.Cut(buf.String(), "\n")
	assert.Equal(t, strconv.Quote(line), strconv.Quote(first+"\n"))
	assert.Equal(t, 500, strings.Count(buf.String(), first), "however it is cut into writes")
}

func TestMistakesAreSaidInOneSentence(t *testing.T) {
	t.Parallel()
	dir, files := t.TempDir(), 0
	file := func(text string) string {
		path := filepath.Join(dir, strconv.Itoa(files)+".json")
		files++
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for want, args := range map[string][]string{
		"say which shops with -config FILE":                     {},
		"cannot be read":                                        {"-config", filepath.Join(dir, "none.json")},
		"is no list of shops in JSON":                           {"-config", file("{")},
		"names no shop":                                         {"-config", file("[]")},
		"shop 1 needs a name of its own":                        {"-config", file(`[{"platform":"colorme"}]`)},
		`shop 1: json: unknown field "tokn"`:                    {"-config", file(`[{"name":"a","platform":"colorme","tokn":"PATH"}]`)},
		`platform "shopify" is none of`:                         {"-config", file(`[{"name":"a","platform":"shopify"}]`)},
		"token has to name an environment variable":             {"-config", file(`[{"name":"a","platform":"colorme"}]`)},
		"the environment variable NOT_SET_HERE (token) is not":  {"-config", file(`[{"name":"a","platform":"stores","token":"NOT_SET_HERE"}]`)},
		"the environment variable NOT_SET_HERE (license_key) i": {"-config", file(`[{"name":"a","platform":"rakuten","service_secret":"PATH","license_key":"NOT_SET_HERE"}]`)},
		`-from "yesterday" is not a day like 2026-01-31`:        {"-demo", "-from", "yesterday"},
		"-to 2026-01-01 is before -from 2026-02-01":             {"-demo", "-from", "2026-02-01", "-to", "2026-01-01"},
		`-encoding "latin1" is none of utf8, utf8-bom and sjis`: {"-demo", "-encoding", "latin1"},
		`-format "xml" is neither csv nor jsonl`:                {"-demo", "-format", "xml"},
		"-encoding sjis contradicts JSON Lines":                 {"-demo", "-encoding", "sjis", "-out", "x.jsonl"},
		"-overwrite contradicts -out -":                         {"-demo", "-overwrite", "-out", "-"},
		"-config and -demo contradict each other":               {"-demo", "-config", file("[]")},
		"-to contradicts -changes":                              {"-demo", "-changes", "-to", "2026-01-01"},
		"-overwrite contradicts -changes":                       {"-demo", "-changes", "-overwrite"},
		"-changes needs a directory":                            {"-demo", "-changes", "-out", "-"},
		"-parallel must be at least 1":                          {"-demo", "-parallel", "0"},
		`"shops.json" is not a flag`:                            {"-demo", "shops.json"},
		"not defined: -form: see orders -h":                     {"-demo", "-form", "2026-02-01"},
		"-out needs the name of a file":                         {"-demo", "-out", ""},
	} {
		err := run(t.Context(), args, io.Discard, io.Discard)
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "\n")
		assert.Equal(t, 2, exitCode(err), want)
	}
}

// A shop that has left does not stop the others, and is named.
func TestOneShopFails(t *testing.T) { //nolint:paralleltest // dense sets the environment
	_, from, to, config := dense(t, 2, 5)
	other := colormetest.NewServer(colormetest.WithoutRateLimits())
	t.Cleanup(other.Close)
	text := strings.TrimSuffix(string(readFile(t, config)), "]") + fmt.Sprintf(`,{"name":"gone","platform":"colorme","token":"POTTERY_TOKEN","test_server":%q}]`, other.URL)
	require.NoError(t, os.WriteFile(config, []byte(text), 0o600))
	path := filepath.Join(t.TempDir(), "orders.csv")
	var out bytes.Buffer
	err := run(t.Context(), []string{"-config", config, "-from", from, "-to", to, "-out", path}, &out, io.Discard)
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
	require.ErrorContains(t, err, "gone: ")
	assert.Regexp(t, `gone +colorme +0 +0 +not complete`, out.String())
	assert.Regexp(t, `pottery +colorme +10 `, out.String())
	assert.FileExists(t, path+".checkpoint")
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	return parseCSV(t, readFile(t, path))
}

func parseCSV(t *testing.T, data []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	require.NoError(t, err)
	return rows
}

// An order that cannot be read is a row, and the others follow.
func TestAnUnreadOrderIsARow(t *testing.T) {
	t.Parallel()
	sales := func(yield func(*colorme.Sale, error) bool) {
		_ = yield(nil, &shotengai.RowError{ID: "7", Raw: []byte(`{"id":7}`), Err: errors.New("no number")}) &&
			yield(nil, &shotengai.RowError{ID: "8", Err: errors.New("gone")}) &&
			yield(&colorme.Sale{ID: 9}, nil) &&
			yield(nil, shotengai.ErrUnavailable) &&
			yield(&colorme.Sale{ID: 10}, nil)
	}
	var rows []order
	var errs []error
	for row, err := range convert(sales, func(s *colorme.Sale) order { return order{Number: strconv.FormatInt(s.ID, 10)} }) {
		rows, errs = append(rows, row), append(errs, err)
	}
	require.Equal(t, []error{nil, nil, nil, shotengai.ErrUnavailable}, errs)
	assert.Equal(t, order{Number: "7", Status: "not read: no number", Raw: []byte(`{"id":7}`)}, rows[0])
	assert.Equal(t, order{Number: "8", Status: "not read: gone", Raw: []byte("null")}, rows[1])
	assert.Equal(t, "9", rows[2].Number)
}
