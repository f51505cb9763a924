package oauth

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// members are those of an object, each with all of its values as they are written.
type members map[string][]json.RawMessage

// scan returns the members of the first object in a text that has one of the given names,
// and whether the object ends. Unlike a JSON decoder it does not stop at what is wrong with
// the text: it goes on with the next name, and leaves out a member whose value has no end.
func scan(text []byte, names ...string) (m members, ends bool) {
	s := scanner{text: text}
	for {
		start := bytes.IndexByte(s.text[s.pos:], '{')
		if start < 0 {
			return nil, false
		}
		s.pos += start + 1
		m, ends = s.object()
		for _, name := range names {
			if m[name] != nil {
				return m, ends
			}
		}
	}
}

// last returns a member as most decoders read it; nil if it is absent.
func (m members) last(name string) json.RawMessage {
	values := m[name]
	if len(values) == 0 {
		return nil
	}
	return values[len(values)-1]
}

// text returns a member that is a string; absent and null are "".
func (m members) text(name string) (string, error) {
	var s string
	if raw := m.last(name); raw != nil && json.Unmarshal(raw, &s) != nil {
		return "", fmt.Errorf("%s is not a string", name)
	}
	return s, nil
}

// unique is text for a member that must not have several values.
func (m members) unique(name string) (string, error) {
	for _, value := range m[name] {
		if !bytes.Equal(value, m[name][0]) {
			return "", fmt.Errorf("%s has several values", name)
		}
	}
	return m.text(name)
}

// refusal reports whether the members say no, which may also come with a status of success.
func (m members) refusal() bool {
	switch string(m.last("error")) {
	case "", "null", `""`:
		return false
	}
	return true
}

type scanner struct {
	text []byte
	pos  int
}

func (s *scanner) peek() byte {
	if s.pos < len(s.text) {
		return s.text[s.pos]
	}
	return 0
}

// object reads members up to the brace that ends the object, or up to the end of the text.
func (s *scanner) object() (m members, ends bool) {
	m = make(members)
	for s.pos < len(s.text) {
		switch s.peek() {
		case '}':
			s.pos++
			return m, true
		case '"':
			if name, value := s.member(); value != nil {
				m[name] = append(m[name], value)
			}
		default:
			s.pos++
		}
	}
	return m, false
}

// member reads a name with its value; the value is nil if there is none, or no end of it.
func (s *scanner) member() (name string, value json.RawMessage) {
	start := s.pos
	if !s.string() {
		return "", nil
	}
	if json.Unmarshal(s.text[start:s.pos], &name) != nil {
		name = string(s.text[start+1 : s.pos-1])
	}
	s.space()
	if s.peek() != ':' {
		return "", nil
	}
	s.pos++
	s.space()
	start = s.pos
	if s.peek() == '"' {
		if !s.string() {
			return "", nil
		}
	} else if !s.skip() {
		return "", nil
	}
	return name, bytes.TrimSpace(s.text[start:s.pos])
}

func (s *scanner) space() {
	for s.pos < len(s.text) && bytes.IndexByte([]byte(" \t\r\n"), s.text[s.pos]) >= 0 {
		s.pos++
	}
}

// string goes past a string, and reports whether it ends.
func (s *scanner) string() bool {
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case '\\':
			s.pos++
		case '"':
			s.pos++
			return true
		}
	}
	s.pos = len(s.text)
	return false
}

// skip goes past a value that is no string, and reports whether it ends.
func (s *scanner) skip() bool {
	for open := 0; s.pos < len(s.text); {
		switch s.text[s.pos] {
		case '"':
			s.string()
			continue
		case '{', '[':
			open++
		case '}', ']':
			if open == 0 {
				return true
			}
			open--
		case ',':
			if open == 0 {
				return true
			}
		}
		s.pos++
	}
	return false
}
