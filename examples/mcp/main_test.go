package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// TestMain lets the tests run the program itself as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("MCP_RUN") == "" {
		os.Exit(m.Run())
	}
	main()
}

// syncBuffer is a log that several goroutines write.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// bench is a server on the fakes, and a client of it.
type bench struct {
	*demo

	service *service
	log     *syncBuffer
	session *mcp.ClientSession
}

func newBench(t *testing.T, change ...func(*service)) *bench {
	t.Helper()
	d, err := startDemo()
	require.NoError(t, err)
	t.Cleanup(d.close)
	b := &bench{demo: d, log: &syncBuffer{}}
	b.service = &service{places: d.places, now: time.Now, log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, c := range change {
		c(b.service)
	}
	server, client := mcp.NewInMemoryTransports()
	_, err = b.service.server().Connect(t.Context(), server, nil)
	require.NoError(t, err)
	b.session = connect(t, client)
	return b
}

func connect(t *testing.T, transport mcp.Transport) *mcp.ClientSession {
	t.Helper()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), transport, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = session.Close() })
	return session
}

type args = map[string]any

// call calls a tool. Text is what a model reads.
func call(t *testing.T, session *mcp.ClientSession, tool string, arguments args) (result *mcp.CallToolResult, text string) {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	require.NoError(t, err, "%s: a failure has to be a tool error", tool)
	require.Len(t, result.Content, 1)
	content, ok := result.Content[0].(*mcp.TextContent)
	require.True(t, ok)
	return result, content.Text
}

// works calls a tool and decodes its structured result.
func works[T any](t *testing.T, b *bench, tool string, arguments args) T {
	t.Helper()
	result, text := call(t, b.session, tool, arguments)
	require.False(t, result.IsError, "%s %v: %s", tool, arguments, text)
	data, err := json.Marshal(result.StructuredContent)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(data), "the text is the structured content")
	var out T
	require.NoError(t, json.Unmarshal(data, &out))
	return out
}

// fails calls a tool and returns its error.
func fails(t *testing.T, b *bench, tool string, arguments args) string {
	t.Helper()
	result, text := call(t, b.session, tool, arguments)
	require.True(t, result.IsError, "%s %v: %s", tool, arguments, text)
	return text
}

// names of the shops of the demo.
var everyShop = []string{"demo-colorme", "demo-makeshop", "demo-rakuten", "demo-stores"}

// month is a period that all orders of the demo are in.
func month(shop string) args {
	return args{"shop": shop, "from": time.Now().In(shotengai.JST).AddDate(0, 0, -60).Format(time.DateOnly), "limit": maxRows}
}

func orderArgs(shop string, o order) args {
	return args{"shop": shop, "number": o.Number, "ordered_on": o.OrderedAt.In(shotengai.JST).Format(time.DateOnly)}
}

func TestToolsReadEveryPlatform(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var names []string
	for _, p := range works[shopsResult](t, b, "list_shops", nil).Shops {
		names = append(names, p.Name)
		assert.Equal(t, "demo-"+p.Platform, p.Name)
	}
	assert.Equal(t, everyShop, names)
	for _, shop := range everyShop {
		orders := works[page[order]](t, b, "list_orders", month(shop)).Rows
		require.NotEmpty(t, orders, shop)
		for _, listed := range orders {
			got := works[orderResult](t, b, "get_order", orderArgs(shop, listed))
			assert.Equal(t, listed.Number, got.Order.Number)
			assert.Equal(t, listed.Lines, got.Lines.Rows)
			assert.NotEmpty(t, got.Lines.Rows)
			assert.NotEmpty(t, got.Order.Deliveries)
		}
		items := works[page[item]](t, b, "list_items", args{"shop": shop}).Rows
		require.NotEmpty(t, items, shop)
		for _, i := range items {
			assert.NotEmpty(t, i.Name)
			assert.NotEmpty(t, works[page[stock]](t, b, "get_stock", args{"shop": shop, "item": i.Item}).Rows)
		}
		assert.True(t, works[diagnosis](t, b, "diagnose_key", args{"shop": shop}).Works)
	}
	assert.NotEmpty(t, works[page[item]](t, b, "list_items", args{"shop": "demo-rakuten", "name": "風呂敷"}).Rows)
	assert.Contains(t, fails(t, b, "list_items", args{"shop": "demo-makeshop", "name": "x"}), "leave name out")
}

func TestToolsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(s *service) { s.allowWrites = true })
	tools, err := b.session.ListTools(t.Context(), nil)
	require.NoError(t, err)
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
		assert.NotEmpty(t, tool.Title, tool.Name)
		assert.NotEmpty(t, tool.Description, tool.Name)
		assert.NotNil(t, tool.InputSchema, tool.Name)
		assert.NotNil(t, tool.OutputSchema, tool.Name)
		require.NotNil(t, tool.Annotations, tool.Name)
		writes := tool.Name == "update_stock"
		assert.Equal(t, !writes, tool.Annotations.ReadOnlyHint, tool.Name)
		assert.Equal(t, writes, *tool.Annotations.DestructiveHint, tool.Name)
		assert.True(t, tool.Annotations.IdempotentHint, tool.Name)
	}
	slices.Sort(names)
	assert.Equal(t, []string{
		"diagnose_key", "get_order", "get_stock", "licence_days", "list_items", "list_orders", "list_shops", "plan_cost", "update_stock",
	}, names)
}

func TestLicenceDays(t *testing.T) {
	t.Parallel()
	clock := time.Now()
	b := newBench(t, func(s *service) { s.now = func() time.Time { return clock } })
	left := func() licenceResult { return works[licenceResult](t, b, "licence_days", args{"shop": "demo-rakuten"}) }
	assert.Contains(t, left().Advice, "Nothing to do")
	clock = left().ExpiresAt.Add(-48 * time.Hour)
	assert.Equal(t, 2, left().DaysLeft)
	assert.Contains(t, left().Advice, "ends soon")
	clock = left().ExpiresAt.Add(time.Hour)
	assert.Equal(t, -1, left().DaysLeft)
	assert.Contains(t, left().Advice, "has ended")
	assert.Contains(t, fails(t, b, "licence_days", args{"shop": "demo-stores"}), "only Rakuten has")
}

func TestPlanCost(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := works[costResult](t, b, "plan_cost", args{"monthly": 1000, "on": "2026-10-10"})
	require.Len(t, first.Charges, 2)
	assert.Equal(t, int64(807+1100), first.Total)
	assert.Equal(t, "2026-11-01", first.Charges[1].On)
	assert.Contains(t, first.Charges[0].Explanation, "22日 ÷ 30日")

	trial := works[costResult](t, b, "plan_cost", args{"monthly": 1000, "initial_fee": 500, "on": "2026-10-01", "trial_end": "2026-10-09", "renewals": 2, "language": "en"})
	require.Len(t, trial.Charges, 3)
	assert.Equal(t, "2026-10-10", trial.Charges[0].On)
	assert.Equal(t, "2026-12-01", trial.Charges[2].On)

	change := works[costResult](t, b, "plan_cost", args{"monthly": 2000, "current_monthly": 1000, "on": "2026-10-10"})
	assert.Equal(t, "upgrade", change.Charges[0].Kind)
	assert.Equal(t, int64(807), change.Charges[0].Total)
	assert.Equal(t, int64(2200), change.Charges[1].Total)
	unpaid := works[costResult](t, b, "plan_cost", args{"monthly": 2000, "current_monthly": 1000, "paid_this_month": 0, "on": "2026-10-10"})
	assert.Greater(t, unpaid.Total, change.Total)

	for message, arguments := range map[string]args{
		"makeshop's rules":     {"monthly": -1},
		"is not a day":         {"monthly": 1000, "on": "tomorrow"},
		"is not between 1 and": {"monthly": 1000, "renewals": 13},
		"during a trial":       {"monthly": 1000, "current_monthly": 500, "trial_end": "2026-10-09"},
	} {
		assert.Contains(t, fails(t, b, "plan_cost", arguments), message)
	}
}

// command is the program as a desktop client starts it.
func command(ctx context.Context, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], arguments...)
	cmd.Env = append(os.Environ(), "MCP_RUN=true", "LANG=C", "LC_ALL=C")
	return cmd
}

func TestStandardInputAndOutput(t *testing.T) {
	t.Parallel()
	cmd := command(t.Context(), "-demo")
	var diagnostics syncBuffer
	cmd.Stderr = &diagnostics
	session := connect(t, &mcp.CommandTransport{Command: cmd})
	result, text := call(t, session, "list_orders", month("demo-rakuten"))
	assert.False(t, result.IsError, text)
	_, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "update_stock"})
	require.ErrorContains(t, err, "update_stock", "writes are not there unless they are allowed")
	require.NoError(t, session.Close())
	assert.Empty(t, diagnostics.String())
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"-h"}, 0, "-allow-writes"},
		{[]string{"-x"}, 2, "not defined"},
		{nil, 2, "-config FILE"},
		{[]string{"-demo", "-config", "x"}, 2, "-config FILE"},
		{[]string{"-demo", "more"}, 2, "flags only"},
		{[]string{"-config", "missing.json"}, 2, "cannot be read"},
		{[]string{"-demo", "-http", "8800"}, 2, "a host and a port"},
		{[]string{"-demo", "-http", ":8800"}, 2, "set MCP_TOKEN"},
		{[]string{"-demo", "-http", "203.0.113.1:1"}, 2, "set MCP_TOKEN"},
	} {
		cmd := command(t.Context(), tt.arguments...)
		cmd.Env = append(cmd.Env, "MCP_TOKEN=")
		out, _ := cmd.CombinedOutput()
		assert.Equal(t, tt.code, cmd.ProcessState.ExitCode(), "%v: %s", tt.arguments, out)
		assert.Contains(t, string(out), tt.says)
	}
	cmd := command(t.Context(), "-h")
	cmd.Env = append(cmd.Env, "LC_ALL=ja_JP.UTF-8")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err)
	assert.Contains(t, string(out), "ショップの設定ファイル")
}
