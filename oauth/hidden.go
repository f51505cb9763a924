package oauth

import (
	"fmt"
	"io"
	"log/slog"
)

// The fmt package shows unexported fields as they are, and for a verb that does not fit
// also what is behind a pointer in a field. Values with secrets in such a place, and those
// that are held by pointer, print themselves.

// Format writes the grant with its tokens masked, whatever the verb.
func (g Grant) Format(f fmt.State, _ rune) {
	type plain Grant
	_, _ = fmt.Fprintf(f, "%+v", plain(g))
}

// Format writes the provider with its client's secret masked, whatever the verb.
func (p Provider) Format(f fmt.State, _ rune) {
	type plain Provider
	_, _ = fmt.Fprintf(f, "%+v", plain(p))
}

// Format writes the grant, with its tokens masked, and the hint, whatever the verb.
func (f FinishedLogin) Format(to fmt.State, _ rune) {
	_, _ = fmt.Fprintf(to, "{Grant:%v Hint:%v}", f.Grant, f.Hint)
}

// LogValue returns the grant, with its tokens masked, and the hint.
func (f FinishedLogin) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("grant", f.Grant), slog.String("hint", f.Hint))
}

// Format writes the name of the provider alone, whatever the verb.
func (m *Manager) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, m.String()) }

// String names the provider.
func (m *Manager) String() string { return "[grants of " + m.provider.Name + "]" }

// LogValue is what String returns.
func (m *Manager) LogValue() slog.Value { return slog.StringValue(m.String()) }

// Format writes the name of the provider alone, whatever the verb.
func (h *Handler) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, h.String()) }

// String names the provider.
func (h *Handler) String() string { return "[logins of " + h.config.Provider.Name + "]" }

// LogValue is what String returns.
func (h *Handler) LogValue() slog.Value { return slog.StringValue(h.String()) }
