package shotengai_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// errorPages are the catalogue of errors in both languages. The third column of its tables
// is generated.
var errorPages = []string{"docs/en/errors.md", "docs/ja/errors.md"}

var (
	errorHeading = regexp.MustCompile(`^## (.+)$`)
	errorRowLine = regexp.MustCompile("^(\\| ([^|]+) \\| ([^|]*`[^|]*|—) \\| )([^|]*)( \\| [^|]+ \\|)$")
	inBackticks  = regexp.MustCompile("`([^`]+)`")
)

// errorSections are the headings of the tables.
var errorSections = map[string]string{
	"All platforms": "all", "Color Me Shop": "colorme", "makeshop": "makeshop", "STORES": "stores", "Rakuten Ichiba": "rakuten",
	"共通": "all", "カラーミーショップ": "colorme", "楽天市場": "rakuten",
}

// errorNames are what the third column is made of.
var errorNames = []struct {
	platform, name string
	err            error
}{
	{"colorme", "colorme.ErrPlan", colorme.ErrPlan},
	{"colorme", "colorme.ErrScope", colorme.ErrScope},
	{"makeshop", "makeshop.ErrScope", makeshop.ErrScope},
	{"makeshop", "makeshop.ErrIntrospection", makeshop.ErrIntrospection},
	{"makeshop", "makeshop.ErrEndpoint", makeshop.ErrEndpoint},
	{"makeshop", "makeshop.ErrGraphQL", makeshop.ErrGraphQL},
	{"makeshop", "makeshop.ErrPartial", makeshop.ErrPartial},
	{"stores", "stores.ErrLocked", stores.ErrLocked},
	{"stores", "stores.ErrBlocked", stores.ErrBlocked},
	{"rakuten", "rakuten.ErrNotEnabled", rakuten.ErrNotEnabled},
	{"rakuten", "rakuten.ErrOrderRefused", rakuten.ErrOrderRefused},
	{"rakuten", "rakuten.ErrCabinetFull", rakuten.ErrCabinetFull},
	{"", "ErrReauthorize", shotengai.ErrReauthorize},
	{"", "ErrUnauthorized", shotengai.ErrUnauthorized},
	{"", "ErrForbidden", shotengai.ErrForbidden},
	{"", "ErrNotFound", shotengai.ErrNotFound},
	{"", "ErrConflict", shotengai.ErrConflict},
	{"", "ErrInvalid", shotengai.ErrInvalid},
	{"", "ErrRateLimited", shotengai.ErrRateLimited},
	{"", "ErrUnavailable", shotengai.ErrUnavailable},
	{"", "ErrOutcomeUnknown", shotengai.ErrOutcomeUnknown},
}

// errorCodes find the codes that a platform's client and its fake know, so that none lacks
// a row.
var errorCodes = []struct {
	platform, file string
	code           *regexp.Regexp
}{
	{"colorme", "colorme/errors.go", regexp.MustCompile(`(?m)^\tcode\w+\s*= "(\d{6})"`)},
	{"colorme", "colorme/colormetest/errors.go", regexp.MustCompile(`(?m)^\tcode\w+\s*= (\d{6})$`)},
	{"makeshop", "makeshop/errors.go", regexp.MustCompile(`(?m)^\tCode\w+\s*= "(\w+)"`)},
	{"rakuten", "rakuten/errors.go", regexp.MustCompile(`(?m)^\t"([A-Z0-9_-]+)":\s`)},
	{"rakuten", "rakuten/rakutentest/errors.go", regexp.MustCompile(`(?m)^\tcode\w+\s*= "(\w+)"`)},
}

// TestErrorCatalogue sends what each row of the catalogue is about through the clients, and
// compares the sentinels that the error matches with the row. With -update it rewrites them.
func TestErrorCatalogue(t *testing.T) {
	t.Parallel()
	var shapes [][]string
	for _, page := range errorPages {
		data, err := os.ReadFile(page)
		require.NoError(t, err)
		rows := map[string]string{} // the signs of a platform's rows
		var shape []string
		lines := strings.Split(string(data), "\n")
		platform := ""
		for i, line := range lines {
			if heading := errorHeading.FindStringSubmatch(line); heading != nil {
				platform = errorSections[heading[1]]
				assert.NotEmpty(t, platform, "%s: the heading %s", page, heading[1])
			}
			row := errorRowLine.FindStringSubmatch(line)
			if row == nil || platform == "" {
				continue
			}
			kinds := kindsOf(t, platform, row[2], row[3])
			if *updateGenerated {
				lines[i] = row[1] + kinds + row[5]
			} else {
				assert.Equal(t, kinds, row[4], "%s:%d: go test -run TestErrorCatalogue . -update", page, i+1)
			}
			rows[platform] += row[3]
			shape = append(shape, platform+" "+row[3]+" "+kinds)
		}
		if *updateGenerated {
			require.NoError(t, os.WriteFile(page, []byte(strings.Join(lines, "\n")), 0o600))
		}
		for _, known := range errorCodes {
			source, err := os.ReadFile(known.file)
			require.NoError(t, err)
			codes := known.code.FindAllStringSubmatch(string(source), -1)
			require.Greater(t, len(codes), 2, known.file)
			for _, code := range codes {
				assert.Contains(t, rows[known.platform], "`"+code[1]+"`", "%s has no row for a code of %s", page, known.file)
			}
		}
		shapes = append(shapes, shape)
	}
	assert.Greater(t, len(shapes[0]), 40)
	assert.Equal(t, shapes[0], shapes[1], "the same rows in both languages")
}

// kindsOf returns the sentinels that the error of a row matches. A row of several codes is
// about each of them.
func kindsOf(t *testing.T, platform, status, sign string) string {
	t.Helper()
	signs := []string{sign}
	if _, special := errorAnswers[platform+" "+sign]; !special {
		signs = inBackticks.FindAllString(sign, -1)
	}
	if sign == "—" {
		signs = []string{"—"}
	}
	var kinds []string
	for _, sign := range signs {
		kinds = append(kinds, kindsOfError(platform, failWith(t, platform, status, sign)))
	}
	require.Len(t, slices.Compact(slices.Clone(kinds)), 1, "%s %s: codes of different kinds: %s", platform, sign, kinds)
	return kinds[0]
}

func kindsOfError(platform string, err error) string {
	var names []string
	for _, known := range errorNames {
		if (known.platform == "" || known.platform == platform) && errors.Is(err, known.err) {
			names = append(names, "`"+known.name+"`")
		}
	}
	return strings.Join(names, ", ")
}

// errorAnswer is what a platform answers to a call.
type errorAnswer struct {
	body string
	call func(context.Context, *client) error // nil for a read
	// probe is the answer to GET /v1/shop, where it differs.
	probe string
}

// errorAnswers are the answers of the rows that are not about a code alone.
var errorAnswers = map[string]errorAnswer{
	"all `GET`":                            {body: `{}`},
	"all `POST`":                           {body: `{}`, call: writing},
	"colorme `401010`, `GET /v1/shop` 401": {body: `{"errors":[{"code":401010}]}`},
	"colorme `401010`, `GET /v1/shop` 200": {body: `{"errors":[{"code":401010}]}`, probe: `{"shop":{"id":"PA01000001"}}`},
	"stores `GET /store`":                  {body: `{}`, call: doing(http.MethodGet, "/retail/202211/store")},
	"makeshop `FORBIDDEN`, `__schema`": {body: `{"errors":[{"extensions":{"code":"FORBIDDEN"}}]}`, call: func(ctx context.Context, c *client) error {
		return c.value.(*makeshop.Client).Query(ctx, "query q { __schema { types { name } } }", nil, nil)
	}},
	"makeshop `errors`":                {body: `{"errors":[{"message":"unknown field"}]}`},
	"makeshop `errors`, `data`":        {body: `{"errors":[{"message":"unknown field"}],"data":{"a":1}}`},
	"makeshop `internal system error`": {body: `{"errors":[{"message":"internal system error"}]}`},
	"rakuten `MessageModelList`, `ERROR`": {
		body: `{"MessageModelList":[{"messageType":"ERROR","messageCode":"ORDER_EXT_API_SEARCH_ORDER_ERROR_001"}]}`,
		call: doing(http.MethodPost, "/es/2.0/order/searchOrder/"),
	},
	"rakuten `systemStatus`, `NG`": {
		body: `<result><status><systemStatus>NG</systemStatus><message>Data not found</message></status></result>`,
		call: doing(http.MethodGet, "/es/2.0/product/search"),
	},
	"rakuten `resultCode`": {body: `{"resultCode":"E00-001"}`, call: doing(http.MethodPost, "/es/1.0/reserve/searchOrder")},
	"rakuten `errors`":     {body: `{"errors":[{"code":"IE9999"}]}`, call: doing(http.MethodGet, "/es/2.0/items/search")},
}

func writing(ctx context.Context, c *client) error { return c.write(ctx) }

// doing calls a path of a platform that takes any.
func doing(method, path string) func(context.Context, *client) error {
	return func(ctx context.Context, c *client) error {
		if s, ok := c.value.(*stores.Client); ok {
			return s.Do(ctx, method, path, nil, nil)
		}
		return c.value.(*rakuten.Client).Do(ctx, method, path, nil, nil)
	}
}

// failWith makes the call of a row against a server that answers as the row says. Rows of all
// platforms are tried on one; that they fail alike is the matter of another test.
func failWith(t *testing.T, name, status, sign string) error {
	t.Helper()
	answer, special := errorAnswers[name+" "+sign]
	if !special {
		answer.body = bodyOf(name, strings.Trim(sign, "`"))
	}
	address := "http://127.0.0.1:1" // nobody answers there
	if code, err := strconv.Atoi(status); err == nil {
		address = serving(t, func(w http.ResponseWriter, r *http.Request) {
			if answer.probe != "" && r.URL.Path == "/v1/shop" {
				saying(http.StatusOK, answer.probe)(w, r)
				return
			}
			saying(code, answer.body)(w, r)
		})
	}
	at := slices.IndexFunc(everywhere, func(p platform) bool { return p.name == name })
	c := everywhere[max(at, 0)].client(t, address, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	call := answer.call
	if call == nil {
		call = func(ctx context.Context, c *client) error { return c.read(ctx) }
	}
	err := call(t.Context(), c)
	require.Error(t, err, "%s %s %s", name, status, sign)
	return err
}

// bodyOf is a platform's error with a code.
func bodyOf(platform, code string) string {
	switch {
	case code == "—":
		return `{}`
	case code == "<html>":
		return `<!DOCTYPE html><html><title>Sorry</title></html>`
	case platform == "makeshop":
		return fmt.Sprintf(`{"errors":[{"message":"refused","extensions":{"code":%q}}]}`, code)
	default:
		return fmt.Sprintf(`{"errors":[{"code":%q,"message":"refused"}]}`, code)
	}
}
