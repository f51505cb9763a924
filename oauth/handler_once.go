package oauth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// maxUsed bounds how many finished logins are remembered.
const maxUsed = 10_000

var errUnfinished = errors.New("oauth: the login was not finished")

// finished is the answer to a callback.
type finished struct {
	next    string
	cookies []*http.Cookie
}

// usedLogins remembers the logins that were finished here, until they would have ended
// anyway, so that each is exchanged once. Its zero value is ready.
type usedLogins struct {
	mu     sync.Mutex
	logins map[string]*usedLogin
}

type usedLogin struct {
	callback [sha256.Size]byte // what the redirect brought
	expires  time.Time
	done     chan struct{}
	result   *finished
	err      error
}

// once runs finish for the first callback of a login. The same callback again, a double
// click, gets what the first one got; any other is refused.
func (u *usedLogins) once(ctx context.Context, login Login, query url.Values, finish func(context.Context) (*finished, error)) (*finished, error) {
	callback := sha256.Sum256([]byte(query.Encode()))
	entry, first := u.enter(login, callback)
	if first {
		defer close(entry.done)
		entry.err = errUnfinished // should finish never return
		entry.result, entry.err = finish(ctx)
		return entry.result, entry.err
	}
	if entry.callback != callback {
		return nil, fmt.Errorf("oauth: %w", ErrLoginUsed)
	}
	select {
	case <-entry.done:
		return entry.result, entry.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (u *usedLogins) enter(login Login, callback [sha256.Size]byte) (entry *usedLogin, first bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if entry := u.logins[login.State]; entry != nil {
		return entry, false
	}
	if u.logins == nil {
		u.logins = make(map[string]*usedLogin)
	}
	u.makeRoom()
	entry = &usedLogin{callback: callback, expires: login.ExpiresAt, done: make(chan struct{})}
	u.logins[login.State] = entry
	return entry, true
}

// makeRoom forgets the logins that have ended, and if there are still too many the one
// that ends first.
func (u *usedLogins) makeRoom() {
	soonest := ""
	for state, entry := range u.logins {
		if !now().Before(entry.expires) {
			delete(u.logins, state)
		} else if soonest == "" || entry.expires.Before(u.logins[soonest].expires) {
			soonest = state
		}
	}
	if len(u.logins) >= maxUsed {
		delete(u.logins, soonest)
	}
}
