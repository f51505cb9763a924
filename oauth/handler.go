package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

// HandlerConfig configures a [Handler]. Provider, Sealer and OnGrant are
// required.
type HandlerConfig struct {
	// Provider is where the owner logs in.
	Provider *Provider
	// Sealer encrypts the login in the browser's cookie. All instances behind one
	// address need the same keys; those that seal the stored grants will do. NoSeal is
	// refused.
	Sealer *Sealer
	// OnGrant keeps a new grant and returns where the browser goes next: a path, or an
	// https address. Its context does not end when the browser goes away. It runs once
	// per login: a double click that reaches the same instance gets the answer of the
	// first. See OnError for other repetitions. An error means that the grant is not kept: it
	// is revoked where the platform can, unless the error matches [ErrStoreUnavailable] or
	// [shotengai.ErrOutcomeUnknown], after which it may be stored.
	OnGrant func(ctx context.Context, login *FinishedLogin) (next string, err error)
	// OnError answers a login that did not succeed; nil answers with a short plain
	// page. The error matches one of this package's, or is what OnGrant, Hint or Claim
	// returned. It holds no secret, but what it says of a refusal came through the
	// browser: escape it.
	//
	// A browser comes back to a login that succeeded, by a double click that reaches
	// another instance ([ErrLoginUsed], see Claim) or by a reload when its cookie is gone
	// ([ErrStateMismatch]). Send one that has a session on to the app's page then.
	OnError func(w http.ResponseWriter, r *http.Request, err error)
	// Hint returns what the callback needs to know of the request that begins a login,
	// such as the shop whose permission is renewed; at most 512 bytes. It travels in
	// the sealed cookie, so OnGrant can trust it as far as Hint does. Whether the owner
	// has then logged in to that very shop is for OnGrant to see.
	Hint func(r *http.Request) (string, error)
	// Claim reports whether a login is finished for the first time anywhere, and
	// remembers it until the given time: an INSERT into a table with id as its key. It
	// is needed only to keep a double click apart that reaches two instances; without
	// it the platform refuses the second code, and may end the first grant for it.
	Claim func(ctx context.Context, id string, until time.Time) (first bool, err error)
	// Insecure leaves out what a browser demands https for. It is for development with
	// a redirect address on http://localhost, which needs it, and refused otherwise.
	Insecure bool
}

// FinishedLogin is what a login has brought.
type FinishedLogin struct {
	// Grant is the shop's permission. For the callback to be safe to repeat, saving it
	// has to be.
	Grant *Grant
	// Hint is what HandlerConfig.Hint returned.
	Hint string

	cookies []*http.Cookie
}

// SetCookie sends a cookie along with the redirect, such as that of the app's own
// session.
func (f *FinishedLogin) SetCookie(cookie *http.Cookie) { f.cookies = append(f.cookies, cookie) }

// Handler is a login as two http.Handlers. The login lives in a cookie that only the
// browser that began it has, encrypted, for [LoginLifetime] and for one callback.
type Handler struct {
	config HandlerConfig
	used   usedLogins
}

// maxHint is how long a hint may be, in bytes; a cookie holds 4 KiB.
const maxHint = 512

// finishTimeout bounds a callback: the exchange, the ID token's key set, for whose next fetch
// it may wait 30 s, and OnGrant.
const finishTimeout = time.Minute

// NewHandler checks the configuration. Its error has all that is wrong, a line each.
func NewHandler(config HandlerConfig) (*Handler, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	return &Handler{config: config}, nil
}

// check reports everything that is wrong with the configuration, a line each.
func (c *HandlerConfig) check() error {
	var wrong []error
	switch {
	case c.Sealer == nil:
		wrong = append(wrong, errors.New("oauth: handler without a sealer: its cookie must be encrypted"))
	case c.Sealer.current == "":
		wrong = append(wrong, errors.New("oauth: handler with NoSeal: its cookie must be encrypted; take a sealer of NewSealer"))
	}
	if c.OnGrant == nil {
		wrong = append(wrong, errors.New("oauth: handler without OnGrant"))
	}
	if c.Provider == nil {
		wrong = append(wrong, errors.New("oauth: handler without a provider"))
	} else if err := c.Provider.Validate(); err != nil {
		wrong = append(wrong, err)
	} else {
		wrong = append(wrong, c.checkRedirect())
	}
	return errors.Join(wrong...)
}

func (c *HandlerConfig) checkRedirect() error {
	redirect, err := url.Parse(c.Provider.Client.RedirectURL)
	if err != nil {
		return errors.New("oauth: the redirect address cannot be read")
	}
	local := redirect.Scheme == "http" && httpx.Loopback(redirect.Hostname())
	switch {
	case redirect.Scheme != "https" && !local:
		return errors.New("oauth: the redirect address has to be https")
	case local && !c.Insecure:
		return errors.New("oauth: set HandlerConfig.Insecure for a redirect address on http://localhost")
	case c.Insecure && !local:
		return errors.New("oauth: HandlerConfig.Insecure is for a redirect address on http://localhost alone")
	}
	return nil
}

// LoginHandler begins a login and sends the browser to the platform. It answers GET
// only.
func (h *Handler) LoginHandler() http.Handler { return h.get(h.login) }

// CallbackHandler belongs at the path of the redirect address. It answers GET only.
func (h *Handler) CallbackHandler() http.Handler { return h.get(h.callback) }

// get serves GET alone: a HEAD of a link preview must not use up a login.
func (h *Handler) get(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer") // the callback's address holds the code
		if r.Method != http.MethodGet {
			w.Header().Set("Allow", http.MethodGet)
			http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
			return
		}
		if err := serve(w, r); err != nil {
			h.fail(w, r, err)
		}
	})
}

func (h *Handler) login(w http.ResponseWriter, r *http.Request) error {
	hint := ""
	if h.config.Hint != nil {
		var err error
		if hint, err = h.config.Hint(r); err != nil {
			return err
		}
	}
	if len(hint) > maxHint {
		return fmt.Errorf("oauth: the hint has %d bytes, more than %d", len(hint), maxHint)
	}
	login, err := h.config.Provider.Begin()
	if err != nil {
		return err
	}
	cookie, err := h.sealLogin(login, hint)
	if err != nil {
		return err
	}
	http.SetCookie(w, cookie)
	http.Redirect(w, r, login.URL, http.StatusSeeOther)
	return nil
}

func (h *Handler) callback(w http.ResponseWriter, r *http.Request) error {
	platform := h.config.Provider.Name
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fmt.Errorf("oauth: %s: %w: its query cannot be read", platform, ErrCallback)
	}
	if len(query["state"]) > 1 {
		return fmt.Errorf("oauth: %s: %w: state is given %d times", platform, ErrCallback, len(query["state"]))
	}
	login, hint, err := h.openLogin(r, query.Get("state"))
	if err != nil {
		return h.config.Provider.stray(query, err)
	}
	http.SetCookie(w, h.cookie(login.State, "", -1))
	done, err := h.used.once(r.Context(), login, query, func(ctx context.Context) (*finished, error) {
		return h.finish(ctx, login, hint, query)
	})
	if err != nil {
		return err
	}
	for _, cookie := range done.cookies {
		http.SetCookie(w, cookie)
	}
	http.Redirect(w, r, done.next, http.StatusSeeOther)
	return nil
}

// finish exchanges the code and hands the grant over. It goes on when the browser has
// gone: the code is used up either way.
func (h *Handler) finish(ctx context.Context, login Login, hint string, query url.Values) (done *finished, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	platform := h.config.Provider.Name
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("oauth: %s: OnGrant panicked: %w", platform, panicked(p))
		}
	}()
	if h.config.Claim != nil {
		first, err := h.config.Claim(ctx, loginID(login.State), login.ExpiresAt)
		if err != nil {
			return nil, fmt.Errorf("oauth: %s: claim the login: %w", platform, err)
		}
		if !first {
			return nil, fmt.Errorf("oauth: %s: %w", platform, ErrLoginUsed)
		}
	}
	grant, err := h.exchange(ctx, login, query)
	if err != nil {
		return nil, err
	}
	result := &FinishedLogin{Grant: grant, Hint: hint}
	next, err := h.config.OnGrant(ctx, result)
	if err != nil {
		err = fmt.Errorf("oauth: %s: keep the grant: %w", platform, err)
		if errors.Is(err, ErrStoreUnavailable) || errors.Is(err, shotengai.ErrOutcomeUnknown) {
			return nil, err // it may be stored
		}
		return nil, h.config.Provider.discarded(ctx, grant, err)
	}
	if !h.allowed(next) {
		return nil, fmt.Errorf("oauth: %s: OnGrant has to return a path or an https address", platform)
	}
	return &finished{next, result.cookies}, nil
}

// exchange waits once for the key of an ID token that cannot be judged yet: the code is used
// up, and the owner would have to begin again.
func (h *Handler) exchange(ctx context.Context, login Login, query url.Values) (*Grant, error) {
	grant, err := h.config.Provider.Exchange(ctx, login, query)
	unverified, ok := errors.AsType[*UnverifiedError](err)
	if ok && sleep(ctx, unverified.RetryAfter) == nil {
		grant, err = unverified.Finish(ctx)
		unverified, ok = errors.AsType[*UnverifiedError](err)
	}
	if ok {
		_ = unverified.Discard(context.WithoutCancel(ctx)) // where the platform cannot, the grant runs out
	}
	return grant, err
}

func panicked(p any) error {
	if err, ok := p.(error); ok {
		return err
	}
	return fmt.Errorf("%v", p)
}

// allowed accepts where a browser may be sent: a path of this host, or https.
func (h *Handler) allowed(next string) bool {
	u, err := url.Parse(next)
	switch {
	case err != nil || strings.ContainsAny(next, "\\\r\n"):
		return false
	case u.Scheme == "" && u.Host == "":
		return strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") // of which browsers make a host
	}
	return u.Host != "" && u.User == nil &&
		(u.Scheme == "https" || h.config.Insecure && u.Scheme == "http" && httpx.Loopback(u.Hostname()))
}

func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	if h.config.OnError != nil {
		h.config.OnError(w, r, err)
		return
	}
	status, text := page(err)
	http.Error(w, text, status)
}

// page is what the owner reads of a failure: what helps.
func page(err error) (status int, text string) {
	_, denied := errors.AsType[*DeniedError](err)
	switch {
	case errors.Is(err, ErrDenied):
		return http.StatusForbidden, "You did not give the permission."
	case errors.Is(err, ErrLoginUsed):
		return http.StatusConflict, "This login was finished before. Please go back to the app."
	case errors.Is(err, ErrLoginExpired), errors.Is(err, ErrStateMismatch):
		return http.StatusBadRequest, "This login has ended or was begun in another browser. Please begin again."
	case errors.Is(err, ErrCallback):
		return http.StatusBadRequest, "The login failed. Please begin again."
	case errors.Is(err, ErrClientConfig):
		return http.StatusInternalServerError, "The app is not set up correctly at the shop platform. Please contact its support: beginning again does not help."
	case denied && errors.Is(err, ErrInvalidGrant):
		return http.StatusForbidden, "Please log in at the shop platform first, and begin again then."
	case errors.Is(err, ErrStoreUnavailable):
		return http.StatusServiceUnavailable, "The app cannot store the permission. Please begin again in a moment."
	case errors.Is(err, shotengai.ErrUnavailable), errors.Is(err, shotengai.ErrOutcomeUnknown):
		return http.StatusServiceUnavailable, "The shop platform does not answer as it should. Please begin again in a moment."
	}
	return http.StatusInternalServerError, "The login failed. Please begin again."
}
