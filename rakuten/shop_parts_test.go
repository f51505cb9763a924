package rakuten_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Each part of the shop reads or edits the resource of its field, in the way that its method
// says. A copy of a part is as good as the part.
func TestShopParts(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, shopAnswer("<result/>")))
	verbs := map[string]string{"Insert": "<insert", "Update": "<update", "Replace": "<replace", "Delete": "<delete", "Set": "<inputModel>"}
	parts, fields := 0, map[string]string{} // field by resource
	shop := reflect.ValueOf(*client.Shop)
	for i := range shop.NumField() {
		field := shop.Type().Field(i).Name
		if field == "Status" || field == "CalendarAndDesign" {
			continue // paths and bodies of their own, see TestShopReads and TestShopEdits
		}
		for _, part := range partsOf(shop.Field(i)) {
			parts++
			for j := range part.NumMethod() {
				method, name := part.Method(j), part.Type().Method(j).Name
				args := []reflect.Value{reflect.ValueOf(t.Context())}
				for k := 1; k < method.Type().NumIn()-1; k++ {
					args = append(args, one(method.Type().In(k)))
				}
				got = call{}
				method.Call(args) // what the answer is worth is no matter here
				resource, _ := strings.CutPrefix(got.Path, "/es/1.0/shop/")
				assert.NotEmpty(t, resource, "%s.%s", field, name)
				assert.Contains(t, got.Body, verbs[name], "%s.%s", field, name)
				if other, taken := fields[resource]; taken {
					assert.Equal(t, other, field, resource)
				}
				fields[resource] = field
			}
		}
	}
	assert.Equal(t, 55, parts)
	assert.Len(t, fields, shop.NumField()-2, "each field has one resource")
}

// partsOf returns what a field consists of: itself, or the parts embedded in it.
func partsOf(field reflect.Value) []reflect.Value {
	if field.Type().Name() != "" {
		return []reflect.Value{field}
	}
	var parts []reflect.Value
	for _, part := range field.Fields() {
		parts = append(parts, part)
	}
	return parts
}

// one is a value of a type: of a list, one with a row.
func one(t reflect.Type) reflect.Value {
	if t.Kind() == reflect.Slice {
		return reflect.MakeSlice(t, 1, 1)
	}
	return reflect.Zero(t)
}
