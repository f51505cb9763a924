package oauth

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

const redacted = "[redacted]"

// patterns are compiled at the first failure: a program that never asks for a token links no
// regexp.
var patterns struct {
	once sync.Once
	// secretMember is a member or parameter that holds a secret, in whatever the answer
	// was meant to be.
	secretMember *regexp.Regexp
	// secretCode is a code where it is a parameter; as a member it is an error's.
	secretCode *regexp.Regexp
	// opaque is a run that no word of a message is as long as.
	opaque *regexp.Regexp
}

func compilePatterns() {
	patterns.secretMember = regexp.MustCompile(`(?i)((?:access|refresh|id)_?token|client_secret|client_assertion|assertion|code_verifier)` +
		`(\\?["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[\[{][^\]}]*[\]}]?|[^\s&,}\]<]+)`)
	patterns.secretCode = regexp.MustCompile(`\bcode=[^\s&<"]+`)
	patterns.opaque = regexp.MustCompile(`[A-Za-z0-9_~+/=-]{20,}`)
}

// redact removes from a foreign text what was sent, what is named like a secret, and
// what looks like one.
func (c *tokenCall) redact(text string) string {
	patterns.once.Do(compilePatterns)
	text = patterns.secretMember.ReplaceAllString(text, "${1}${2}"+redacted)
	text = patterns.secretCode.ReplaceAllString(text, "code="+redacted)
	text = c.sent.Text(text)
	return patterns.opaque.ReplaceAllStringFunc(text, func(run string) string {
		if random(run) {
			return redacted
		}
		return run
	})
}

// random reports whether a run is a token, not a long identifier such as
// unsupported_grant_type.
func random(run string) bool {
	return strings.ContainsFunc(run, unicode.IsDigit) ||
		strings.ContainsFunc(run, unicode.IsUpper) && strings.ContainsFunc(run, unicode.IsLower)
}
