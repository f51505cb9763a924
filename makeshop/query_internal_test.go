package makeshop

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A type in the envelope that read data by itself would have data scanned three times.
func TestDataIsReadByTheDecoder(t *testing.T) {
	t.Parallel()
	hook := reflect.TypeFor[json.Unmarshaler]()
	envelope := reflect.TypeFor[envelope]()
	data, _ := envelope.FieldByName("Data")
	assert.False(t, reflect.PointerTo(envelope).Implements(hook))
	assert.False(t, reflect.PointerTo(data.Type).Implements(hook))
}
