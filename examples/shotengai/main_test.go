package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// ran is how a run of the command ended.
type ran struct {
	code        int
	out, errors string
}

// noon is the time of the runs that ask no fake: the one of no day on which something ends.
var noon = time.Date(2026, 10, 15, 3, 0, 0, 0, time.UTC)

type environment map[string]string

func (e environment) run(t *testing.T, in string, args ...string) ran {
	t.Helper()
	return e.runAt(t, func() time.Time { return noon }, in, args...)
}

func (e environment) runAt(t *testing.T, now func() time.Time, in string, args ...string) ran {
	t.Helper()
	var out, errors bytes.Buffer
	p := &program{
		args: args, env: func(name string) string { return e[name] },
		in: strings.NewReader(in), out: &out, errors: &errors, now: now,
		settings: []shotengai.Option{shotengai.WithLimiter(nil)}, // a fake needs no pauses
	}
	code := p.run(t.Context())
	return ran{code, out.String(), errors.String()}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]ran{
		"":                       {2, "", "shotengai: a command is missing: see shotengai -h\n"},
		"hook":                   {2, "", "shotengai: a command is missing: see shotengai hook -h\n"},
		"sell":                   {2, "", "shotengai: \"sell\" is no command: see shotengai -h\n"},
		"hook sell":              {2, "", "shotengai: \"sell\" is no command: see shotengai hook -h\n"},
		"--lang ja sell":         {2, "", "shotengai: \"sell\" というコマンドはありません。shotengai -h を参照してください\n"},
		"--lang fr":              {2, "", "shotengai: --lang has to be ja or en\n"},
		"serve --sell":           {2, "", "shotengai: --sell is no flag: see shotengai serve -h\n"},
		"serve --port":           {2, "", "shotengai: the flag --port needs a value: see shotengai serve -h\n"},
		"serve --port x":         {2, "", "shotengai: the flag --port does not take \"x\": see shotengai serve -h\n"},
		"serve --port 70000":     {2, "", "shotengai: 70001 is no port: take 0 to 65535\n"},
		"serve now":              {2, "", "shotengai: shotengai serve takes \"\": 1 operands were given\n"},
		"orders":                 {2, "", "shotengai: shotengai orders takes \"PLATFORM\": 0 operands were given\n"},
		"orders shopify":         {2, "", "shotengai: \"shopify\" is no platform: take one of colorme, makeshop, rakuten, stores\n"},
		"orders colorme --json":  {2, "", "{\"error\":\"set the environment variable COLORME_TOKEN, or COLORME_TOKEN_FILE to a file with its value\"}\n"},
		"serve -x --lang=ja":     {2, "", "shotengai: -x というフラグはありません（shotengai serve -h を参照してください）\n"},
		"price --on 1 --lang ja": {2, "", "shotengai: フラグ --on に \"1\" は指定できません（shotengai price -h を参照してください）\n"},
		"serve --port --lang=ja": {2, "", "shotengai: フラグ --port に \"--lang=ja\" は指定できません（shotengai serve -h を参照してください）\n"},
		"completion":             {2, "", "shotengai: a command is missing: see shotengai completion -h\n"},
		"completion csh":         {2, "", "shotengai: \"csh\" is no command: see shotengai completion -h\n"},
	} {
		assert.Equal(t, want, environment{}.run(t, "", strings.Fields(line)...), line)
	}
	for _, line := range []string{"-h", "--help", "help", "help orders", "serve -h", "hook send -h", "completion bash", "completion zsh", "completion fish"} {
		got := environment{}.run(t, "", strings.Fields(line)...)
		assert.Zero(t, got.code, line)
		assert.NotEmpty(t, got.out, line)
		assert.Empty(t, got.errors, line)
	}
}

// All texts are there in both languages, and the help of each command and flag is in the one
// that was asked for.
func TestLanguages(t *testing.T) {
	t.Parallel()
	japanese := func(text string) bool {
		return strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) })
	}
	for _, want := range []bool{true, false} {
		p := &program{env: environment{"LANG": map[bool]string{true: "ja_JP.UTF-8", false: "C.UTF-8"}[want]}.get}
		root, err := p.root()
		require.NoError(t, err)
		var check func(cmd *cobra.Command)
		check = func(cmd *cobra.Command) {
			assert.Equal(t, want, japanese(cmd.Short+cmd.Long), cmd.CommandPath())
			if cmd.Long != "" {
				assert.Equal(t, want, japanese(cmd.Long), cmd.CommandPath())
			}
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				assert.Equal(t, want, japanese(f.Usage), "%s --%s", cmd.CommandPath(), f.Name)
			})
			for _, below := range cmd.Commands() {
				check(below)
			}
		}
		check(root)
	}
	for name, env := range map[string]environment{
		"LC_ALL":      {"LC_ALL": "ja_JP.UTF-8", "LANG": "C"},
		"LC_MESSAGES": {"LC_MESSAGES": "ja", "LANG": "C"},
		"LANG":        {"LANG": "ja_JP.eucJP"},
	} {
		assert.Contains(t, env.run(t, "", "-h").out, "使い方", name)
	}
	assert.Contains(t, environment{"LC_ALL": "C", "LANG": "ja"}.run(t, "", "-h").out, "Usage")
	assert.Contains(t, environment{"LANG": "ja"}.run(t, "", "-h", "--lang", "en").out, "Usage")
}

func (e environment) get(name string) string { return e[name] }

func (e environment) with(more environment) environment {
	both := maps.Clone(e)
	maps.Copy(both, more)
	return both
}

// The completion of a shell offers the platforms.
func TestCompletion(t *testing.T) {
	t.Parallel()
	got := environment{}.run(t, "", "__complete", "orders", "")
	assert.Equal(t, "colorme\nmakeshop\nrakuten\nstores\n:4\n", got.out)
}

// decode reads a line of JSON.
func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal([]byte(text), &v), text)
	return v
}
