package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"time"
)

const (
	sessionCookie   = "__Host-session" // a browser takes it from https and for this host alone
	sessionLifetime = 12 * time.Hour
)

// session is what one browser may see. The browser has a random word, the store its hash,
// so that whoever reads the store cannot sign in.
type session struct {
	ID    string // empty: nobody has signed in
	CSRF  string
	Admin bool
	Shops []shopKey
}

func (s session) mayRead(key shopKey) bool { return s.Admin || slices.Contains(s.Shops, key) }

// genuine reports whether a form was made for this session.
func (s session) genuine(token string) bool {
	return s.ID != "" && subtle.ConstantTimeCompare([]byte(s.CSRF), []byte(token)) == 1
}

func sessionID(word string) string {
	sum := sha256.Sum256([]byte(word))
	return hex.EncodeToString(sum[:])
}

// session returns the session of a request; the zero session if there is none.
func (a *app) session(r *http.Request) (session, error) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return session{}, nil //nolint:nilerr // no cookie is no session
	}
	return a.store.session(r.Context(), sessionID(cookie.Value))
}

func (s *store) session(ctx context.Context, id string) (session, error) {
	found := session{ID: id}
	err := s.db.QueryRowContext(ctx, `SELECT csrf, admin FROM app_sessions WHERE id = $1 AND expires > $2`, id, time.Now().Unix()).
		Scan(&found.CSRF, &found.Admin)
	if errors.Is(err, sql.ErrNoRows) {
		return session{}, nil
	}
	if err != nil {
		return session{}, err
	}
	rows, err := s.db.QueryContext(ctx, `SELECT platform, shop FROM app_session_shops WHERE session = $1 ORDER BY platform, shop`, id)
	if err != nil {
		return session{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var key shopKey
		if err := rows.Scan(&key.Platform, &key.ID); err != nil {
			return session{}, err
		}
		found.Shops = append(found.Shops, key)
	}
	return found, rows.Err()
}

// signIn begins a session that has what an earlier one of the browser had, and more. Its
// word is another one: what was known before the sign-in is worth nothing after it.
func (s *store) signIn(ctx context.Context, earlier string, admin bool, shops ...shopKey) (*http.Cookie, error) {
	old, err := s.session(ctx, earlier)
	if err != nil {
		return nil, err
	}
	word := rand.Text()
	id := sessionID(word)
	err = s.inTx(ctx, func(exec func(string, ...any) error) error {
		errs := []error{
			exec(`DELETE FROM app_session_shops WHERE session = $1`, earlier),
			exec(`DELETE FROM app_sessions WHERE id = $1`, earlier),
			exec(`INSERT INTO app_sessions (id, csrf, admin, expires) VALUES ($1, $2, $3, $4)`,
				id, rand.Text(), admin || old.Admin, time.Now().Add(sessionLifetime).Unix()),
		}
		for _, key := range append(old.Shops, shops...) {
			errs = append(errs, exec(`INSERT INTO app_session_shops (session, platform, shop) VALUES ($1, $2, $3)
				ON CONFLICT DO NOTHING`, id, key.Platform, key.ID))
		}
		return errors.Join(errs...)
	})
	return cookie(sessionCookie, word, sessionLifetime), err
}

func (s *store) signOut(ctx context.Context, id string) error {
	return s.inTx(ctx, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec(`DELETE FROM app_session_shops WHERE session = $1`, id),
			exec(`DELETE FROM app_sessions WHERE id = $1`, id),
		)
	})
}

// endSessions removes the sessions that are over.
func (s *store) endSessions(ctx context.Context) error {
	return s.inTx(ctx, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec(`DELETE FROM app_sessions WHERE expires <= $1`, time.Now().Unix()),
			exec(`DELETE FROM app_session_shops WHERE session NOT IN (SELECT id FROM app_sessions)`),
		)
	})
}

// cookie makes one that scripts cannot read and other sites cannot send along with a
// form. Lax and not Strict: the first page after a login is opened by the platform.
func cookie(name, value string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}
