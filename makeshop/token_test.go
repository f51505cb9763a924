package makeshop_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

// tokenClient authorises with what the function returns.
func tokenClient(t *testing.T, s *server, tokens makeshop.TokenFunc) *makeshop.Client {
	t.Helper()
	client, err := makeshop.NewClient(makeshop.Config{Endpoint: s.URL, APIKey: apiKey}, tokens, shotengai.WithTestServer(s.URL))
	require.NoError(t, err)
	return client
}

func bearers(s *server) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sent []string
	for _, request := range s.got {
		sent = append(sent, request.Header.Get("Authorization"))
	}
	return sent
}

var unauthorised = answer{http.StatusUnauthorized, "application/json", `{"error":"unauthorized"}`}

// A new installation brings another token, which running clients use.
func TestTokenFuncIsAskedEachTime(t *testing.T) {
	t.Parallel()
	s := newServer(t, ok(`{"data":{"__typename":"Query"}}`))
	kept := shotengai.Secret("PAT.one")
	client := tokenClient(t, s, func(context.Context) (shotengai.Secret, error) { return kept, nil })
	require.NoError(t, client.Verify(t.Context()))
	kept = " PAT.two\n"
	require.NoError(t, client.Verify(t.Context()))
	assert.Equal(t, []string{"Bearer PAT.one", "Bearer PAT.two"}, bearers(s))
}

// A call under way at the time of the new installation is repeated with the new token.
func TestTokenFuncIsAskedAgainAfterARefusal(t *testing.T) {
	t.Parallel()
	s := newServer(t, unauthorised, ok(`{"data":{"__typename":"Query"}}`))
	tokens := []shotengai.Secret{"PAT.one", "PAT.two"}
	client := tokenClient(t, s, func(context.Context) (shotengai.Secret, error) {
		now := tokens[0]
		if len(tokens) > 1 {
			tokens = tokens[1:]
		}
		return now, nil
	})
	require.NoError(t, client.Verify(t.Context()))
	assert.Equal(t, []string{"Bearer PAT.one", "Bearer PAT.two"}, bearers(s))
}

func TestTokenFuncWithADeadToken(t *testing.T) {
	t.Parallel()
	s := newServer(t, unauthorised)
	client := tokenClient(t, s, func(context.Context) (shotengai.Secret, error) { return "PAT.one", nil })
	require.ErrorIs(t, client.Verify(t.Context()), shotengai.ErrUnauthorized)
	assert.Len(t, bearers(s), 1)
}

func TestTokenFuncFails(t *testing.T) {
	t.Parallel()
	s := newServer(t, unauthorised)
	down := errors.New("the database is down")
	client := tokenClient(t, s, func(context.Context) (shotengai.Secret, error) { return "", down })
	require.ErrorIs(t, client.Verify(t.Context()), down)
	none := tokenClient(t, s, func(context.Context) (shotengai.Secret, error) { return "", nil })
	require.ErrorIs(t, none.Verify(t.Context()), shotengai.ErrReauthorize)
	assert.Empty(t, bearers(s))

	_, err := makeshop.TokenFunc(func(context.Context) (shotengai.Secret, error) { return "", down }).Token()
	require.ErrorIs(t, err, down)
}
