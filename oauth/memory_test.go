package oauth_test

import (
	"testing"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/storetest"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) oauth.TokenStore { return oauth.NewMemoryStore() })
}
