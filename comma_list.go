package shotengai

import (
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go/internal/wire"
)

// CommaList is a list that a query carries in one parameter, joined by commas. An
// empty list is left out. An element that is empty or contains a comma is an error,
// because the platform would read it as another list.
type CommaList[T ~string | ~int | ~int32 | ~int64] []T

// EncodeValues puts the joined list into a query.
func (l CommaList[T]) EncodeValues(key string, query *url.Values) error {
	texts := make([]string, len(l))
	for i, element := range l {
		if value := reflect.ValueOf(element); value.Kind() == reflect.String {
			texts[i] = value.String()
		} else {
			texts[i] = strconv.FormatInt(value.Int(), 10)
		}
		if texts[i] == "" || strings.Contains(texts[i], ",") {
			return fmt.Errorf("shotengai: element %d of %s is empty or contains a comma: %q", i, key, wire.Excerpt(texts[i]))
		}
	}
	return wire.AddText(key, query, []byte(strings.Join(texts, ",")), nil)
}
