package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// environments opens the first shops of a running serve.
func (s served) environments(t *testing.T) map[string]environment {
	t.Helper()
	token := must[credentials](t, s, "POST", "/api/makeshop/shops/first/grants/issue", "")["access_token"]
	first := func(platform, name string) string { return s.Platforms[platform].Shops[0].Credentials[name] }
	key, _ := s.Platforms["makeshop"].App["api_key"].(string)
	return map[string]environment{
		"colorme":  {"COLORME_TOKEN": first("colorme", "access_token")},
		"makeshop": {"MAKESHOP_API_KEY": key, "MAKESHOP_TOKEN": token},
		"rakuten":  {"RAKUTEN_SERVICE_SECRET": first("rakuten", "service_secret"), "RAKUTEN_LICENSE_KEY": first("rakuten", "license_key")},
		"stores":   {"STORES_TOKEN": first("stores", "credential")},
	}
}

// run runs a command against the first shop of a platform, at its time.
func (s served) run(t *testing.T, platform string, args ...string) ran {
	t.Helper()
	return s.environments(t)[platform].runAt(t, time.Now, "", append(args, "--server", s.Platforms[platform].URL)...)
}

func TestDiagnose(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	dead := map[string]environment{
		"colorme": {"COLORME_TOKEN": "dead"}, "makeshop": {"MAKESHOP_TOKEN": "dead"},
		"rakuten": {"RAKUTEN_LICENSE_KEY": "dead"}, "stores": {"STORES_TOKEN": "dead"},
	}
	for platform, env := range s.environments(t) {
		args := []string{"diagnose", platform, "--json", "--server", s.Platforms[platform].URL}
		got := env.run(t, "", args...)
		require.Zero(t, got.code, got.errors)
		assert.True(t, decode[finding](t, got.out).Works, platform)
		assert.Contains(t, env.run(t, "", "diagnose", platform, "--server", s.Platforms[platform].URL).out, platform+": ")

		got = env.with(dead[platform]).run(t, "", args...)
		assert.Equal(t, 1, got.code, platform)
		f := decode[finding](t, got.out)
		assert.False(t, f.Works, platform)
		assert.NotEmpty(t, f.Err, platform)
		for _, secret := range env {
			assert.NotContains(t, got.out+got.errors, secret, platform)
		}

		must[map[string]bool](t, s, "POST", "/api/"+platform+"/faults", `{"times":-1,"status":503}`)
		f = decode[finding](t, env.run(t, "", args...).out)
		assert.Equal(t, "unknown", f.Verdict, platform)
		must[map[string]bool](t, s, "DELETE", "/api/"+platform+"/faults", "")
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	for platform, env := range s.environments(t) {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			now := s.Platforms[platform].Now
			args := []string{"orders", platform, "--server", s.Platforms[platform].URL, "--from", now.AddDate(0, 0, -3).Format("2006-01-02"), "--to", now.AddDate(0, 0, 2).Format("2006-01-02")}
			lines := env.run(t, "", append(args, "--json")...)
			require.Zero(t, lines.code, lines.errors)
			count := 0
			for text := range strings.Lines(lines.out) {
				o := decode[order](t, text)
				assert.Equal(t, platform, o.Platform)
				assert.NotEmpty(t, o.ID)
				assert.NotEmpty(t, o.Order)
				count++
			}
			assert.Greater(t, count, 3)
			table := env.run(t, "", args...)
			require.Zero(t, table.code, table.errors)
			assert.True(t, strings.HasPrefix(table.out, "platform,id,time,total,gone\n"+platform+","), table.out)
			assert.Equal(t, count+1, strings.Count(table.out, "\n"))

			cursor := filepath.Join(t.TempDir(), "cursor")
			args = append(args, "--json", "--changes", cursor)
			require.Zero(t, env.run(t, "", args...).code)
			first, err := os.ReadFile(cursor)
			require.NoError(t, err)
			id := must[map[string]string](t, s, "POST", "/api/"+platform+"/shops/first/orders", "")["id"]
			later := env.run(t, "", args...)
			require.Zero(t, later.code, later.errors)
			assert.Contains(t, later.out, id)
			second, err := os.ReadFile(cursor)
			require.NoError(t, err)
			assert.NotEmpty(t, second)
			assert.NotEqual(t, "from.1.", string(first)[:7], "the cursor has moved")

			must[map[string]bool](t, s, "POST", "/api/"+platform+"/faults", `{"times":-1,"status":403}`)
			assert.Equal(t, 1, env.run(t, "", args...).code)
			assert.Equal(t, 2, env.run(t, "", "orders", platform, "--from", "2026-02-02", "--to", "2026-02-01").code)
		})
	}
}

// An order that cannot be read is reported, costs the exit code and no other order.
func TestOddOrder(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	now := s.Platforms["colorme"].Now
	must[map[string]bool](t, s, "POST", "/api/colorme/faults",
		`{"times":-1,"path":"/v1/sales","body":"{\"sales\":[{\"id\":7,\"make_date\":1},{\"id\":8,\"make_date\":[]}],\"meta\":{\"total\":2,\"limit\":100,\"offset\":0}}"}`)
	got := s.run(t, "colorme", "orders", "colorme", "--from", now.AddDate(0, 0, -3).Format("2006-01-02"), "--to", now.Format("2006-01-02"))
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.out, "colorme,7,")
	assert.Contains(t, got.errors, "make_date")
	assert.Contains(t, got.errors, "1 orders could not be read")
}

func TestWatch(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	got := s.run(t, "rakuten", "watch", "--json", "--warn", "0")
	require.Zero(t, got.code, got.out+got.errors)
	status := decode[keyStatus](t, got.out)
	assert.Equal(t, "works", status.Verdict)
	require.NotNil(t, status.DaysLeft)
	table := s.run(t, "rakuten", "watch", "--warn", "0")
	assert.Contains(t, table.out, "DAYS LEFT")
	assert.Equal(t, 1, s.run(t, "rakuten", "watch", "--warn", "100000").code, "it ends before that")

	config := filepath.Join(t.TempDir(), "shops.json")
	require.NoError(t, os.WriteFile(config, []byte(`[{"name":"knives","service_secret":"RAKUTEN_SERVICE_SECRET","license_key":"KNIVES"}]`), 0o600))
	env := s.environments(t)["rakuten"].with(environment{"KNIVES": "of another shop", "LANG": "ja"})
	got = env.run(t, "", "watch", "--config", config, "--server", s.Platforms["rakuten"].URL)
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.out, "knives")
	assert.Contains(t, got.out, "残り日数")
	assert.NotContains(t, got.out+got.errors, "of another shop")
	for _, bad := range []string{filepath.Join(t.TempDir(), "nothing"), emptyFile(t)} {
		assert.Equal(t, 2, env.run(t, "", "watch", "--config", bad).code)
	}
}

func TestDaysBetween(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 1, daysBetween(noon, noon.AddDate(0, 0, 1)))
	late := noon.Truncate(24 * 60 * 60 * 1e9).Add(15 * 60 * 60 * 1e9) // midnight in Japan
	assert.Equal(t, 1, daysBetween(late.Add(-1), late))
	assert.Equal(t, 0, daysBetween(late, late.Add(24*60*60*1e9-1)))
	assert.Equal(t, -1, daysBetween(late, late.Add(-1)))
}

func TestCall(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	envs := s.environments(t)
	dir := t.TempDir()
	write := func(name, content string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		return file
	}
	const spelling = "2006-01-02T15:04:05-0700"
	now := time.Now().In(shotengai.JST)
	period := fmt.Sprintf(`{"dateType":1,"startDatetime":%q,"endDatetime":%q}`, now.AddDate(0, 0, -1).Format(spelling), now.Format(spelling))
	search := write("search.json", period)
	query := write("query.graphql", `{ getShop { shop { shopId } } }`)
	mutation := write("mutation.graphql", `mutation { nothing { id } }`)
	for _, tt := range []struct {
		platform string
		args     []string
		in       string
		code     int
		out, err string
	}{
		{"colorme", []string{"get", "/v1/sales?limit=1"}, "", 0, `"sales"`, ""},
		{"stores", []string{"GET", "/retail/202211/store"}, "", 0, s.Platforms["stores"].Shops[0].ID, ""},
		{"rakuten", []string{"POST", "/es/2.0/order/searchOrder/", "--data", search}, "", 0, "orderNumberList", ""},
		{"rakuten", []string{"POST", "/es/2.0/order/searchOrder/", "--data", "-"}, period, 0, "orderNumberList", ""},
		{"makeshop", []string{"query", query}, "", 0, "getShop", ""},
		{"makeshop", []string{"query", "-"}, `{ __typename }`, 0, "__typename", ""},
		{"makeshop", []string{"query", mutation}, "", 2, "", "it is a mutation"},
		{"makeshop", []string{"mutation", mutation}, "", 2, "", "--write"},
		{"makeshop", []string{"GET", query}, "", 2, "", "query or mutation"},
		{"colorme", []string{"PUT", "/v1/sales/1"}, "", 2, "", "--write"},
		{"colorme", []string{"POST", "/v1/search"}, "", 2, "", "--write"},
		{"colorme", []string{"PUT", "/v1/sales/1", "--write"}, "", 1, "", "422"},
		{"rakuten", []string{"POST", "/es/2.0/order/confirmOrder/"}, "", 2, "", "--write"},
		{"rakuten", []string{"DELETE", "/es/2.0/items/get"}, "", 2, "", "--write"},
		{"colorme", []string{"GET", "v1/sales"}, "", 2, "", "begin with a slash"},
		{"colorme", []string{"GET", "/v1/sales", "--data", search}, "", 2, "", "takes no --data"},
		{"colorme", []string{"PUT", "/v1/sales/1?x=1", "--write"}, "", 2, "", "takes no query"},
		{"colorme", []string{"PUT", "/v1/sales/1", "--write", "--data", query}, "", 2, "", "is no JSON"},
	} {
		args := append([]string{"call", tt.platform}, tt.args...)
		got := envs[tt.platform].run(t, tt.in, append(args, "--server", s.Platforms[tt.platform].URL)...)
		assert.Equal(t, tt.code, got.code, "%v: %s", args, got.errors)
		assert.Contains(t, got.out, tt.out, "%v", args)
		assert.Contains(t, got.errors, tt.err, "%v", args)
	}
}
