package oauth_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
)

func TestLoginExchangeRefresh(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	var answer string
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseForm())
		assert.Equal(t, "app", r.PostForm.Get("client_id"))
		_, _ = w.Write([]byte(answer))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p := &oauth.Provider{
		Name: "colorme", AuthURL: server.URL + "/auth", TokenURL: server.URL + "/token",
		Client: oauth.Client{ID: "app", Secret: "s3cret", RedirectURL: "https://app.example/callback", Scopes: []string{"read_sales"}},
	}
	login, err := p.Begin()
	require.NoError(t, err)
	answer = `{"access_token":"at-1","token_type":"Bearer","scope":"read_sales","created_at":1790000000}`
	g, err := p.Exchange(t.Context(), login, url.Values{"state": {login.State}, "code": {"c"}})
	require.NoError(t, err)
	assert.Equal(t, "at-1", g.AccessToken.Reveal())
	assert.True(t, g.Expiry.IsZero())

	p.Rotates = true
	answer = `{"access_token":"at-2","refresh_token":"rt-2","token_type":"bearer","expires_in":"300"}`
	g.RefreshToken = "rt-1"
	g2, err := p.Refresh(t.Context(), g)
	require.NoError(t, err)
	assert.Equal(t, "rt-2", g2.RefreshToken.Reveal())
	assert.Equal(t, 300*time.Second, g2.Expiry.Sub(g2.ObtainedAt))
	assert.Equal(t, []string{"read_sales"}, g2.Scopes)
}
