package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// served is a running serve.
type served struct {
	Control   string                `json:"control"`
	Platforms map[string]shownStall `json:"platforms"`
}

// startServe runs serve on free ports to the end of the test.
func startServe(t *testing.T) served {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	p := &program{
		args: []string{"serve", "--port", "0", "--json", "--without-rate-limits"}, env: environment{}.get,
		in: strings.NewReader(""), out: writer, errors: t.Output(), now: time.Now,
	}
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx) }()
	t.Cleanup(func() {
		stop()
		assert.Zero(t, <-ended)
	})
	line, err := bufio.NewReader(reader).ReadString('\n')
	require.NoError(t, err)
	return decode[served](t, line)
}

// call calls the control API and returns the status and the answer.
func (s served) call(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.Control+path, strings.NewReader(body))
	require.NoError(t, err)
	return do(t, req)
}

func do(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, strings.TrimSpace(string(text))
}

// must is call for what has to succeed, with the answer decoded.
func must[T any](t *testing.T, s served, method, path, body string) T {
	t.Helper()
	status, text := s.call(t, method, path, body)
	require.Equal(t, 200, status, text)
	return decode[T](t, text)
}

// A whole life of an app on Color Me and an import from Rakuten, in a language without this
// library.
func TestFromNode(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is not installed")
		}
		t.Skip("node is not installed")
	}
	s := startServe(t)
	out, err := exec.CommandContext(t.Context(), node, "testdata/life.mjs", s.Control).CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, "Color Me: installed, logged in, paid, uninstalled\nRakuten: imported, confirmed, shipped\n", string(out))
}

func TestControlRefuses(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	for _, tt := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "/api/amazon", "", 404, `there is no platform`},
		{"GET", "/api/colorme/shops/PA99999999", "", 404, `there is no shop`},
		{"POST", "/api/colorme/clock", `{"days":-1}`, 400, "forward"},
		{"POST", "/api/colorme/clock", `{"seconds":9223372036854775807}`, 400, "at most"},
		{"POST", "/api/colorme/clock", `{}`, 400, "give days"},
		{"POST", "/api/colorme/clock", `{"day":1}`, 400, "unknown field"},
		{"POST", "/api/colorme/faults", `{"status":99}`, 400, "none of an answer"},
		{"POST", "/api/colorme/app", `{"redirect_uri":"nowhere"}`, 400, "redirect_uri"},
		{"POST", "/api/rakuten/app", `{}`, 400, "rakuten has no login"},
		{"POST", "/api/rakuten/shops/first/login", "", 400, "rakuten has no login"},
		{"POST", "/api/colorme/shops/first/orders", `{"totally":1}`, 400, "totally"},
		{"POST", "/api/colorme/shops/first/orders/1/pay", "", 400, "there is no"},
		{"POST", "/api/colorme/shops/first/orders/x/pay", "", 400, "there is no order"},
		{"POST", "/api/stores/shops/first/orders/1/sell", "", 404, "[cancel pay ship]"},
		{"POST", "/api/colorme/shops/first/grants/expire", "", 404, "[issue unlink]"},
		{"POST", "/api/makeshop/shops/first/grants/end", "", 400, "not installed"},
		{"POST", "/api/stores/shops/first/hooks", `{"kind":"install","url":"http://127.0.0.1/"}`, 400, "STORES has no hooks"},
		{"POST", "/api/colorme/shops/first/hooks", `{"kind":"install","url":"file:///etc"}`, 400, "not an http or https address"},
		{"POST", "/api/colorme/shops/first/hooks", `{"kind":"renew","url":"http://127.0.0.1:1/"}`, 400, "install and uninstall"},
		{"POST", "/api/colorme/shops/first/hooks", `{"kind":"install","url":"http://127.0.0.1:1/"}`, 502, "install aborted"},
		{"POST", "/api/makeshop/shops/first/hooks", `{"url":"http://127.0.0.1:1/"}`, 400, "makeshop has install"},
		{"POST", "/api/makeshop/shops/first/hooks", `{"kind":"install","plan":"x","url":"http://127.0.0.1:1/"}`, 400, "numbers its plans"},
		{"POST", "/api/rakuten/shops/first/hooks", `{"kind":"install","url":"http://127.0.0.1:1/"}`, 400, "Rakuten has orders"},
		{"POST", "/api/colorme/shops", `{"id":"` + s.Platforms["colorme"].Shops[0].ID + `"}`, 400, "already"},
	} {
		status, text := s.call(t, tt.method, tt.path, tt.body)
		assert.Equal(t, tt.status, status, "%s %s %s: %s", tt.method, tt.path, tt.body, text)
		assert.Contains(t, decode[map[string]any](t, text)["error"], tt.says, "%s %s", tt.path, tt.body)
	}
}

// The control API serves this machine alone, under names that are its own, and no page of
// another site.
func TestControlIsGuarded(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	host, port, err := net.SplitHostPort(strings.TrimPrefix(s.Control, "http://"))
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1", host)
	for _, platform := range s.Platforms {
		assert.Regexp(t, `^http://127\.0\.0\.1:\d+$`, platform.URL)
	}
	request := func(method, host string, header ...string) int {
		req, err := http.NewRequestWithContext(t.Context(), method, s.Control+"/api/stores", nil)
		require.NoError(t, err)
		if method == http.MethodPost {
			req.URL.Path = "/api/stores/reset"
		}
		req.Host = host
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		for name := range resp.Header {
			assert.NotContains(t, strings.ToLower(name), "access-control")
		}
		return resp.StatusCode
	}
	for _, host := range []string{"127.0.0.1", "127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port} {
		assert.Equal(t, 200, request("GET", host), host)
	}
	for _, host := range []string{"evil.example", "evil.example:" + port, "192.0.2.1:" + port, "127.0.0.1.evil.example", "localhost.evil.example:" + port} {
		assert.Equal(t, 403, request("GET", host), host)
		assert.Equal(t, 403, request("POST", host), host)
	}
	assert.Equal(t, 200, request("POST", "127.0.0.1:"+port))
	assert.Equal(t, 200, request("POST", "127.0.0.1:"+port, "Origin", s.Control, "Sec-Fetch-Site", "same-origin"))
	assert.Equal(t, 403, request("POST", "127.0.0.1:"+port, "Origin", "https://evil.example"))
	assert.Equal(t, 403, request("POST", "127.0.0.1:"+port, "Origin", "http://127.0.0.1:1"))
	assert.Equal(t, 403, request("POST", "127.0.0.1:"+port, "Sec-Fetch-Site", "cross-site"))
}

func TestControlPage(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	status, page := s.call(t, "GET", "/", "")
	require.Equal(t, 200, status)
	for platform, p := range s.Platforms {
		assert.Contains(t, page, p.URL)
		assert.Contains(t, page, `data-call="POST /api/`+platform+`/shops/`+p.Shops[0].ID+`/orders"`)
	}
	for _, path := range []string{"/control.js", "/control.css"} {
		status, _ := s.call(t, "GET", path, "")
		assert.Equal(t, 200, status, path)
	}
	status, _ = s.call(t, "GET", "/control.html", "")
	assert.Equal(t, 404, status)
}

// Everything that the API changes is seen by the next call to the fake, and a reset takes it
// back, at the same address.
func TestControlChangesTheFakes(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	rms := s.Platforms["rakuten"]
	first := rms.Shops[0]
	env := environment{"RAKUTEN_SERVICE_SECRET": first.Credentials["service_secret"], "RAKUTEN_LICENSE_KEY": first.Credentials["license_key"]}
	works := func() int { return env.run(t, "", "diagnose", "rakuten", "--server", rms.URL).code }
	require.Zero(t, works())

	moved := must[map[string]time.Time](t, s, "POST", "/api/rakuten/clock", `{"days":91,"hours":1,"minutes":1,"seconds":1}`)
	assert.WithinDuration(t, rms.Now.Add(91*24*time.Hour+time.Hour), moved["now"], 5*time.Minute)
	assert.Equal(t, 1, works(), "the key has ended")
	env["RAKUTEN_LICENSE_KEY"] = must[credentials](t, s, "POST", "/api/rakuten/shops/"+first.ID+"/grants/renew", "")["license_key"]
	assert.Zero(t, works())
	must[map[string]bool](t, s, "POST", "/api/rakuten/shops/first/grants/expire", "")
	assert.Equal(t, 1, works())

	must[map[string]bool](t, s, "POST", "/api/colorme/faults", `{"times":-1,"status":503,"path":"/v1","header":{"X-Fault":"yes"}}`)
	assert.Equal(t, 503, getStatus(t, s.Platforms["colorme"].URL+"/v1/shop"))
	assert.Equal(t, 503, getStatus(t, s.Platforms["colorme"].URL+"/v1/shop"))
	must[map[string]bool](t, s, "DELETE", "/api/colorme/faults", "")
	assert.Equal(t, 401, getStatus(t, s.Platforms["colorme"].URL+"/v1/shop"))
	seen := must[[]shownRequest](t, s, "GET", "/api/colorme/requests", "")
	require.Len(t, seen, 3)
	assert.Equal(t, "/v1/shop", seen[2].Path)

	added := must[shownShop](t, s, "POST", "/api/stores/shops", `{"id":"shop-2","name":"二号店"}`)
	assert.Equal(t, "shop-2", added.ID)
	assert.Len(t, must[shownStall](t, s, "GET", "/api/stores", "").Shops, 2)
	fresh := must[map[string]shownStall](t, s, "POST", "/api/reset", "")
	assert.Len(t, fresh["stores"].Shops, 1)
	for platform, before := range s.Platforms {
		assert.Equal(t, before.URL, fresh[platform].URL)
	}
	assert.Empty(t, must[[]shownRequest](t, s, "GET", "/api/colorme/requests", ""))
}

func getStatus(t *testing.T, address string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	status, _ := do(t, req)
	return status
}

// Each platform's orders and grants live as its own people and buyers let them.
func TestOrdersAndGrantsLive(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	for platform, life := range map[string][]string{
		"colorme":  {"pay", "ship", "cancel"},
		"makeshop": {"pay", "ship", "return", "cancel"},
		"rakuten":  {"confirm", "process", "split", "ship", "bill", "pay", "request-cancel", "cancel"},
		"stores":   {"pay", "ship", "cancel"},
	} {
		shop := "/api/" + platform + "/shops/first"
		body := map[string]string{"rakuten": `{"orderProgress":100}`}[platform]
		id := must[map[string]string](t, s, "POST", shop+"/orders", body)["id"]
		require.NotEmpty(t, id)
		for _, step := range life {
			status, text := s.call(t, "POST", shop+"/orders/"+id+"/"+step, "")
			assert.Equal(t, 200, status, "%s %s: %s", platform, step, text)
		}
		if platform != "rakuten" {
			assert.Len(t, must[credentials](t, s, "POST", shop+"/grants/issue", ""), 1)
			must[map[string]bool](t, s, "POST", shop+"/login", "")
			must[map[string]any](t, s, "POST", "/api/"+platform+"/app", `{"redirect_uri":"http://127.0.0.1:3000/back","deny_logins":false}`)
			must[map[string]bool](t, s, "POST", shop+"/grants/unlink", "")
		}
	}
	must[map[string]bool](t, s, "POST", "/api/makeshop/shops/first/grants/expire", "")
	must[map[string]bool](t, s, "POST", "/api/stores/shops/first/grants/delete", "")
	assert.NotEmpty(t, must[shownShop](t, s, "GET", "/api/makeshop/shops/first", "").Credentials["access_token"])
}

// The text for people says where everything is; a port that is taken is an error that names it.
func TestServeSaysWhere(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, port, err := net.SplitHostPort(taken.Addr().String())
	require.NoError(t, err)
	got := environment{}.run(t, "", "serve", "--port", "0", "--stores-port", port)
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.errors, "the port "+port+" cannot be had")

	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	p := &program{args: []string{"serve", "--port", "0"}, env: environment{"LANG": "ja"}.get, out: writer, errors: io.Discard, now: time.Now}
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx) }()
	lines := bufio.NewScanner(reader)
	for _, name := range append([]string{"control"}, platforms...) {
		require.True(t, lines.Scan())
		assert.Regexp(t, `^`+name+` +http://127\.0\.0\.1:\d+$`, lines.Text())
	}
	require.True(t, lines.Scan())
	assert.Equal(t, "Ctrl-C で終了します。", lines.Text())
	stop()
	assert.Zero(t, <-ended)
}
