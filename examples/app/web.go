package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/oauth"
)

//go:embed page
var files embed.FS

var pages = template.Must(template.ParseFS(files, "page/*.html"))

// beside mounts the hooks, which platforms call, beside the pages, which browsers open.
func beside(hooks *hooks.Mux, pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/hooks/", hooks)
	mux.Handle("/", pages)
	return mux
}

// routes are the pages.
func (a *app) routes() http.Handler {
	web := http.NewServeMux()
	web.Handle("GET /{$}", a.page(a.home))
	web.Handle("GET /shops/{platform}/{id}", a.page(a.owned(a.shopPage)))
	web.Handle("GET /shops/{platform}/{id}/data.json", a.page(a.owned(a.exportJSON)))
	web.Handle("GET /shops/{platform}/{id}/orders.csv", a.page(a.owned(a.exportCSV)))
	web.Handle("GET /shops/{platform}/{id}/erase", a.page(a.owned(a.erasePage)))
	web.Handle("GET /erased/{farewell}", a.page(a.erased))
	web.Handle("POST /shops/{platform}/{id}/begin", a.form(a.owned(a.begin)))
	web.Handle("POST /shops/{platform}/{id}/sync", a.form(a.owned(a.syncNow)))
	web.Handle("POST /shops/{platform}/{id}/erase", a.form(a.owned(a.eraseNow)))
	web.Handle("POST /signout", a.form(a.signOut))
	web.Handle("GET /admin", a.page(a.admin))
	web.Handle("POST /admin", a.form(a.adminSignIn))
	web.Handle("GET /admin/licenses", a.page(a.operated(a.licensesPage)))
	web.Handle("POST /admin/licenses", a.form(a.operated(a.licenseEntered)))
	web.Handle("POST /admin/licenses/{id}/remove", a.form(a.operated(a.licenseRemoved)))
	web.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "page/style.css") })
	for _, p := range a.platforms {
		if p.login != nil {
			web.Handle("/login/"+p.name, p.login.LoginHandler())
			web.Handle("/callback/"+p.name, p.login.CallbackHandler())
		}
	}
	return a.browsed(web)
}

// browsed is what stands before all pages.
func (a *app) browsed(web http.Handler) http.Handler {
	return secure(choosesLanguage(a.errorPages(web)))
}

// secure sets what every answer to a browser needs. Pages have neither scripts nor inline
// styles, and nothing in them comes from elsewhere.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Strict-Transport-Security", "max-age=31536000")
		h.Set("Cache-Control", "no-store")
		http.MaxBytesHandler(next, 64<<10).ServeHTTP(w, r)
	})
}

// visit is one request of a browser.
type visit struct {
	session session
	shop    shop   // of pages of a shop
	lang    string // of texts
	title   string // empty: the text of the template
	reopen  string // address, without its query, that shows the page again; empty: the browser's
	query   url.Values
	demo    bool // there is a page that plays what happens at the platforms
}

// visit is that of somebody unknown.
func (a *app) visit(r *http.Request) *visit {
	v := &visit{lang: langOf(r), query: r.URL.Query(), demo: a.demo}
	if r.Method != http.MethodGet && r.Method != http.MethodHead || strings.HasPrefix(r.URL.Path, "/callback/") {
		v.reopen, v.query = "/", nil // what was sent is not sent again
	}
	return v
}

type handler func(w http.ResponseWriter, r *http.Request, v *visit) error

// problem is an error that the browser is shown.
type problem struct {
	status int
	text   string // key of texts
}

func (p problem) Error() string { return p.text }

var (
	errNotFound = problem{http.StatusNotFound, "not_found"}
	errForged   = problem{http.StatusForbidden, "forged"}
	errPassword = problem{http.StatusForbidden, "wrong_password"}
)

// page finds out who asks, and answers with a page when that fails.
func (a *app) page(serve handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := a.visit(r)
		var err error
		if v.session, err = a.session(r); err == nil {
			err = serve(w, r, v)
		}
		if err != nil {
			a.fail(w, r, v, err)
		}
	})
}

// form is a page for POST: without the session's token nothing happens.
func (a *app) form(serve handler) http.Handler {
	return a.page(func(w http.ResponseWriter, r *http.Request, v *visit) error {
		if !v.session.genuine(r.PostFormValue("csrf")) {
			return errForged
		}
		return serve(w, r, v)
	})
}

// owned is a page of a shop that only its owner and the operator see. To others it does
// not exist.
func (a *app) owned(serve handler) handler {
	return func(w http.ResponseWriter, r *http.Request, v *visit) error {
		key := shopKey{r.PathValue("platform"), r.PathValue("id")}
		if !v.session.mayRead(key) {
			return errNotFound
		}
		var err error
		if v.shop, err = a.store.shop(r.Context(), key); errors.Is(err, sql.ErrNoRows) {
			return errNotFound
		} else if err != nil {
			return err
		}
		return serve(w, r, v)
	}
}

func (a *app) fail(w http.ResponseWriter, r *http.Request, v *visit, err error) {
	p, known := errors.AsType[problem](err)
	if !known {
		p = problem{http.StatusInternalServerError, "failed"}
		a.log.Error("page", "path", r.URL.Path, "error", err)
	}
	v.title = v.T(p.heading())
	a.render(w, p.status, "error", v, p.text)
}

// loginFailed answers a login that did not succeed. A browser that comes back to one that
// did, by a reload or a second click, goes on to its shops.
func (a *app) loginFailed(w http.ResponseWriter, r *http.Request, err error) {
	v := a.stranger(r)
	again := errors.Is(err, oauth.ErrStateMismatch) || errors.Is(err, oauth.ErrLoginUsed)
	if again && len(v.session.Shops) > 0 {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	p := problem{http.StatusBadRequest, "login_failed"}
	switch {
	case errors.Is(err, oauth.ErrDenied):
		p = problem{http.StatusForbidden, "login_denied"}
	case errors.Is(err, errOtherShop):
		p = problem{http.StatusConflict, "login_other"}
	default:
		a.log.Warn("login", "error", err)
	}
	a.fail(w, r, v, p)
}

// render writes a page, whole or not at all.
func (a *app) render(w http.ResponseWriter, status int, name string, v *visit, data any) {
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name, view{v, name, data}); err != nil {
		a.log.Error("template", "name", name, "error", err)
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // the browser may have gone
}

func (a *app) begin(w http.ResponseWriter, r *http.Request, v *visit) error {
	if !a.usable(v.shop, time.Now()) {
		return problem{http.StatusForbidden, "blocked"}
	}
	if v.shop.Stage != stageNew && v.shop.Stage != stageReturned {
		return problem{http.StatusConflict, "begun"}
	}
	if err := a.store.begin(r.Context(), v.shop.shopKey, r.PostFormValue("old") != "keep"); err != nil {
		return err
	}
	http.Redirect(w, r, shopPath(v.shop.shopKey), http.StatusSeeOther) //nolint:gosec // a path of this app
	return nil
}

func (a *app) syncNow(w http.ResponseWriter, r *http.Request, v *visit) error {
	if v.shop.Stage == stageActive && a.usable(v.shop, time.Now()) {
		if err := a.sync(r.Context(), v.shop); err != nil {
			a.log.Warn("orders", "platform", v.shop.Platform, "shop", v.shop.ID, "error", err) // the page says it too
		}
	}
	http.Redirect(w, r, shopPath(v.shop.shopKey), http.StatusSeeOther) //nolint:gosec // a path of this app
	return nil
}

func (a *app) signOut(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := a.store.signOut(r.Context(), v.session.ID); err != nil {
		return err
	}
	http.SetCookie(w, cookie(sessionCookie, "", -time.Second))
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// admin is the operator's page: all shops. Without the password it is a form for it, which
// needs a session for its token.
func (a *app) admin(w http.ResponseWriter, r *http.Request, v *visit) error {
	if a.config.AdminPassword == "" {
		return errNotFound
	}
	if !v.session.Admin {
		if err := a.beginSession(w, r, v); err != nil {
			return err
		}
		a.render(w, http.StatusOK, "password", v, nil)
		return nil
	}
	shops, err := a.store.shops(r.Context(), `TRUE`)
	if err != nil {
		return err
	}
	v.title = v.T("all_shops")
	return a.overview(w, r, v, shops)
}

// beginSession gives a visitor a session, if there is none, for the token of a form.
func (a *app) beginSession(w http.ResponseWriter, r *http.Request, v *visit) error {
	if v.session.ID != "" {
		return nil
	}
	cookie, err := a.store.signIn(r.Context(), "", false)
	if err != nil {
		return err
	}
	http.SetCookie(w, cookie)
	v.session, err = a.store.session(r.Context(), sessionID(cookie.Value))
	return err
}

func (a *app) adminSignIn(w http.ResponseWriter, r *http.Request, v *visit) error {
	given, want := sha256.Sum256([]byte(r.PostFormValue("password"))), sha256.Sum256([]byte(a.config.AdminPassword.Reveal()))
	if a.config.AdminPassword == "" || subtle.ConstantTimeCompare(given[:], want[:]) != 1 {
		a.log.Warn("admin", "error", "wrong password", "from", r.RemoteAddr)
		return errPassword
	}
	cookie, err := a.store.signIn(r.Context(), v.session.ID, true)
	if err != nil {
		return err
	}
	http.SetCookie(w, cookie)
	http.Redirect(w, r, "/admin", http.StatusSeeOther)
	return nil
}
