package strictjson

import (
	"reflect"
	"strings"
	"sync"
)

// CheckRead is [CheckObject] for a document of which only the members of a type are
// read: into is what it will be decoded into by encoding/json. Among these members a name
// may occur once, and their text has to be UTF-8; what nobody reads has to be JSON that is
// not nested too deep, and may be ambiguous. Half of a surrogate pair is valid JSON and
// passes everywhere: the decoder replaces it by U+FFFD. What a map, an interface or
// a json.RawMessage takes in is read as a whole, as [Check] reads it.
func CheckRead(data []byte, into any) error {
	s := scanner{data: data}
	if err := s.document(shapeOf(reflect.TypeOf(into))); err != nil {
		return err
	}
	return isObject(data)
}

// A shape is what is read of a value. Nil: nothing.
type shape struct {
	names   []string // of the members that are read
	members []*shape
	elem    *shape // of the elements of an array
}

// everything is the shape of a value that is read as a whole.
var everything = &shape{}

func (as *shape) element() *shape {
	if as == nil || as == everything {
		return as
	}
	return as.elem
}

// members scans an object of which a shape is read.
func (s *scanner) members(depth int, as *shape) error {
	s.pos++
	s.space()
	if s.take('}') {
		return nil
	}
	var room [32]bool // enough for most types, and it stays on the stack
	seen := room[:]
	if as != nil && len(as.names) > len(room) {
		seen = make([]bool, len(as.names))
	}
	for {
		if s.peek() != '"' {
			return s.unexpected()
		}
		start := s.pos
		if err := s.text(nil); err != nil {
			return err
		}
		var member *shape
		if i := as.index(s.data[start+1 : s.pos-1]); i >= 0 {
			if seen[i] {
				return failAt(ErrDuplicateKey, start)
			}
			seen[i], member = true, as.members[i]
		}
		s.space()
		if !s.take(':') {
			return s.unexpected()
		}
		s.space()
		if err := s.value(depth, member); err != nil {
			return err
		}
		s.space()
		if s.take('}') {
			return nil
		}
		if !s.take(',') {
			return s.unexpected()
		}
		s.space()
	}
}

// index returns which member a scanned name is, unescaped and without regard to case, or
// -1 for one that is not read.
func (as *shape) index(name []byte) int {
	if as == nil {
		return -1
	}
	for i, known := range as.names {
		if same(name, known, fold) {
			return i
		}
	}
	return -1
}

// same compares a scanned name, unescaped, with another by what is made of each character.
func same(scanned []byte, name string, of func(rune) rune) bool {
	for _, r := range name {
		if len(scanned) == 0 {
			return false
		}
		q, size := firstRune(scanned)
		if of(q) != of(r) {
			return false
		}
		scanned = scanned[size:]
	}
	return len(scanned) == 0
}

var shapes sync.Map // of reflect.Type to *shape

// shapeOf returns what encoding/json reads into a type.
func shapeOf(t reflect.Type) *shape {
	known, _ := shapes.Load(t)
	if known, ok := known.(*shape); ok {
		return known
	}
	made := makeShape(t, map[reflect.Type]*shape{})
	shapes.Store(t, made)
	return made
}

func makeShape(t reflect.Type, open map[reflect.Type]*shape) *shape {
	if t == nil {
		return everything
	}
	if made := open[t]; made != nil {
		return made
	}
	made := &shape{}
	open[t] = made
	switch t.Kind() {
	case reflect.Pointer:
		return makeShape(t.Elem(), open)
	case reflect.Map, reflect.Interface:
		return everything
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 { // a json.RawMessage
			return everything
		}
		made.elem = makeShape(t.Elem(), open)
	case reflect.Struct:
		for _, field := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !field.IsExported() || name == "-" || field.Anonymous && name == "" {
				continue
			}
			if name == "" {
				name = field.Name
			}
			made.names = append(made.names, name)
			made.members = append(made.members, makeShape(field.Type, open))
		}
	}
	return made
}
