package lenient

import (
	"cmp"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// ErrDepth is a document that nests deeper than it can be read.
var ErrDepth = errors.New("nested too deep")

// Error is a value that cannot be read, with its place.
type Error struct {
	Path string // such as "details[0].price"; "" for the whole
	Err  error
}

// Error names the place first.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *Error) Unwrap() error { return e.Err }

// Row is a row of a list that cannot be read.
type Row struct {
	List  string // the member that has the rows
	Index int    // from 0
	ID    string // "" when it has none
	Path  string // inside the row
	Raw   []byte // as it came
	Err   error
}

// Report is what was odd about a document that was read all the same.
type Report struct {
	Rows     []Row    // rows that are not in the value that was read
	Repaired []string // paths of texts with broken bytes
	Respelt  []string // paths of values that were spelt otherwise than the type has them
}

// JSON decodes a document into the value that out points to, and reads what encoding/json
// refuses. A field with the struct tag rows, which names the member that identifies a row, is
// a list of which each row is read alone: one that cannot be read is left out and reported.
// Any other value that cannot be read is an *Error. What out had before in its lists is lost.
func JSON(data []byte, out any) (Report, error) {
	clean := CleanJSON(data)
	if !json.Valid(clean) {
		if TooDeep(clean) {
			return Report{}, fmt.Errorf("%w: more than %d levels", ErrDepth, MaxDepth)
		}
		return Report{}, json.Unmarshal(clean, out) // it says where
	}
	r := reader{data: data, fields: make(map[reflect.Type]Fields)}
	if err := r.value(reflect.TypeOf(out), reflect.ValueOf(out)); err != nil {
		return Report{}, err
	}
	dropLists(reflect.ValueOf(out))
	return r.report, json.Unmarshal(r.out, out)
}

// Decode decodes a document by encoding/json, and by [JSON] if that fails. It is for what is
// read beside the answer itself, such as the errors in a refusal.
func Decode(data []byte, out any) error {
	if json.Unmarshal(data, out) == nil {
		return nil
	}
	_, err := JSON(data, out)
	return err
}

// dropLists empties the lists of a value: the decoder would leave what an element had before
// where a row lacks a member.
func dropLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			dropLists(v.Elem())
		}
	case reflect.Slice:
		if v.CanSet() {
			v.SetZero()
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			dropLists(field)
		}
	}
}

// reader writes a document anew as encoding/json takes it, guided by the type that it is
// decoded into. The document is valid but for the texts in it.
type reader struct {
	data   []byte
	pos    int
	out    []byte
	path   []byte
	row    int // where the path inside the current row begins
	report Report
	fields map[reflect.Type]Fields
}

func (r *reader) fieldsOf(t reflect.Type) Fields {
	fields, known := r.fields[t]
	if !known {
		fields = FieldsOf(t)
		r.fields[t] = fields
	}
	return fields
}

// fail is the error for the value at the current place.
func (r *reader) fail(err error) error {
	return &Error{strings.TrimPrefix(string(r.path[r.row:]), "."), err}
}

// space skips white space.
func (r *reader) space() {
	for r.pos < len(r.data) && strings.IndexByte(" \t\r\n", r.data[r.pos]) >= 0 {
		r.pos++
	}
}

// at enters a member or an element, and returns a function that leaves it.
func (r *reader) at(step string) (leave func()) {
	length := len(r.path)
	if length > 0 && step[0] != '[' {
		r.path = append(r.path, '.')
	}
	r.path = append(r.path, step...)
	return func() { r.path = r.path[:length] }
}

// word returns a string, a number or a literal as it came, and moves behind it.
func (r *reader) word() []byte {
	start := r.pos
	if r.data[start] == '"' {
		r.pos = stringEnd(r.data, start)
		return r.data[start:r.pos]
	}
	for r.pos < len(r.data) && strings.IndexByte(" \t\r\n,]}", r.data[r.pos]) < 0 {
		r.pos++
	}
	return r.data[start:r.pos]
}

// whole returns the next value, of any kind, and stays in front of it.
func (r *reader) whole() []byte {
	start, depth := r.pos, 0
	defer func() { r.pos = start }()
	for {
		switch r.data[r.pos] {
		case '{', '[':
			depth++
			r.pos++
		case '}', ']':
			depth--
			r.pos++
		case ' ', '\t', '\r', '\n', ',', ':':
			r.pos++
			continue
		default:
			r.word()
		}
		if depth == 0 {
			return r.data[start:r.pos]
		}
	}
}

// clean writes a string, number or literal with its text repaired, and returns it.
func (r *reader) clean(raw []byte) []byte {
	start := len(r.out)
	if raw[0] != '"' {
		r.out = append(r.out, raw...)
		return r.out[start:]
	}
	var repaired bool
	r.out, repaired = cleanString(r.out, raw)
	if repaired {
		r.report.Repaired = append(r.report.Repaired, string(r.path))
	}
	return r.out[start:]
}

// respell writes text, which stands for a value that was spelt otherwise.
func (r *reader) respell(text string) {
	r.out = append(r.out, text...)
	r.report.Respelt = append(r.report.Respelt, string(r.path))
}

// value writes the next value for a type, which is nil for one that is read as it is. v is
// the value that it is decoded into, where that is known.
func (r *reader) value(t reflect.Type, v reflect.Value) error {
	r.space()
	t, v, nullable := target(t, v)
	switch c := r.data[r.pos]; {
	case t != nil && (HasDecoder(t) || reflect.PointerTo(t).Implements(textType)):
		return r.own(t)
	case c == '{':
		return r.object(t, v)
	case c == '[':
		return r.list(t)
	case t == nil:
		r.clean(r.word())
		return nil
	default:
		return r.plain(t, nullable)
	}
}

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

// target follows pointers, and interfaces that hold one, to the type that is decoded into.
func target(t reflect.Type, v reflect.Value) (_ reflect.Type, _ reflect.Value, nullable bool) {
	for t != nil {
		switch {
		case t.Kind() == reflect.Pointer:
			t, nullable = t.Elem(), true
			if v.IsValid() {
				v = v.Elem()
			}
		case t.Kind() != reflect.Interface:
			return t, v, nullable
		case !v.IsValid() || v.IsNil() || v.Elem().Kind() != reflect.Pointer:
			return nil, v, nullable
		default:
			v = v.Elem()
			t = v.Type()
		}
	}
	return nil, v, nullable
}

// own writes a value for a type that reads it by itself.
func (r *reader) own(t reflect.Type) error {
	mark := len(r.out)
	if c := r.data[r.pos]; c == '{' || c == '[' {
		shape, _ := Shape(CleanJSON(r.whole()), t)
		if err := r.shaped(shape); err != nil {
			return err
		}
		if err := decode(r.out[mark:], t); err != nil {
			return r.fail(err)
		}
		return nil
	}
	written := r.clean(r.word())
	refusal := decode(written, t)
	if refusal == nil {
		return nil
	}
	for _, spelling := range spellings(written) {
		if decode([]byte(spelling), t) == nil {
			r.out = r.out[:mark]
			r.respell(spelling)
			return nil
		}
	}
	return r.fail(refusal)
}

// shaped writes an object or a list of a shape, nil for one in which anything goes.
func (r *reader) shaped(shape any) error {
	tuple, ok := shape.(Tuple)
	if !ok || r.data[r.pos] != '[' {
		return r.value(reflect.TypeOf(shape), reflect.Value{})
	}
	return r.elements(func(i int) error {
		if i < len(tuple) {
			return r.value(reflect.TypeOf(tuple[i]), reflect.Value{})
		}
		return r.value(nil, reflect.Value{})
	})
}

func decode(data []byte, t reflect.Type) error {
	err := json.Unmarshal(data, reflect.New(t).Interface())
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return refused(data, reasonFor(t))
	}
	return err
}

// object writes an object for a struct, a map or a type that is not known.
func (r *reader) object(t reflect.Type, v reflect.Value) error {
	var fields Fields
	var element reflect.Type
	switch {
	case t == nil:
	case t.Kind() == reflect.Struct:
		fields = r.fieldsOf(t)
	case t.Kind() == reflect.Map:
		element = t.Elem()
	default:
		return r.fail(refused(r.whole(), reasonFor(t)))
	}
	r.pos++
	r.out = append(r.out, '{')
	for first := true; ; first = false {
		if r.space(); r.data[r.pos] == '}' {
			break
		}
		if !first {
			r.pos++ // the comma
			r.space()
			r.out = append(r.out, ',')
		}
		name := r.name()
		field, known := fields.Find(name)
		if !known {
			field.Type = element
		}
		if err := r.member(name, field, v); err != nil {
			return err
		}
	}
	r.pos++
	r.out = append(r.out, '}')
	return nil
}

// name writes the name of a member and the colon behind it.
func (r *reader) name() string {
	start := len(r.out)
	r.out, _ = cleanString(r.out, r.word())
	var name string
	_ = json.Unmarshal(r.out[start:], &name) // a string
	r.space()
	r.pos++ // the colon
	r.out = append(r.out, ':')
	return name
}

// member writes the value of a member of what is decoded into v.
func (r *reader) member(name string, field Field, v reflect.Value) error {
	defer r.at(cmp.Or(name, `""`))()
	if r.space(); field.Rows && r.data[r.pos] == '[' {
		return r.rows(name, field)
	}
	inner := reflect.Value{}
	if v.IsValid() && v.Kind() == reflect.Struct && field.Index != nil {
		inner, _ = v.FieldByIndexErr(field.Index) // an embedded pointer may be nil
	}
	return r.value(field.Type, inner)
}

// list writes a list, the elements of which are those of t.
func (r *reader) list(t reflect.Type) error {
	var element reflect.Type
	if t != nil {
		if t.Kind() != reflect.Slice && t.Kind() != reflect.Array {
			return r.fail(refused(r.whole(), reasonFor(t)))
		}
		element = t.Elem()
	}
	return r.elements(func(int) error { return r.value(element, reflect.Value{}) })
}

// rows writes a list without the rows that cannot be read.
func (r *reader) rows(list string, field Field) error {
	element := deref(field.Type).Elem()
	return r.elements(func(i int) error {
		raw, mark, outer := r.whole(), len(r.out), r.row
		end := r.pos + len(raw)
		if isClean(raw) && decode(raw, element) == nil { // nothing is odd about it
			r.pos, r.out = end, append(r.out, raw...)
			return nil
		}
		r.row = len(r.path)
		err := r.value(element, reflect.Value{})
		if err == nil {
			err = decode(r.out[mark:], element)
		}
		r.row = outer
		if err == nil {
			return nil
		}
		r.pos, r.out = end, r.out[:mark]
		row := Row{List: list, Index: i, ID: idOf(raw, field.ID), Raw: slices.Clone(raw), Err: err}
		if e, ok := errors.AsType[*Error](err); ok {
			row.Path, row.Err = e.Path, e.Err
		}
		r.report.Rows = append(r.report.Rows, row)
		return nil
	})
}

// idOf is the text of the member that identifies a row. A point separates the names of one
// inside another.
func idOf(row []byte, member string) string {
	var members map[string]json.RawMessage
	if member == "" || json.Unmarshal(CleanJSON(row), &members) != nil {
		return ""
	}
	name, rest, inside := strings.Cut(member, ".")
	raw := members[name]
	if inside {
		return idOf(raw, rest)
	}
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null" {
		return ""
	}
	return unquote(raw)
}

// elements writes a list by means of a function that writes one element, or nothing.
func (r *reader) elements(write func(index int) error) error {
	r.pos++
	r.out = append(r.out, '[')
	written := 0
	for i := 0; ; i++ {
		if r.space(); r.data[r.pos] == ']' {
			break
		}
		if i > 0 {
			r.pos++ // the comma
			r.space()
		}
		mark := len(r.out)
		if written > 0 {
			r.out = append(r.out, ',')
		}
		before := len(r.out)
		leave := r.at("[" + strconv.Itoa(i) + "]")
		err := write(i)
		leave()
		if err != nil {
			return err
		}
		if len(r.out) == before {
			r.out = r.out[:mark]
			continue
		}
		written++
	}
	r.pos++
	r.out = append(r.out, ']')
	return nil
}
