package shotengai_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-querystring/query"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

func ExampleCommaList() {
	values, err := query.Values(struct {
		IDs    shotengai.CommaList[int64]  `url:"ids,omitempty"`
		Fields shotengai.CommaList[string] `url:"fields,omitempty"`
		Sort   shotengai.CommaList[string] `url:"sort,omitempty"`
	}{IDs: shotengai.CommaList[int64]{1, 20}, Fields: shotengai.CommaList[string]{"id", "name"}})
	fmt.Println(values.Encode(), err)
	// Output: fields=id%2Cname&ids=1%2C20 <nil>
}

type key string

// String shows that a list is made of what its elements are, not of what they print.
func (key) String() string { return "a key" }

func TestCommaList(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a,b", queryValue(t, shotengai.CommaList[key]{"a", "b"}))
	assert.Equal(t, "-1,2", queryValue(t, shotengai.CommaList[int]{-1, 2}))
	assert.Empty(t, inQuery(t, shotengai.CommaList[string]{}))
	for _, list := range []shotengai.CommaList[string]{{"a,b"}, {""}, {"a", ""}, {","}} {
		query := url.Values{}
		require.ErrorContains(t, list.EncodeValues("ids", &query), "of ids is empty or contains a comma")
		assert.Empty(t, query)
	}
}

func FuzzCommaList(f *testing.F) {
	f.Add("a", "b")
	f.Add("a,", "")
	f.Fuzz(func(t *testing.T, first, second string) {
		query := url.Values{}
		list := shotengai.CommaList[string]{first, second}
		if list.EncodeValues("v", &query) == nil {
			require.Equal(t, []string{first, second}, strings.Split(query.Get("v"), ","))
		}
	})
}
