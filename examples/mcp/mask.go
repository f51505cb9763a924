package main

import "reflect"

// personal is a text about a buyer or by one: names, addresses, telephone numbers, mail
// addresses, notes. It is masked before a result leaves the server, because of its type.
type personal string

// masked takes the place of a personal text.
const masked personal = "[masked]"

// mask masks every personal text in v that is not empty. Results have neither maps nor
// interfaces.
func mask(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			mask(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			mask(v.Index(i))
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() {
				mask(value)
			}
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[personal]() && v.Len() > 0 {
			v.SetString(string(masked))
		}
	}
}
