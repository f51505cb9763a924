package oauthtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
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
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if problem := s.checkLogin(query); problem != "" {
		http.Error(w, problem, http.StatusBadRequest) // never to an address that is not registered
		return
	}
	switch s.config.Consent {
	case Allow:
		s.allow(w, r, query, s.config.Shop)
	case Deny:
		s.deny(w, r, query)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = consentPage.Execute(w, map[string]string{
			"Client": s.config.ClientID, "Shop": s.config.Shop,
			"Scope": query.Get("scope"), "Action": r.URL.RequestURI(),
		})
	}
}

// decide answers the consent page. The form may name a shop.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if problem := s.checkLogin(query); problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	if r.PostFormValue("decision") != "allow" {
		s.deny(w, r, query)
		return
	}
	shop := r.PostFormValue("shop")
	if shop == "" {
		shop = s.config.Shop
	}
	s.allow(w, r, query, shop)
}

// checkLogin says what keeps the server from sending the browser back.
func (s *Server) checkLogin(query url.Values) string {
	for name, values := range query {
		if len(values) > 1 {
			return name + " is given twice"
		}
	}
	redirect := query.Get("redirect_uri")
	switch {
	case query.Get("client_id") != s.config.ClientID:
		return "unknown client_id"
	case redirect == "" || len(s.config.RedirectURLs) > 0 && !slices.Contains(s.config.RedirectURLs, redirect):
		return "redirect_uri is not registered"
	case s.config.RequireState && !goodState(query.Get("state")):
		return "state needs at least 8 letters and digits"
	}
	return ""
}

func goodState(state string) bool {
	return len(state) >= 8 && !strings.ContainsFunc(state, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// refusal returns the error to send the browser back with, or "".
func (s *Server) refusal(query url.Values) string {
	challenge, method := query.Get("code_challenge"), query.Get("code_challenge_method")
	switch {
	case query.Get("response_type") != "code":
		return "unsupported_response_type"
	case s.config.RequirePKCE && challenge == "",
		s.config.PKCE && (challenge != "") != (method != ""),
		s.config.PKCE && challenge != "" && (method != "S256" || len(challenge) != 43):
		return "invalid_request"
	}
	for scope := range strings.FieldsSeq(query.Get("scope")) {
		if len(s.config.Scopes) > 0 && !slices.Contains(s.config.Scopes, scope) {
			return "invalid_scope"
		}
	}
	return ""
}

func (s *Server) deny(w http.ResponseWriter, r *http.Request, query url.Values) {
	s.sendBack(w, r, query, url.Values{
		"error":             {"access_denied"},
		"error_description": {"リソースの所有者または認証サーバーが要求を拒否しました。"},
	})
}

func (s *Server) allow(w http.ResponseWriter, r *http.Request, query url.Values, shop string) {
	if code := s.refusal(query); code != "" {
		s.sendBack(w, r, query, url.Values{"error": {code}, "error_description": {"The request was refused."}})
		return
	}
	code := &authCode{
		redirectURL: query.Get("redirect_uri"),
		nonce:       query.Get("nonce"),
		shop:        shop,
		scopes:      strings.Fields(query.Get("scope")),
		expires:     s.now().Add(s.config.CodeLifetime),
	}
	if s.config.PKCE {
		code.challenge = query.Get("code_challenge")
	}
	text := rand.Text() + rand.Text()
	s.mu.Lock()
	s.state.codes[text] = code
	s.mu.Unlock()
	back := url.Values{"code": {text}}
	if len(code.scopes) > 0 {
		back.Set("scope", strings.Join(code.scopes, " "))
	}
	s.sendBack(w, r, query, back)
}

func (s *Server) sendBack(w http.ResponseWriter, r *http.Request, query, back url.Values) {
	redirect := query.Get("redirect_uri")
	if redirect == outOfBand {
		redirect = s.config.AuthPath + "/" + back.Get("code")
		http.Redirect(w, r, redirect, http.StatusFound)
		return
	}
	if state := query.Get("state"); state != "" {
		back.Set("state", state)
	}
	separator := "?"
	if strings.Contains(redirect, "?") {
		separator = "&"
	}
	http.Redirect(w, r, redirect+separator+back.Encode(), http.StatusFound)
}

// showCode is where an out-of-band login ends.
func (s *Server) showCode(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, r.PathValue("code"))
}

// Authorize plays the owner of a shop who opens a login address and allows it. It
// returns the query of the redirect; with the out-of-band address that is the code
// alone.
func (s *Server) Authorize(ctx context.Context, loginURL, shop string) (url.Values, error) {
	return s.browse(ctx, loginURL, url.Values{"decision": {"allow"}, "shop": {shop}})
}

// Refuse plays the owner of a shop who opens a login address and refuses.
func (s *Server) Refuse(ctx context.Context, loginURL string) (url.Values, error) {
	return s.browse(ctx, loginURL, url.Values{"decision": {"deny"}})
}

func (s *Server) browse(ctx context.Context, loginURL string, form url.Values) (url.Values, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, loginURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("oauthtest: the login address cannot be opened")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := s.HTTPClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("oauthtest: open the login address: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusFound {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return nil, fmt.Errorf("oauthtest: the login address answers %d: %s", resp.StatusCode, strings.TrimSpace(string(text)))
	}
	target, err := resp.Location()
	if err != nil {
		return nil, fmt.Errorf("oauthtest: redirect: %w", err)
	}
	if code, found := strings.CutPrefix(target.Path, s.config.AuthPath+"/"); found {
		return url.Values{"code": {code}}, nil
	}
	return target.Query(), nil
}
