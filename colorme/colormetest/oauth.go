package colormetest

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// codeLife is how long an authorisation code can be exchanged.
const codeLife = 10 * time.Minute

// outOfBand is the redirect URI that ends at a page with the code.
const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

// token is an access token, or the usage-charge token of an uninstalled app.
type token struct {
	shop   *Shop
	scopes []string
	// installation is what the token belongs to, if anything.
	installation *Installation
	dead         bool
	// usage tokens post metered charges alone, until then.
	usage bool
	until time.Time
}

// code is an authorisation code that has not been exchanged.
type code struct {
	shop     *Shop
	scopes   []string
	redirect string
	until    time.Time
}

// Scopes are all scopes that the platform knows.
func Scopes() []string {
	return []string{
		"read_products", "write_products", "read_sales", "write_sales",
		"read_shop_coupons", "write_shop_coupons", "read_templates", "write_templates",
		"read_analytics", "write_application_charge",
		"read_shop_script_tags", "write_shop_script_tags",
		"read_inline_script_tags", "write_inline_script_tags",
		"read_script_tags", "write_script_tags",
	}
}

// LoginAs decides whose owner sits at the authorise page; the default is the
// first shop.
func (s *Server) LoginAs(shop *Shop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.login = shop
}

// DenyLogins lets the shop owner refuse at the authorise page, or approve
// again. By default every request is approved at once.
func (s *Server) DenyLogins(deny bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deny = deny
}

// Revoke kills an access token, as a shop owner can.
func (s *Server) Revoke(accessToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tokens[accessToken]; t != nil {
		t.dead = true
	}
}

// issue makes an access token; the caller holds the lock.
func (s *Server) issue(shop *Shop, scopes []string) string {
	value := newSecret()
	s.tokens[value] = &token{shop: shop, scopes: scopes, installation: shop.installed}
	return value
}

// authorize is the page where a shop owner approves or refuses. A wrong client
// or redirect URI ends at an error page; what the platform shows there is not
// known.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	redirect := q.Get("redirect_uri")
	switch {
	case q.Get("client_id") != s.app.ClientID:
		page(w, http.StatusUnauthorized, "クライアントが見つかりません。")
		return
	case !slices.Contains(s.app.RedirectURIs, redirect):
		page(w, http.StatusBadRequest, "リダイレクトURIが一致しません。")
		return
	}
	scopes := strings.Fields(q.Get("scope"))
	unknown := func(scope string) bool { return !slices.Contains(Scopes(), scope) }
	switch {
	case q.Get("response_type") != "code":
		s.sendBack(w, r, redirect, "unsupported_response_type", "このレスポンスタイプには対応していません。")
	case len(scopes) == 0 || slices.ContainsFunc(scopes, unknown):
		s.sendBack(w, r, redirect, "invalid_scope", "スコープが正しくありません。")
	case s.deny:
		s.sendBack(w, r, redirect, "access_denied", "リソースオーナーまたは認証サーバーが要求を拒否しました。")
	default:
		shop := s.login
		if shop == nil {
			shop = s.shops[0]
		}
		value := newSecret()
		s.codes[value] = &code{shop: shop, scopes: scopes, redirect: redirect, until: s.Now().Add(codeLife)}
		if redirect == outOfBand {
			http.Redirect(w, r, "/oauth/authorize/"+value, http.StatusFound)
			return
		}
		s.redirect(w, r, redirect, "code", value)
	}
}

func (s *Server) sendBack(w http.ResponseWriter, r *http.Request, redirect, code, description string) {
	if redirect == outOfBand {
		page(w, http.StatusBadRequest, description)
		return
	}
	s.redirect(w, r, redirect, "error", code, "error_description", description)
}

// redirect sends the browser back with pairs and the state as it came. The
// platform encodes values as a form does: space as +, ~ as %7E.
func (s *Server) redirect(w http.ResponseWriter, r *http.Request, to string, pairs ...string) {
	if state, ok := r.URL.Query()["state"]; ok {
		pairs = append(pairs, "state", state[0])
	}
	var query []string
	for i := 0; i < len(pairs); i += 2 {
		query = append(query, pairs[i]+"="+formEscape(pairs[i+1]))
	}
	separator := "?"
	if strings.Contains(to, "?") {
		separator = "&"
	}
	w.Header().Set("Location", to+separator+strings.Join(query, "&"))
	w.WriteHeader(http.StatusFound)
}

func formEscape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "~", "%7E")
}

// showCode is where an out-of-band login ends.
func (s *Server) showCode(w http.ResponseWriter, r *http.Request) {
	value := r.PathValue("code")
	if s.codes[value] == nil {
		page(w, http.StatusNotFound, "認可コードが見つかりません。")
		return
	}
	page(w, http.StatusOK, "認可コード: "+value)
}

func page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!DOCTYPE html><html lang=\"ja\"><body><p>" + html.EscapeString(text) + "</p></body></html>"))
}

// exchange is the token endpoint. Its refusals are not in the format of the
// API; an unsupported grant type gets no body at all.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		oauthError(w, http.StatusBadRequest, "invalid_request", "The request is malformed.")
		return
	}
	form := r.PostForm
	if grant := form.Get("grant_type"); grant != "" && grant != "authorization_code" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if form.Get("client_id") != s.app.ClientID || form.Get("client_secret") != s.app.ClientSecret {
		oauthError(w, http.StatusUnauthorized, "invalid_client", "クライアント認証に失敗しました。")
		return
	}
	value := form.Get("code")
	if value == "" || form.Get("grant_type") == "" || form.Get("redirect_uri") == "" {
		oauthError(w, http.StatusBadRequest, "invalid_request", "Missing required parameter.")
		return
	}
	c := s.codes[value]
	if c == nil || c.redirect != form.Get("redirect_uri") || s.Now().After(c.until) {
		oauthError(w, http.StatusBadRequest, "invalid_grant", "認可コードが無効か、期限切れです。")
		return
	}
	delete(s.codes, value)
	fake.WriteJSON(w, http.StatusOK, object{
		"access_token": s.issue(c.shop, c.scopes),
		"token_type":   "Bearer",
		"scope":        strings.Join(c.scopes, " "),
		"created_at":   s.Now().Unix(),
	})
}

func oauthError(w http.ResponseWriter, status int, code, description string) {
	fake.WriteJSON(w, status, object{"error": code, "error_description": description})
}
