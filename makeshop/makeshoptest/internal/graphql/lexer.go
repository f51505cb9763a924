package graphql

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

type kind int

const (
	endOfText kind = iota
	punctuator
	name
	intNumber
	floatNumber
	text
)

type token struct {
	kind kind
	// text is the value: of a string without quotes and escapes.
	text string
	at   Position
}

func (t token) describe() string {
	switch t.kind {
	case endOfText:
		return "<EOF>"
	case name:
		return "Name " + strconv.Quote(t.text)
	case intNumber:
		return "Int " + strconv.Quote(t.text)
	case floatNumber:
		return "Float " + strconv.Quote(t.text)
	case text:
		return "String " + strconv.Quote(t.text)
	default:
		return t.text
	}
}

type lexer struct {
	src  string
	pos  int
	line int
	// lineStart is where the line begins.
	lineStart int
}

func newLexer(src string) *lexer { return &lexer{src: strings.TrimPrefix(src, "\uFEFF"), line: 1} }

func (l *lexer) place(offset int) Position {
	return Position{Line: l.line, Column: utf8.RuneCountInString(l.src[l.lineStart:offset]) + 1}
}

func (l *lexer) newline(next int) {
	l.line++
	l.lineStart = next
}

// skip passes over white space, commas and comments.
func (l *lexer) skip() {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case ' ', '\t', ',', '\r':
			l.pos++
		case '\n':
			l.pos++
			l.newline(l.pos)
		case '#':
			for l.pos < len(l.src) && l.src[l.pos] != '\n' {
				l.pos++
			}
		default:
			return
		}
	}
}

func (l *lexer) next() (token, *Error) {
	l.skip()
	at := l.place(l.pos)
	if l.pos == len(l.src) {
		return token{kind: endOfText, at: at}, nil
	}
	switch c := l.src[l.pos]; {
	case strings.IndexByte("!$&()[]{}:=@|", c) >= 0:
		l.pos++
		return token{kind: punctuator, text: string(c), at: at}, nil
	case strings.HasPrefix(l.src[l.pos:], "..."):
		l.pos += 3
		return token{kind: punctuator, text: "...", at: at}, nil
	case isNameStart(c):
		return token{kind: name, text: l.take(isNamePart), at: at}, nil
	case c == '-' || isDigit(c):
		return l.number(at)
	case strings.HasPrefix(l.src[l.pos:], `"""`):
		return l.block(at)
	case c == '"':
		return l.quoted(at)
	default:
		r, _ := utf8.DecodeRuneInString(l.src[l.pos:])
		return token{}, parseError(at, "Cannot parse the unexpected character %q.", r)
	}
}

func (l *lexer) take(part func(byte) bool) string {
	begin := l.pos
	for l.pos < len(l.src) && part(l.src[l.pos]) {
		l.pos++
	}
	return l.src[begin:l.pos]
}

func isDigit(c byte) bool     { return '0' <= c && c <= '9' }
func isNameStart(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }
func isNamePart(c byte) bool  { return isNameStart(c) || isDigit(c) }

func (l *lexer) number(at Position) (token, *Error) {
	begin := l.pos
	bad := parseError(at, "Invalid number.")
	if l.src[l.pos] == '-' {
		l.pos++
	}
	if whole := l.take(isDigit); whole == "" || len(whole) > 1 && whole[0] == '0' {
		return token{}, bad
	}
	found := intNumber
	if l.pos < len(l.src) && l.src[l.pos] == '.' {
		found = floatNumber
		l.pos++
		if l.take(isDigit) == "" {
			return token{}, bad
		}
	}
	if l.pos < len(l.src) && l.src[l.pos]|0x20 == 'e' {
		found = floatNumber
		l.pos++
		if l.pos < len(l.src) && (l.src[l.pos] == '+' || l.src[l.pos] == '-') {
			l.pos++
		}
		if l.take(isDigit) == "" {
			return token{}, bad
		}
	}
	if l.pos < len(l.src) && (isNameStart(l.src[l.pos]) || l.src[l.pos] == '.') {
		return token{}, bad
	}
	return token{kind: found, text: l.src[begin:l.pos], at: at}, nil
}

func (l *lexer) quoted(at Position) (token, *Error) {
	l.pos++
	var b strings.Builder
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == '"':
			l.pos++
			return token{kind: text, text: b.String(), at: at}, nil
		case c == '\n' || c == '\r':
			return token{}, parseError(at, "Unterminated string.")
		case c == '\\':
			if !l.escape(&b) {
				return token{}, parseError(at, "Invalid character escape sequence.")
			}
		case c < ' ' && c != '\t':
			return token{}, parseError(at, "Invalid character within String: %q.", c)
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
	return token{}, parseError(at, "Unterminated string.")
}

const (
	escapes  = `"\/bfnrt`
	unescape = "\"\\/\b\f\n\r\t"
)

func (l *lexer) escape(b *strings.Builder) bool {
	rest := l.src[l.pos+1:]
	if rest == "" {
		return false
	}
	if i := strings.IndexByte(escapes, rest[0]); i >= 0 {
		b.WriteByte(unescape[i])
		l.pos += 2
		return true
	}
	if rest[0] != 'u' || len(rest) < 5 {
		return false
	}
	code, err := strconv.ParseUint(rest[1:5], 16, 16)
	if err != nil {
		return false
	}
	b.WriteRune(rune(code))
	l.pos += 6
	return true
}

// block reads a block string; its indentation stays, which no caller minds.
func (l *lexer) block(at Position) (token, *Error) {
	l.pos += 3
	var b strings.Builder
	for l.pos < len(l.src) {
		rest := l.src[l.pos:]
		switch {
		case strings.HasPrefix(rest, `"""`):
			l.pos += 3
			return token{kind: text, text: b.String(), at: at}, nil
		case strings.HasPrefix(rest, `\"""`):
			b.WriteString(`"""`)
			l.pos += 4
		default:
			b.WriteByte(rest[0])
			l.pos++
			if rest[0] == '\n' {
				l.newline(l.pos)
			}
		}
	}
	return token{}, parseError(at, "Unterminated string.")
}
