package oauth

// SetRandom replaces the source of a manager's chances, so that a test can repeat itself. It is
// called before anything else.
func (m *Manager) SetRandom(random func(n int64) int64) { m.random = random }
