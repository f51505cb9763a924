package wire_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/internal/wire"
)

func ExampleID() {
	var ids []wire.ID
	err := json.Unmarshal([]byte(`[123, "0123"]`), &ids)
	fmt.Println(err, ids[0], ids[1])
	data, err := json.Marshal(ids)
	fmt.Println(string(data), err)
	// Output:
	// <nil> 123 0123
	// [123,"0123"] <nil>
}

func TestID(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`123`, `"123"`, `-1`, `"0007"`, `"PA00000001"`, `""`, `null`, `123456789012345678901234567890`, `"\"あ\\"`} {
		assert.Equal(t, text, encode(t, decode[wire.ID](t, text)))
	}
	refuse(t, "neither an integer nor a string", wire.NumberID(7), `1.5`, `1e3`, `true`, `[]`, `{}`, "\"\xff\"")
	assert.Equal(t, wire.NumberID(123), decode[wire.ID](t, `123`))
	assert.Equal(t, wire.StringID("123"), decode[wire.ID](t, `"123"`))
	respell[wire.ID](t, map[string]string{`"123"`: `"123"`, `null`: `null`})

	number, ok := decode[wire.ID](t, `"123"`).Int64()
	assert.True(t, ok)
	assert.EqualValues(t, 123, number)
	for _, id := range []wire.ID{{}, wire.StringID("PA1"), wire.StringID("99999999999999999999")} {
		_, ok := id.Int64()
		assert.False(t, ok, id)
	}
	for text, want := range map[string]bool{`null`: true, `""`: true, `0`: false, `"0"`: false} {
		assert.Equal(t, want, decode[wire.ID](t, text).IsZero(), text)
	}
	assert.Equal(t, "v=a%2Cb", inQuery(t, wire.StringID("a,b")))
	assert.Empty(t, inQuery(t, wire.ID{}))
}

func FuzzID(f *testing.F) { fuzz[wire.ID](f, `123`, `"0123"`, `"あ"`) }
