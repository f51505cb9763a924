package main

import (
	"bufio"
	"context"
	"database/sql"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// TestMain lets a test run this binary as the program.
func TestMain(m *testing.M) {
	if os.Getenv("COLORMEAPP_RUN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is the program with another environment than that of the test.
func program(ctx context.Context, t *testing.T, env string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append([]string{"COLORMEAPP_RUN=1", "APP_LISTEN=127.0.0.1:0", "TMPDIR=" + t.TempDir()}, strings.Fields(env)...)
	if offset, set := os.LookupEnv("SHOTENGAI_TEST_OFFSET"); set { // both have the same clock
		cmd.Env = append(cmd.Env, "SHOTENGAI_TEST_OFFSET="+offset)
	}
	return cmd
}

// browser is that of the shop's owner.
type browser struct {
	*http.Client

	t *testing.T
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return browser{&http.Client{Jar: jar, Timeout: time.Minute}, t}
}

func (b browser) open(address string) (int, string) {
	b.t.Helper()
	resp, err := b.Get(address)
	require.NoError(b.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	return resp.StatusCode, string(body)
}

// The demo is installed, logged in, read, uninstalled and installed again, and leaves nothing
// when it is stopped.
func TestDemo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := program(ctx, t, "", "-demo")
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	said := bufio.NewReader(stdout)
	line := func() string {
		t.Helper()
		text, err := said.ReadString('\n')
		require.NoError(t, err)
		return text
	}

	login := regexp.MustCompile(`http://\S+/login`).FindString(line())
	home := strings.TrimSuffix(login, "login")
	owner := newBrowser(t)
	status, page := owner.open(home)
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Contains(t, page, `href="/login"`)
	status, page = owner.open(login)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, 20, strings.Count(page, "円</td>"), page)

	_, err = io.WriteString(stdin, "\n")
	require.NoError(t, err)
	assert.Contains(t, line(), "Uninstalled")
	status, page = owner.open(home)
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.NotContains(t, page, "円</td>")
	status, _ = owner.open(login)
	assert.Equal(t, http.StatusInternalServerError, status, "a login without an install")

	_, err = io.WriteString(stdin, "\n")
	require.NoError(t, err)
	assert.Contains(t, line(), "Installed")
	status, _ = owner.open(login)
	assert.Equal(t, http.StatusOK, status)

	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	_, err = io.Copy(io.Discard, said)
	require.NoError(t, err)
	require.NoError(t, cmd.Wait())
	left, err := filepath.Glob(filepath.Join(strings.TrimPrefix(cmd.Env[2], "TMPDIR="), "*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	whole := "APP_URL=https://app.example APP_SEAL_KEY=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= COLORME_CLIENT_ID=a COLORME_CLIENT_SECRET=b COLORME_WEBHOOK_SECRET=c"
	for name, tt := range map[string]struct {
		env, args, says string
		code            int
	}{
		"help":         {"", "-h", "usage: colormeapp", 0},
		"Japanese":     {"LANG=ja_JP.UTF-8", "-h", "使い方", 0},
		"operand":      {"", "now", "usage: colormeapp", 2},
		"flag":         {"", "-dem", "not defined: -dem", 2},
		"nothing set":  {"", "", "APP_URL is not set", 1},
		"one not set":  {strings.TrimSuffix(whole, "COLORME_WEBHOOK_SECRET=c"), "", "COLORME_WEBHOOK_SECRET is not set", 1},
		"no https":     {strings.Replace(whole, "https:", "http:", 1), "", "has to be https", 1},
		"short key":    {strings.Replace(whole, "MDEy", "", 1), "", `"APP_SEAL_KEY" has`, 1},
		"no database":  {whole + " APP_DATABASE=" + t.TempDir(), "", "unable to open database file", 1},
		"no such port": {"APP_LISTEN=127.0.0.1:x", "", "colormeapp: listen", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := program(t.Context(), t, tt.env, strings.Fields(tt.args)...)
			cmd.Dir = t.TempDir()
			said, _ := cmd.CombinedOutput()
			assert.Contains(t, string(said), tt.says)
			assert.Equal(t, tt.code, cmd.ProcessState.ExitCode())
		})
	}
}

// startApp serves an app whose shop has installed it and whose owner has logged in. It returns
// the address of the page and the app's database.
func startApp(t *testing.T) (*colormetest.Server, browser, string, *sql.DB) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	platform := colormetest.NewServer(colormetest.WithSales(3))
	t.Cleanup(platform.Close)
	c, err := demoConfig(platform, listener, t.TempDir())
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, c) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-served)
	})
	_, err = platform.Install(ctx, platform.Shop(), colormetest.PlanMonthly)
	require.NoError(t, err)
	db, err := openDatabase(c.Database)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	owner := newBrowser(t)
	status, page := owner.open(c.URL + "/login")
	require.Equal(t, http.StatusOK, status, page)
	return platform, owner, c.URL + "/", db
}

// The page follows what happens to the shop's sales, and the cursor is stored with them.
func TestPageFollows(t *testing.T) {
	t.Parallel()
	platform, owner, home, db := startApp(t)
	shop := platform.Shop()
	cell := func(id int64) string { return "<td>" + strconv.FormatInt(id, 10) + "</td>" }
	sold := shop.AddSale(map[string]any{"make_date": platform.Now().Unix()})
	_, page := owner.open(home)
	assert.Contains(t, page, cell(sold))
	assert.Equal(t, 4, strings.Count(page, "円</td>"))

	shop.EditSale(sold, map[string]any{"total_price": 123456})
	_, page = owner.open(home)
	assert.Contains(t, page, "<td>123456円</td>")

	shop.CancelSale(sold, false)
	_, page = owner.open(home)
	assert.NotContains(t, page, cell(sold))

	var cursor string
	require.NoError(t, db.QueryRow("SELECT cursor FROM shops").Scan(&cursor))
	assert.Contains(t, cursor, "colorme")
	var grants []byte
	require.NoError(t, db.QueryRow("SELECT sealed FROM shotengai_oauth_grants").Scan(&grants))
	for _, req := range platform.Requests() {
		if token := strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer "); token != "" {
			assert.NotContains(t, string(grants), token)
		}
	}
}

// What goes wrong is on the page, beside the sales that are there.
func TestPageShowsErrors(t *testing.T) {
	t.Parallel()
	platform, owner, home, _ := startApp(t)
	platform.Fail(-1, shotengaitest.Fault{Status: 503})
	status, page := owner.open(home)
	assert.Equal(t, http.StatusServiceUnavailable, status)
	assert.Contains(t, page, "接続できません")
	assert.Equal(t, 3, strings.Count(page, "円</td>"))
	platform.Heal()

	for _, req := range platform.Requests() {
		platform.Revoke(strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer "))
	}
	status, page = owner.open(home)
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Contains(t, page, "連携が切れています")
	assert.Contains(t, page, `href="/login"`)
	status, page = owner.open(home + "login")
	assert.Equal(t, http.StatusOK, status)
	assert.NotContains(t, page, "連携が切れています")

	platform.DenyLogins(true)
	status, page = owner.open(home + "login")
	assert.Equal(t, http.StatusForbidden, status)
	assert.Contains(t, page, "許可されませんでした")
}
