package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

type colour string

func TestValidators(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		err  error
		want string // "" passes
	}{
		{"one of", OneOf("colour", colour("red"), "red", "blue"), ""},
		{"one of, left out", OneOf("colour", colour(""), "red"), ""},
		{"one of, another", OneOf("colour", colour("Red"), "red", "blue"), `colour: "Red" is none of [red blue]`},
		{"one of none", OneOf("colour", colour("red")), `colour: "red" is none of []`},
		{"exactly", Exactly("colour", colour("blue"), "red", "blue"), ""},
		{"exactly, left out", Exactly("colour", colour(""), "red", "blue"), "colour: has to be one of [red blue]"},
		{"exactly, another", Exactly("colour", colour("green"), "red"), `colour: "green" is none of [red]`},
		{"not empty", NotEmpty("name", " 茶 "), ""},
		{"empty", NotEmpty("name", ""), "name: must not be empty"},
		{"blank", NotEmpty("name", colour(" \t\u3000\n")), "name: must not be empty"},
		{"at most", AtMost("name", "緑茶", 2), ""},
		{"at most, nothing", AtMost("name", "", 0), ""},
		{"characters are counted, not bytes", AtMost("name", strings.Repeat("茶", 255), 255), ""},
		{"too long", AtMost("name", "緑茶々", 2), "name: 3 characters, at most 2 are allowed"},
		{"low end", Between("units", 1, 1, 400), ""},
		{"high end", Between("units", int64(400), 1, 400), ""},
		{"too low", Between("units", 0, 1, 400), "units: 0 is not between 1 and 400"},
		{"too high", Between("units", 401, 1, 400), "units: 401 is not between 1 and 400"},
		{"text between", Between("day", "2026-13", "2026-01", "2026-12"), "day: 2026-13 is not between 2026-01 and 2026-12"},
		{"page", Paging(100, 100, 0), ""},
		{"default page", Paging(0, 100, 7), ""},
		{"page too large", Paging(101, 100, 0), "limit: 101 is not between 1 and 100 (0 for the default)"},
		{"page negative", Paging(-1, 100, 0), "limit: -1 is not between 1 and 100 (0 for the default)"},
		{"offset negative", Paging(10, 100, -1), "offset: -1 is negative"},
	} {
		if test.want == "" {
			assert.NoError(t, test.err, test.name)
		} else {
			assert.EqualError(t, test.err, test.want, test.name)
		}
	}
}
