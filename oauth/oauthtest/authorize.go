package oauthtest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// outOfBand is the redirect address that ends at a page with the code.
const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

var consentPage = template.Must(template.New("consent").Parse(`<!DOCTYPE html>
<title>Permission</title>
<p>{{.Client}} asks {{.Shop}} for: {{.Scope}}</p>
<form method="post" action="{{.Action}}">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Refuse</button>
</form>
`))

// authorize answers a browser that an app has sent.
func (a *Authority) authorize(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	shop := a.config.Shop
	if !a.welcome(w, r, shop) {
		return
	}
	switch a.config.Consent {
	case Allow:
		a.allow(w, r, shop)
	case Deny:
		a.deny(w, r)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = consentPage.Execute(w, map[string]string{
			"Client": a.config.ClientID, "Shop": shop,
			"Scope": r.URL.Query().Get("scope"), "Action": r.URL.RequestURI(),
		})
	}
}

// decide answers the consent page. The form may name a shop.
func (a *Authority) decide(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	shop := r.PostFormValue("shop")
	if shop == "" {
		shop = a.config.Shop
	}
	switch {
	case !a.welcome(w, r, shop):
	case r.PostFormValue("decision") == "allow":
		a.allow(w, r, shop)
	default:
		a.deny(w, r)
	}
}

// welcome checks a login and lets the owner of the shop sign in. It reports whether there is
// something to decide, and answers if not.
func (a *Authority) welcome(w http.ResponseWriter, r *http.Request, shop string) bool {
	query := r.URL.Query()
	if problem := a.checkLogin(query); problem != nil {
		refusal := a.config.worded(problem)
		page(w, refusal.Status, refusal.Description) // never to an address that is not registered
		return false
	}
	if problem := a.checkRequest(query); problem != nil {
		a.sendRefusal(w, query, problem)
		return false
	}
	a.signIn(w, r, query.Get("prompt") == "login")
	if a.config.RefuseLogin != nil {
		if why := a.config.RefuseLogin(shop); why != "" {
			a.sendBack(w, query, url.Values{"error": {"access_denied"}, "error_description": {why}})
			return false
		}
	}
	return true
}

// checkLogin returns what keeps the server from sending the browser back.
func (a *Authority) checkLogin(query url.Values) *Refusal {
	for name, values := range query {
		if len(values) > 1 {
			return refuse("invalid_request", name+" is given twice")
		}
	}
	redirect := query.Get("redirect_uri")
	switch {
	case query.Get("client_id") != a.config.ClientID:
		return refuse("unknown_client", "unknown client_id")
	case redirect == "",
		redirect == outOfBand && !a.config.OutOfBand,
		a.config.RedirectURLs != nil && !slices.Contains(a.config.RedirectURLs, redirect):
		return refuse("unknown_redirect", "redirect_uri is not registered")
	}
	return nil
}

// checkRequest returns the error to send the browser back with.
func (a *Authority) checkRequest(query url.Values) *Refusal {
	scopes, prompt := strings.Fields(query.Get("scope")), query.Get("prompt")
	unknown := func(scope string) bool { return !slices.Contains(a.config.Scopes, scope) }
	switch {
	case a.config.RequireState && !goodState(query.Get("state")):
		return refuseInRedirect("invalid_request", "state needs at least 8 letters and digits")
	case query.Get("response_type") != "code":
		return refuseInRedirect("unsupported_response_type", "response_type has to be code")
	case a.badChallenge(query):
		return refuseInRedirect("invalid_request", "code_challenge has to be a SHA-256, and code_challenge_method S256")
	case a.config.RequireScope && len(scopes) == 0,
		len(a.config.Scopes) > 0 && slices.ContainsFunc(scopes, unknown):
		return refuseInRedirect("invalid_scope", "a scope is missing or not known")
	case a.config.SessionCookie != "" && prompt != "" && prompt != "login":
		return refuseInRedirect("invalid_request", "prompt has to be login")
	}
	return nil
}

func goodState(state string) bool {
	return len(state) >= 8 && !strings.ContainsFunc(state, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// badChallenge also refuses a challenge that no SHA-256 has.
func (a *Authority) badChallenge(query url.Values) bool {
	challenge, method := query.Get("code_challenge"), query.Get("code_challenge_method")
	switch {
	case a.config.RequirePKCE && challenge == "":
		return true
	case !a.config.PKCE:
		return false
	case challenge == "":
		return method != ""
	}
	sum, err := base64.RawURLEncoding.DecodeString(challenge)
	return method != "S256" || err != nil || len(sum) != sha256.Size
}

// signIn lets the owner log in, unless the browser is known and no login is demanded.
func (a *Authority) signIn(w http.ResponseWriter, r *http.Request, demanded bool) {
	name := a.config.SessionCookie
	if name != "" && !demanded {
		if cookie, err := r.Cookie(name); err == nil && a.state.sessions[cookie.Value] {
			return
		}
	}
	a.state.logins++
	if name == "" {
		return
	}
	session := rand.Text()
	a.state.sessions[session] = true
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: session, Path: path.Dir(a.config.AuthPath), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (a *Authority) allow(w http.ResponseWriter, r *http.Request, shop string) {
	query := r.URL.Query()
	code := &authCode{
		redirectURL: query.Get("redirect_uri"),
		nonce:       query.Get("nonce"),
		shop:        shop,
		scopes:      a.scopes(strings.Fields(query.Get("scope"))),
		expires:     a.now().Add(a.config.CodeLifetime),
	}
	if a.config.PKCE {
		code.challenge = query.Get("code_challenge")
	}
	value := a.newToken("")
	a.state.codes[value] = code
	if code.redirectURL == outOfBand {
		w.Header().Set("Location", a.config.AuthPath+"/"+value)
		w.WriteHeader(http.StatusFound)
		return
	}
	back := url.Values{"code": {value}}
	if a.config.RedirectScope && len(code.scopes) > 0 {
		back.Set("scope", strings.Join(code.scopes, " "))
	}
	a.sendBack(w, query, back)
}

// scopes returns what a login that asks for some gets.
func (a *Authority) scopes(asked []string) []string {
	if a.config.AppScopes == nil {
		return asked
	}
	return a.config.AppScopes()
}

func (a *Authority) deny(w http.ResponseWriter, r *http.Request) {
	a.sendRefusal(w, r.URL.Query(), refuseInRedirect("access_denied", "リソースの所有者または認証サーバーが要求を拒否しました。"))
}

func (a *Authority) sendRefusal(w http.ResponseWriter, query url.Values, problem *Refusal) {
	refusal := a.config.worded(problem)
	if query.Get("redirect_uri") == outOfBand {
		page(w, http.StatusBadRequest, refusal.Description)
		return
	}
	a.sendBack(w, query, url.Values{"error": {refusal.Code}, "error_description": {refusal.Description}})
}

// sendBack redirects the browser to the app, with the state as it came. A state that the
// server does not take is not repeated.
func (a *Authority) sendBack(w http.ResponseWriter, query, back url.Values) {
	if state := query.Get("state"); query.Has("state") && (!a.config.RequireState || goodState(state)) {
		back.Set("state", state)
	}
	redirect, separator := query.Get("redirect_uri"), "?"
	if strings.Contains(redirect, "?") {
		separator = "&"
	}
	encode := a.config.Encode
	if encode == nil {
		encode = url.Values.Encode
	}
	w.Header().Set("Location", redirect+separator+encode(back))
	w.WriteHeader(http.StatusFound)
}

// showCode is where an out-of-band login ends.
func (a *Authority) showCode(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	value := r.PathValue("code")
	if code := a.state.codes[value]; code == nil || code.grant != nil {
		page(w, http.StatusNotFound, "認可コードが見つかりません。")
		return
	}
	page(w, http.StatusOK, "認可コード: "+value)
}
