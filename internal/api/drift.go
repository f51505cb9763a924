package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/shotengai/shotengai-go/internal/lenient"
)

// unknownMembers lists the paths of JSON members that decoding data into a t drops. A
// member that is unknown in many elements of a list is listed with the first of them. Data that
// the decoder would refuse may have any result.
func unknownMembers(data []byte, t reflect.Type) []string {
	w := driftWalk{data: data}
	w.value(shapeOf(t))
	slices.Sort(w.found)
	return w.found
}

// firsts sorts paths, and keeps the first of those that differ in indexes only.
func firsts(paths []string) []string {
	seen := make(map[string]bool)
	paths = slices.DeleteFunc(paths, func(path string) bool {
		every := withoutIndexes(path)
		known := seen[every]
		seen[every] = true
		return known
	})
	slices.Sort(paths)
	return paths
}

// withoutIndexes is a path with "[]" for each index in it.
func withoutIndexes(path string) string {
	parts := strings.Split(path, "[")
	for i, part := range parts[1:] {
		if rest := strings.TrimLeft(part, "0123456789"); strings.HasPrefix(rest, "]") {
			parts[i+1] = rest
		}
	}
	return strings.Join(parts, "[")
}

// shape is what is known of the values of a type. A nil one is that of values in which every
// member is read, or none is looked at.
type shape struct {
	members  map[string]*shape // of a struct
	fields   lenient.Fields    // of a struct
	elements *shape            // of a list or a map
	mapped   bool              // it is a map
	own      reflect.Type      // of a type that says its shape by itself, from the data
}

var shapes sync.Map // of *shape by reflect.Type

func shapeOf(t reflect.Type) *shape {
	if t == nil {
		return nil
	}
	if s, ok := shapes.Load(t); ok {
		return s.(*shape) //nolint:errcheck,forcetypeassert // there is no other
	}
	s, _ := shapes.LoadOrStore(t, newShape(t, make(map[reflect.Type]*shape)))
	return s.(*shape) //nolint:errcheck,forcetypeassert // there is no other
}

// newShape makes the shape of a type. Those of the types around it, in which it may be once
// more, are in made.
func newShape(t reflect.Type, made map[reflect.Type]*shape) *shape {
	for t.Kind() == reflect.Pointer && !lenient.IsShaper(t) {
		t = t.Elem()
	}
	if s, ok := made[t]; ok {
		return s
	}
	switch kind := t.Kind(); {
	case lenient.IsShaper(t) || lenient.IsShaper(reflect.PointerTo(t)):
		return &shape{own: t}
	case lenient.HasDecoder(t):
		return nil
	case kind == reflect.Struct:
		s := &shape{members: make(map[string]*shape), fields: lenient.FieldsOf(t)}
		made[t] = s
		for name, field := range s.fields {
			s.members[name] = newShape(field.Type, made)
		}
		return s
	case kind == reflect.Map || kind == reflect.Slice || kind == reflect.Array:
		s := &shape{mapped: kind == reflect.Map}
		made[t] = s
		s.elements = newShape(t.Elem(), made)
		return s
	}
	return nil
}

// driftWalk walks once over a document that the decoder takes, beside what is known of it. Any
// other one is walked in some way to its end.
type driftWalk struct {
	data []byte
	pos  int
	path []step // to the value at pos

	found  []string
	seen   map[string]bool // paths that were found, without indexes
	missed map[missing]bool
	buffer []byte
}

// step is the name of a member, or the index of an element where that is nil.
type step struct {
	name  []byte
	index int
}

// missing is a name that no field has.
type missing struct {
	of   *shape
	name string
}

// value walks over a value, and looks into it where there is something to look for.
func (w *driftWalk) value(s *shape) {
	switch c := w.next(); {
	case s == nil:
		w.skip()
	case s.own != nil:
		w.ownShape(s.own)
	case c == '{' && s.members != nil:
		w.object(func(name []byte) { w.member(s, name) })
	case c == '{' && s.mapped:
		w.object(func([]byte) { w.value(s.elements) })
	case c == '[' && s.members == nil && !s.mapped:
		w.list(func(int) { w.value(s.elements) })
	default:
		w.skip()
	}
}

// member walks over a member of a struct.
func (w *driftWalk) member(s *shape, name []byte) {
	if inner, known := s.members[string(name)]; known {
		w.value(inner)
		return
	}
	if !w.missed[missing{s, string(name)}] {
		if field, known := s.fields.Find(string(name)); known {
			w.value(shapeOf(field.Type))
			return
		}
		if w.missed == nil {
			w.missed = make(map[missing]bool)
		}
		w.missed[missing{s, string(name)}] = true
	}
	w.report()
	w.skip()
}

// ownShape looks into a value as its type wants it, which has to see the value for that.
func (w *driftWalk) ownShape(t reflect.Type) {
	start := w.pos
	w.skip()
	value := lenient.CleanJSON(w.data[start:w.pos])
	data, pos := w.data, w.pos
	w.data, w.pos = value, 0
	of, _ := lenient.Shape(value, t)
	if tuple, ok := of.(lenient.Tuple); !ok {
		w.value(shapeOf(reflect.TypeOf(of)))
	} else if w.next() == '[' {
		w.list(func(i int) {
			if i < len(tuple) {
				w.value(shapeOf(reflect.TypeOf(tuple[i])))
			} else {
				w.skip()
			}
		})
	}
	w.data, w.pos = data, pos
}

// object walks over the members of an object.
func (w *driftWalk) object(member func(name []byte)) {
	w.pos++
	w.path = append(w.path, step{})
	for w.next() == '"' {
		name := w.name()
		if w.next() != ':' {
			break
		}
		w.pos++
		w.path[len(w.path)-1] = step{name: name}
		member(name)
		if w.next() != ',' {
			break
		}
		w.pos++
	}
	w.path = w.path[:len(w.path)-1]
	w.pos++ // the brace
}

// list walks over the elements of a list.
func (w *driftWalk) list(element func(index int)) {
	w.pos++
	w.path = append(w.path, step{})
	for i := 0; w.pos < len(w.data) && w.next() != ']'; i++ {
		w.path[len(w.path)-1] = step{index: i}
		element(i)
		if w.next() != ',' {
			break
		}
		w.pos++
	}
	w.path = w.path[:len(w.path)-1]
	w.pos++ // the bracket
}

// next is the first byte of the next token, to which it moves; 0 at the end.
func (w *driftWalk) next() byte {
	for ; w.pos < len(w.data); w.pos++ {
		if c := w.data[w.pos]; c > ' ' {
			return c
		}
	}
	return 0
}

// name reads the name of a member, which is not nil.
func (w *driftWalk) name() []byte {
	raw := w.text()
	if len(raw) >= 2 && bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	var name string
	_ = json.Unmarshal(lenient.CleanJSON(raw), &name) // a string
	return append([]byte{}, name...)
}

// text walks over a string.
func (w *driftWalk) text() []byte {
	start := w.pos
	for w.pos++; w.pos < len(w.data); w.pos++ {
		end := bytes.IndexByte(w.data[w.pos:], '"')
		if end < 0 {
			break
		}
		escape := bytes.IndexByte(w.data[w.pos:w.pos+end], '\\')
		if escape < 0 {
			w.pos += end + 1
			return w.data[start:w.pos]
		}
		w.pos += escape + 1 // to what is escaped
	}
	w.pos = len(w.data)
	return w.data[start:]
}

// skip walks over a value without a look into it.
func (w *driftWalk) skip() {
	for depth := 0; ; {
		switch w.next() {
		case 0:
			return
		case '"':
			w.text()
		case '{', '[':
			depth++
			w.pos++
		case '}', ']':
			depth--
			w.pos++
		case ',', ':':
			w.pos++
			continue
		default:
			w.word()
		}
		if depth <= 0 {
			return
		}
	}
}

// word walks over a number or a literal.
func (w *driftWalk) word() {
	for w.pos++; w.pos < len(w.data); w.pos++ {
		switch w.data[w.pos] {
		case ',', ']', '}', ' ', '\t', '\r', '\n':
			return
		}
	}
}

// report puts the current path down, if it is the first that differs in more than indexes.
func (w *driftWalk) report() {
	w.buffer = w.appendPath(w.buffer[:0], false)
	if w.seen[string(w.buffer)] {
		return
	}
	if w.seen == nil {
		w.seen = make(map[string]bool)
	}
	w.seen[string(w.buffer)] = true
	w.found = append(w.found, strings.ToValidUTF8(string(w.appendPath(nil, true)), "\uFFFD"))
}

func (w *driftWalk) appendPath(path []byte, indexes bool) []byte {
	for _, s := range w.path {
		switch {
		case s.name == nil:
			path = append(path, '[')
			if indexes {
				path = strconv.AppendInt(path, int64(s.index), 10)
			}
			path = append(path, ']')
			continue
		case len(path) > 0:
			path = append(path, '.')
		}
		path = append(path, s.name...)
	}
	return path
}
