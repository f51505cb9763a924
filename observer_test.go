package shotengai_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"log/slog"
	"net/http"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	for want, errs := range map[shotengai.ErrorKind][]error{
		"":                             {nil},
		shotengai.KindOutcomeUnknown:   {shotengai.ErrOutcomeUnknown, &shotengai.Error{Kind: shotengai.ErrUnavailable, Unknown: true, Cause: context.Canceled}},
		shotengai.KindReauthorize:      {shotengai.ErrReauthorize, oauth.ErrNoGrant, &shotengai.Error{Kind: shotengai.ErrForbidden, Cause: rakuten.ErrKeyExpired}},
		shotengai.KindUnauthorized:     {shotengai.ErrUnauthorized, colorme.ErrScope},
		shotengai.KindForbidden:        {shotengai.ErrForbidden, colorme.ErrPlan, rakuten.ErrNotEnabled},
		shotengai.KindNotFound:         {fmt.Errorf("wrapped: %w", shotengai.ErrNotFound)},
		shotengai.KindConflict:         {shotengai.ErrConflict, rakuten.ErrCabinetFull},
		shotengai.KindRateLimited:      {shotengai.ErrRateLimited},
		shotengai.KindResponseTooLarge: {shotengai.ErrResponseTooLarge},
		shotengai.KindRowsMoved:        {&shotengai.PageError{Err: shotengai.ErrRowsMoved}},
		shotengai.KindPageRepeated:     {&shotengai.PageError{Err: shotengai.ErrPageRepeated}},
		shotengai.KindUnavailable:      {&shotengai.Error{Kind: shotengai.ErrUnavailable, Cause: context.DeadlineExceeded}, oauth.ErrTemporary},
		shotengai.KindInvalid:          {shotengai.ErrInvalid, rakuten.ErrWrongShop},
		shotengai.KindCanceled:         {&shotengai.Error{Cause: context.Canceled}},
		shotengai.KindDeadline:         {&shotengai.Error{Cause: context.DeadlineExceeded}},
		shotengai.KindOther:            {errors.New("of the app"), &shotengai.Error{StatusCode: 200}},
	} {
		for _, err := range errs {
			assert.Equal(t, want, shotengai.KindOf(err), "%v", err)
		}
	}
}

// Every sentinel of the root package has a kind of its own: a new one needs a row.
func TestEverySentinelHasAKind(t *testing.T) {
	t.Parallel()
	var sentinels, kinds []string
	eachPublicFile(t, func(set *token.FileSet, file *ast.File) {
		if filepath.Dir(set.Position(file.Pos()).Filename) != "." {
			return
		}
		for _, decl := range file.Decls {
			for _, name := range declared(decl) {
				if rest, ok := strings.CutPrefix(name.Name, "Err"); ok && name.IsExported() && rest != "or" && rest != "orKind" {
					sentinels = append(sentinels, rest)
				}
				if rest, ok := strings.CutPrefix(name.Name, "Kind"); ok && rest != "Of" {
					kinds = append(kinds, rest)
				}
			}
		}
	})
	require.NotEmpty(t, sentinels)
	assert.ElementsMatch(t, append(sentinels, "Canceled", "Deadline", "Other"), kinds)
}

// template is an operation: a method, or what GraphQL and the token endpoint have for one, and
// a path without hosts, queries and ids. Segments with digits are versions.
var template = regexp.MustCompile(`^((GET|POST|PUT|PATCH|DELETE) (\(storage\)|(/([a-zA-Z._-]+|v\d|\d\.\d|20\d{4}|\{\w+\}(\.json)?))+/?)|(query|mutation) [a-zA-Z]+|oauth [a-z]+)$`)

// ids are what arguments of methods have as ids.
const idText, idNumber = "id7x7", 777_777

// Operations are templates on every platform: every method that can be called with made-up
// arguments names one, to the observer, to transports, to the logger and in its errors, and no
// id and no host is in it.
func TestOperationsAreTemplates(t *testing.T) {
	t.Parallel()
	onEachPlatform(t, func(t *testing.T, p platform) {
		var mu sync.Mutex
		operations, sent, patterns := map[string]bool{}, map[string]bool{}, map[string]bool{}
		var logged lockedBuffer
		transport := patternsOf(func(pattern string) { mu.Lock(); defer mu.Unlock(); patterns[pattern] = true })
		c := p.client(t, serving(t, saying(404, `{}`)),
			shotengai.WithHTTPClient(&http.Client{Transport: transport}),
			shotengai.WithLogger(slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))),
			shotengai.WithObserver(func(_ context.Context, c shotengai.Call) {
				mu.Lock()
				defer mu.Unlock()
				assert.Equal(t, p.name, c.Platform)
				operations[c.Operation] = true
				if !c.Finished {
					sent[c.Operation] = true
				}
				if e, ok := errors.AsType[*shotengai.Error](c.Err); assert.True(t, ok) {
					assert.Equal(t, c.Operation, e.Operation)
				}
			}))
		methods := 0
		eachMethod(reflect.ValueOf(c.value), func(_ string, method reflect.Value) {
			if called(t, method) {
				methods++
			}
		})
		require.Error(t, c.read(t.Context()))
		require.Error(t, c.write(t.Context()))
		for operation := range operations {
			assert.Regexp(t, template, operation)
			assert.NotContains(t, operation, idText)
			assert.NotContains(t, operation, strconv.Itoa(idNumber))
		}
		assert.Equal(t, sent, patterns, "http.Request.Pattern")
		for operation := range sent {
			assert.Contains(t, logged.String(), `"operation":`+strconv.Quote(operation))
		}
		t.Logf("%d methods, %d operations, %d of them sent", methods, len(operations), len(sent))
		assert.Greater(t, len(sent), 10)
	})
}

// called calls a method with made-up arguments, and begins an iteration. It reports false where
// there are none for its parameters.
func called(t *testing.T, method reflect.Value) bool {
	t.Helper()
	kind := method.Type()
	if kind.NumIn() == 0 || kind.In(0) != reflect.TypeFor[context.Context]() {
		return false
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	in := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < kind.NumIn()-1; i++ {
		arg := reflect.New(kind.In(i)).Elem()
		switch arg.Kind() {
		case reflect.String:
			arg.SetString(idText)
		case reflect.Int, reflect.Int64:
			arg.SetInt(idNumber)
		case reflect.Func, reflect.Interface:
			return false
		}
		in = append(in, arg)
	}
	for _, out := range method.Call(in) {
		if out.Type().CanSeq2() {
			for range out.Seq2() {
				break
			}
		}
	}
	return true
}

type patternsOf func(pattern string)

func (p patternsOf) RoundTrip(r *http.Request) (*http.Response, error) {
	p(r.Pattern)
	return http.DefaultTransport.RoundTrip(r)
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
