package rakuten_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten"
)

// FuzzScalars: what is read of a value is written and read again as the same.
func FuzzScalars(f *testing.F) {
	for _, value := range []string{`0`, `1`, `"0"`, `"1"`, `true`, `false`, `""`, `null`, `-9999`, `3800`, `3800.0`, `"3800"`, `1e3`, `{}`, `[1]`, `"x"`, `9223372036854775808`} {
		f.Add([]byte(value))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		if !json.Valid(value) {
			t.Skip("no value")
		}
		again[rakuten.Flag](t, value)
		again[rakuten.Amount](t, value)
	})
}

func again[T any](t *testing.T, value []byte) {
	t.Helper()
	var first, second T
	if err := json.Unmarshal(value, &first); err != nil {
		require.LessOrEqual(t, len(err.Error()), 400)
		return
	}
	text, err := json.Marshal(first)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &second))
	require.Equal(t, first, second)
}

// FuzzParseLicenseState: a state is read as itself, and one that is known whatever its blanks.
func FuzzParseLicenseState(f *testing.F) {
	for _, text := range []string{"利用中", "利用中　更新あり", "利用中更新あり", " 承認待ち\n", "有効期限切れ", "停止中", "", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		state := rakuten.ParseLicenseState(text)
		require.Equal(t, state, rakuten.ParseLicenseState(string(state)))
		require.Equal(t, state, rakuten.ParseLicenseState(" "+text+"\u3000"))
	})
}
