package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func TestDemo(t *testing.T) {
	t.Parallel()
	calendar := filepath.Join(t.TempDir(), "licences.ics")
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-calendar", calendar}, &out))
	for _, line := range []string{
		`(?m)^茶舗 みどり +\? +\? +承認待ち +shop +approve the product`,
		`(?m)^包丁の匠 +80 +\d{4}-\d{2}-\d{2} +利用中 +nobody$`,
		`(?m)^陶器市 ONLINE +12 +\d{4}-\d{2}-\d{2} +利用中 +shop +issue a new licence key`,
		`(?m)^kasaya +2 +`,
		`(?m)^やさい直送便 +-5 +\d{4}-\d{2}-\d{2} +有効期限切れ +shop +issue a new licence key`,
		`(?m)^futon-ya +\? +\? +refused +provider +check the pair`,
		`(?m)^ｷﾓﾉ倶楽部 +\? +\? +expiry not enabled +shop +enable`,
		`new: Rakuten licence key of shop kasaya ends in 2 days`,
		`new: Rakuten licence key of shop やさい直送便 has expired`,
	} {
		assert.Regexp(t, line, out.String())
	}
	ics := string(read(t, calendar))
	assert.True(t, strings.HasPrefix(ics, "BEGIN:VCALENDAR\r\n"))
	assert.Equal(t, 6, strings.Count(ics, "BEGIN:VEVENT"))
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// A warning is printed once, and no file has a secret in it.
func TestConfigurationAndState(t *testing.T) {
	srv := rakutentest.NewServer(rakutentest.WithOrders(0))
	t.Cleanup(srv.Close)
	license := srv.AddShop(rakutentest.Seed{IssuedAt: time.Now().AddDate(0, 0, -87)}).License()
	t.Setenv("RMS_SECRET", license.ServiceSecret.Reveal())
	t.Setenv("KNIVES_KEY", license.Key.Reveal())
	dir := t.TempDir()
	config, state, calendar := filepath.Join(dir, "shops.json"), filepath.Join(dir, "state.json"), filepath.Join(dir, "a.ics")
	text := fmt.Sprintf(`[{"name":"knives","service_secret":"RMS_SECRET","license_key":"KNIVES_KEY","test_server":%q}]`, srv.URL)
	require.NoError(t, os.WriteFile(config, []byte(text), 0o600))

	args := []string{"-config", config, "-state", state, "-calendar", calendar}
	var first, second bytes.Buffer
	require.NoError(t, run(t.Context(), args, &first))
	assert.Contains(t, first.String(), "new: Rakuten licence key of shop knives ends in 3 days")
	asked := len(srv.Requests())
	require.NoError(t, run(t.Context(), args, &second))
	assert.Regexp(t, `(?m)^knives +3 +`, second.String())
	assert.NotContains(t, second.String(), "new:")
	assert.Len(t, srv.Requests(), asked, "a key is asked for once a day")
	for _, said := range []string{first.String(), second.String(), string(read(t, state)), string(read(t, calendar))} {
		assert.NotContains(t, said, license.Key.Reveal())
		assert.NotContains(t, said, license.ServiceSecret.Reveal())
	}
}

// A warning that could not be printed fails the run and comes again.
func TestWarningsOnAFullDisk(t *testing.T) {
	srv := rakutentest.NewServer(rakutentest.WithOrders(0))
	t.Cleanup(srv.Close)
	license := srv.AddShop(rakutentest.Seed{IssuedAt: time.Now().AddDate(0, 0, -87)}).License()
	t.Setenv("RMS_SECRET", license.ServiceSecret.Reveal())
	t.Setenv("KNIVES_KEY", license.Key.Reveal())
	dir := t.TempDir()
	config, state := filepath.Join(dir, "shops.json"), filepath.Join(dir, "state.json")
	text := fmt.Sprintf(`[{"name":"knives","service_secret":"RMS_SECRET","license_key":"KNIVES_KEY","test_server":%q}]`, srv.URL)
	require.NoError(t, os.WriteFile(config, []byte(text), 0o600))
	args := []string{"-config", config, "-state", state, "-calendar", filepath.Join(dir, "a.ics")}

	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no device is always full here")
	}
	defer func() { _ = full.Close() }()
	require.ErrorIs(t, run(t.Context(), args, full), syscall.ENOSPC)

	// An hour later, as far as the state knows.
	var records map[string]licensewatch.Record
	require.NoError(t, json.Unmarshal(read(t, state), &records))
	record := records["knives"]
	record.NextCheck = time.Now().Add(-time.Minute)
	records["knives"] = record
	later, err := json.Marshal(records)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(state, later, 0o600))
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), args, &out))
	assert.Contains(t, out.String(), "new: Rakuten licence key of shop knives ends in 3 days")
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
		"the configuration cannot be read":                           {"-config", filepath.Join(dir, "none.json")},
		"is no list of shops in JSON":                                {"-config", file("{")},
		"names no shop":                                              {"-config", file("[]")},
		"shop 1 needs a name of its own":                             {"-config", file(`[{}]`)},
		"service_secret has to name an environment variable":         {"-config", file(`[{"name":"a"}]`)},
		"the environment variable NOT_SET_HERE (license_key) is not": {"-config", file(`[{"name":"a","service_secret":"PATH","license_key":"NOT_SET_HERE"}]`)},
		"is no state of this program":                                {"-state", file("[")},
		"the calendar cannot be written":                             {"-calendar", filepath.Join(dir, "no", "such", "place.ics")},
		"not defined: -nothing: see licensewatch -h":                 {"-nothing"},
		`"shops.json" is not a flag`:                                 {"shops.json"},
		`shop 1: json: unknown field "licence_key"`:                  {"-config", file(`[{"name":"a","service_secret":"PATH","licence_key":"PATH"}]`)},
	} {
		err := run(t.Context(), args, io.Discard)
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "\n")
		code := 2
		if args[0] == "-state" || args[0] == "-calendar" {
			code = 1
		}
		assert.Equal(t, code, exitCode(err), want)
	}
}

// Where the calendar goes is said before it is there.
func TestTheCalendarIsAnnounced(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	path, err := filepath.Abs("licences.ics")
	require.NoError(t, err)
	announced := &watching{path: path}
	require.NoError(t, run(t.Context(), nil, announced))
	assert.Contains(t, announced.String(), "writing the calendar (-calendar) to "+path)
	assert.False(t, announced.there, "when it was announced")
	assert.FileExists(t, path)
}

// watching is an output that notes whether a file was there before its name was said.
type watching struct {
	bytes.Buffer
	path  string
	there bool
}

func (w *watching) Write(p []byte) (int, error) {
	if _, err := os.Stat(w.path); err == nil {
		w.there = true
	}
	return w.Buffer.Write(p)
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-h"}, &out))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 1+3, "a line for each flag")
	for i, name := range []string{"calendar", "config", "state"} {
		assert.Regexp(t, "^  -"+name+" FILE  +\\w", lines[1+i])
	}
}

// The language of the environment is that of all texts, the calendar's too. LC_ALL wins.
func TestJapanese(t *testing.T) {
	kana := regexp.MustCompile(`\p{Hiragana}|\p{Katakana}`)
	t.Setenv("LC_MESSAGES", "")
	for _, env := range []struct {
		all, lang string
		japanese  bool
	}{{"", "ja_JP.UTF-8", true}, {"ja_JP.UTF-8", "en_US.UTF-8", true}, {"C", "ja_JP.UTF-8", false}, {"", "", false}} {
		t.Setenv("LC_ALL", env.all)
		t.Setenv("LANG", env.lang)
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), []string{"-h"}, &out))
		for line := range strings.Lines(out.String()) {
			assert.Equal(t, env.japanese, kana.MatchString(line), line)
		}
		out.Reset()
		calendar := filepath.Join(t.TempDir(), "a.ics")
		require.NoError(t, run(t.Context(), []string{"-calendar", calendar}, &out))
		assert.Equal(t, !env.japanese, strings.Contains(out.String(), "WHO ACTS"), out.String())
		assert.Equal(t, env.japanese, strings.Contains(out.String(), "RMSで新しいライセンスキーを発行して渡してください"), out.String())
		assert.NotContains(t, out.String(), "\x1b", "no colour")
		assert.Equal(t, env.japanese, strings.Contains(string(read(t, calendar)), "SUMMARY;LANGUAGE=ja:"))
		assert.Equal(t, env.japanese, kana.MatchString(run(t.Context(), []string{"-config", "none"}, io.Discard).Error()))
	}
}

// Each message has a translation with the same verbs.
func TestJapaneseIsComplete(t *testing.T) {
	t.Parallel()
	verbs := regexp.MustCompile(`%[a-z]`)
	for english, japanese := range inJapanese {
		assert.Equal(t, verbs.FindAllString(english, -1), verbs.FindAllString(japanese, -1), english)
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		for _, call := range regexp.MustCompile(`\b(?:text|failf)\(("(?:[^"\\]|\\.)*")`).FindAllSubmatch(read(t, name), -1) {
			english, err := strconv.Unquote(string(call[1]))
			require.NoError(t, err)
			assert.Contains(t, inJapanese, english, name)
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	step := progress(&out, true, 3)
	step()
	assert.Contains(t, out.String(), "(1/3)")
	out.Reset()
	progress(&out, false, 3)()
	assert.Empty(t, out.String(), "a file gets no bar")
}
