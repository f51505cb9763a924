package oauth

import (
	"regexp"
	"strings"
	"unicode"
)

const redacted = "[redacted]"

var (
	// secretMember is a member or parameter that holds a secret, in whatever the answer
	// was meant to be.
	secretMember = regexp.MustCompile(`(?i)((?:access|refresh|id)_?token|client_secret|client_assertion|assertion|code_verifier)` +
		`(\\?["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[\[{][^\]}]*[\]}]?|[^\s&,}\]<]+)`)
	// secretCode is a code where it is a parameter; as a member it is an error's.
	secretCode = regexp.MustCompile(`\bcode=[^\s&<"]+`)
	// opaque is a run that no word of a message is as long as.
	opaque = regexp.MustCompile(`[A-Za-z0-9_~+/=-]{20,}`)
)

// redact removes from a foreign text what was sent, what is named like a secret, and
// what looks like one.
func (c *tokenCall) redact(text string) string {
	text = secretMember.ReplaceAllString(text, "${1}${2}"+redacted)
	text = secretCode.ReplaceAllString(text, "code="+redacted)
	text = c.sent.Text(text)
	return opaque.ReplaceAllStringFunc(text, func(run string) string {
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
