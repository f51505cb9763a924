package oauthtest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Authority is an authorisation server that is one part of another server: the fake of a
// platform mounts one beside its API. It is safe for concurrent use.
type Authority struct {
	// URL is the base address, without a trailing slash.
	URL string
	// AuthURL, TokenURL, RevokeURL and JWKSURL are the endpoints. RevokeURL and JWKSURL are
	// empty where the configuration has no such path.
	AuthURL   string
	TokenURL  string
	RevokeURL string
	JWKSURL   string

	client   *http.Client
	host     string
	inMemory bool
	done     chan struct{}

	mu        sync.Mutex
	config    Config
	clients   []clientKey
	state     state
	keys      []*signingKey
	malformed []*malformed
	latency   [2]time.Duration
}

// Mount adds an authorisation server to the mux of a server at baseURL, which the client
// reaches. It panics when the configuration cannot be served.
func Mount(mux *http.ServeMux, baseURL string, client *http.Client, config Config) *Authority {
	config = config.withDefaults()
	base, err := url.Parse(baseURL)
	if err != nil {
		panic("oauthtest: base address: " + err.Error())
	}
	a := &Authority{
		URL:      baseURL,
		AuthURL:  baseURL + config.AuthPath,
		TokenURL: baseURL + config.TokenPath,
		client:   client,
		host:     base.Host,
		inMemory: config.InMemory,
		done:     make(chan struct{}),
		config:   config,
		clients:  parseClientKeys(config.ClientKeys),
		state:    newState(),
		latency:  [2]time.Duration{config.BeforeRotation, config.AfterRotation},
	}
	mux.HandleFunc("GET "+config.AuthPath, a.authorize)
	mux.HandleFunc("POST "+config.AuthPath, a.decide)
	mux.HandleFunc("POST "+config.TokenPath, a.token)
	if config.OutOfBand {
		mux.HandleFunc("GET "+config.AuthPath+"/{code}", a.showCode)
	}
	if config.RevokePath != "" {
		a.RevokeURL = baseURL + config.RevokePath
		mux.HandleFunc("POST "+config.RevokePath, a.revoke)
	}
	if config.JWKSPath != "" {
		a.JWKSURL = baseURL + config.JWKSPath
		mux.HandleFunc("GET "+config.JWKSPath, a.jwks)
	}
	return a
}

// Update changes the configuration of the running server, such as who is logged in, or the
// registration of the client. The paths, the algorithm, the delays and InMemory stay what
// they were. It panics when the client's keys cannot be read, and changes nothing then.
func (a *Authority) Update(change func(*Config)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	next := a.config
	change(&next)
	if !slices.Equal(next.ClientKeys, a.config.ClientKeys) {
		a.clients = parseClientKeys(next.ClientKeys)
	}
	next.AuthPath, next.TokenPath, next.RevokePath, next.JWKSPath =
		a.config.AuthPath, a.config.TokenPath, a.config.RevokePath, a.config.JWKSPath
	next.Algorithm, next.InMemory = a.config.Algorithm, a.config.InMemory
	a.config = next
}

// SetLatency changes the delays before and after a rotation.
func (a *Authority) SetLatency(beforeRotation, afterRotation time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.latency = [2]time.Duration{beforeRotation, afterRotation}
}

func (a *Authority) now() time.Time {
	if a.config.Clock == nil {
		return time.Now()
	}
	return a.config.Clock()
}

// newToken makes a code or a token.
func (a *Authority) newToken(kind string) string {
	if a.config.NewToken == nil {
		return kind + rand.Text() + rand.Text()
	}
	return a.config.NewToken()
}

// wait passes a delay with the server unlocked. A client that goes away does not shorten
// it.
func (a *Authority) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	a.mu.Unlock()
	defer a.mu.Lock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-a.done:
	}
}
