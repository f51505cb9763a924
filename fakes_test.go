package shotengai_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// fake is the fake of one platform: its constructor, and the options that all fakes have.
type fake struct {
	name                                  string
	newServer, inMemory, limitless, clock any
	listener                              any
	// withApp and owner are nil where there is no login. Owner returns the shop that a token
	// opens.
	withApp any
	owner   func(ctx context.Context, srv any, token oauth2.TokenSource) (string, error)
}

var fakes = []fake{
	{
		"colorme", colormetest.NewServer, colormetest.InMemory, colormetest.WithoutRateLimits, colormetest.WithClock, colormetest.WithListener, colormetest.WithApp,
		func(ctx context.Context, srv any, token oauth2.TokenSource) (string, error) {
			client, err := colorme.NewClient(token, srv.(*colormetest.Server).Options()...)
			if err != nil {
				return "", err
			}
			shop, err := client.Shop.Get(ctx)
			if err != nil {
				return "", err
			}
			return shop.ID, nil
		},
	},
	{
		"makeshop", makeshoptest.NewServer, makeshoptest.InMemory, makeshoptest.WithoutRateLimits, makeshoptest.WithClock, makeshoptest.WithListener, makeshoptest.WithApp,
		func(ctx context.Context, srv any, token oauth2.TokenSource) (string, error) {
			platform := srv.(*makeshoptest.Server)
			client, err := makeshop.NewClient(platform.Config(), token, platform.Options()...)
			if err != nil {
				return "", err
			}
			shop, err := client.Shop.Get(ctx)
			if err != nil {
				return "", err
			}
			return shop.ShopID, nil
		},
	},
	{
		"stores", storestest.NewServer, storestest.InMemory, storestest.WithoutRateLimits, storestest.WithClock, storestest.WithListener, storestest.WithApp,
		func(ctx context.Context, srv any, token oauth2.TokenSource) (string, error) {
			client, err := stores.NewClient(token, srv.(*storestest.Server).Options()...)
			if err != nil {
				return "", err
			}
			store, err := client.Store.Get(ctx)
			if err != nil {
				return "", err
			}
			return store.ID, nil
		},
	},
	{"rakuten", rakutentest.NewServer, rakutentest.InMemory, rakutentest.WithoutRateLimits, rakutentest.WithClock, rakutentest.WithListener, nil, nil},
}

// signature spells a type as all fakes would: fake for the fake's package and platform for
// that of the client.
func (f fake) signature(of reflect.Type) string {
	return strings.NewReplacer(f.name+"test.", "fake.", f.name+".", "platform.").Replace(of.String())
}

// start starts the fake without limits, with further options that are functions without
// parameters.
func (f fake) start(t *testing.T, options ...any) reflect.Value {
	t.Helper()
	in := []reflect.Value{call(f.clock, time.Now), call(f.limitless)}
	for _, option := range options {
		in = append(in, call(option))
	}
	srv := reflect.ValueOf(f.newServer).Call(in)[0]
	t.Cleanup(func() { srv.MethodByName("Close").Call(nil) })
	return srv
}

// call calls a function and returns its first result.
func call(function any, arguments ...any) reflect.Value {
	in := make([]reflect.Value, len(arguments))
	for i, argument := range arguments {
		in[i] = reflect.ValueOf(argument)
	}
	return reflect.ValueOf(function).Call(in)[0]
}

// The methods of every fake, and those of the fakes of platforms that log shops in, without
// their receiver.
var (
	fakeMethods = map[string]string{
		"Close":      "func()",
		"HTTPClient": "func() *http.Client",
		"Options":    "func() []shotengai.Option",
		"Client":     "func(...shotengai.Option) (*platform.Client, error)",
		"Fail":       "func(int, shotengaitest.Fault)",
		"Heal":       "func()",
		"Requests":   "func() []shotengaitest.Request",
		"Now":        "func() time.Time",
		"Advance":    "func(time.Duration)",
		"Shop":       "func() *fake.Shop",
		"AddShop":    "func(fake.Seed) *fake.Shop",
	}
	loginMethods = map[string]string{
		"App":        "func() fake.App",
		"SetApp":     "func(fake.App)",
		"Provider":   "func(string) (*oauth.Provider, error)",
		"Adopt":      "func(*oauth.Provider, error) (*oauth.Provider, error)",
		"Browser":    "func() *http.Client",
		"Login":      "func(context.Context, string) (url.Values, error)",
		"LoginAs":    "func(*fake.Shop)",
		"DenyLogins": "func(bool)",
	}
)

// Who knows one fake knows all: the same constructor, options and methods.
func TestFakesHaveTheSameShape(t *testing.T) {
	t.Parallel()
	for _, f := range fakes {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, "func(...fake.Option) *fake.Server", f.signature(reflect.TypeOf(f.newServer)))
			assert.Equal(t, "func() fake.Option", f.signature(reflect.TypeOf(f.inMemory)))
			assert.Equal(t, "func() fake.Option", f.signature(reflect.TypeOf(f.limitless)))
			assert.Equal(t, "func(func() time.Time) fake.Option", f.signature(reflect.TypeOf(f.clock)))
			assert.Equal(t, "func(net.Listener) fake.Option", f.signature(reflect.TypeOf(f.listener)))
			srv := f.start(t, f.inMemory)
			for name, want := range fakeMethods {
				f.hasMethod(t, srv, name, want)
			}
			if f.withApp != nil {
				assert.Equal(t, "func(fake.App) fake.Option", f.signature(reflect.TypeOf(f.withApp)))
				for name, want := range loginMethods {
					f.hasMethod(t, srv, name, want)
				}
			}
			shop := srv.MethodByName("Shop").Call(nil)[0]
			f.hasMethod(t, shop, "Client", fakeMethods["Client"])
			for _, text := range []reflect.Value{srv.Elem().FieldByName("URL"), shop.Elem().FieldByName("ID")} {
				require.True(t, text.IsValid())
				assert.NotEmpty(t, text.String())
			}
		})
	}
}

func (f fake) hasMethod(t *testing.T, receiver reflect.Value, name, want string) {
	t.Helper()
	method := receiver.MethodByName(name)
	if assert.True(t, method.IsValid(), "%s has no method %s", receiver.Type(), name) {
		assert.Equal(t, want, f.signature(method.Type()), name)
	}
}

// A fake serves on the listener that it is given, and closes it.
func TestFakesTakeAListener(t *testing.T) {
	t.Parallel()
	for _, f := range fakes {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
			require.NoError(t, err)
			srv := call(f.newServer, call(f.listener, listener).Interface())
			address := "http://" + listener.Addr().String()
			assert.Equal(t, address, srv.Elem().FieldByName("URL").String())
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
			require.NoError(t, err)
			resp, err := new(http.Client).Do(req)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			srv.MethodByName("Close").Call(nil)
			_, err = listener.Accept()
			require.ErrorIs(t, err, net.ErrClosed)
		})
	}
}

// A shop needs no seed. One with an ID and a name has them, once.
func TestFakesSeedShops(t *testing.T) {
	t.Parallel()
	for _, f := range fakes {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			srv := f.start(t, f.inMemory)
			addShop := srv.MethodByName("AddShop")
			add := func(id, name string) string {
				seed := reflect.New(addShop.Type().In(0)).Elem()
				seed.FieldByName("ID").SetString(id)
				seed.FieldByName("Name").SetString(name)
				return addShop.Call([]reflect.Value{seed})[0].Elem().FieldByName("ID").String()
			}
			first := srv.MethodByName("Shop").Call(nil)[0].Elem().FieldByName("ID").String()
			second := add("", "")
			assert.NotEqual(t, first, second)
			assert.Equal(t, "400777", add("400777", "二号店"))
			for _, taken := range []string{first, second, "400777"} {
				assert.PanicsWithValue(t, f.name+"test: there is a shop "+taken+" already", func() { add(taken, "") })
			}
		})
	}
}

// door is the login of a fake.
type door interface {
	Provider(redirectURL string) (*oauth.Provider, error)
	Adopt(p *oauth.Provider, err error) (*oauth.Provider, error)
	Browser() *http.Client
	Login(ctx context.Context, loginURL string) (url.Values, error)
	DenyLogins(deny bool)
}

// onEachLogin starts each fake that has a login, with the app in the first shop and in
// another one.
func onEachLogin(t *testing.T, test func(t *testing.T, f fake, srv, other reflect.Value), options ...func(fake) any) {
	t.Helper()
	for _, f := range fakes {
		if f.withApp == nil {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			var chosen []any
			for _, option := range options {
				chosen = append(chosen, option(f))
			}
			srv := f.start(t, chosen...)
			addShop := srv.MethodByName("AddShop")
			other := addShop.Call([]reflect.Value{reflect.Zero(addShop.Type().In(0))})[0]
			for _, shop := range []reflect.Value{srv.MethodByName("Shop").Call(nil)[0], other} {
				shop.MethodByName("Token").Call(nil)
			}
			test(t, f, srv, other)
		})
	}
}

func (f fake) memory() any { return f.inMemory }

// logIn goes through a whole login.
func logIn(t *testing.T, at door) (*oauth.Grant, error) {
	t.Helper()
	provider, err := at.Provider("https://app.example/back")
	require.NoError(t, err)
	login, err := provider.Begin()
	require.NoError(t, err)
	query, err := at.Login(t.Context(), login.URL)
	require.NoError(t, err)
	return provider.Exchange(t.Context(), login, query)
}

// A login at a fake is the same three lines everywhere, and its token opens the shop whose
// owner was there.
func TestFakesLogIn(t *testing.T) {
	t.Parallel()
	onEachLogin(t, func(t *testing.T, f fake, srv, other reflect.Value) {
		at := srv.Interface().(door)
		registered := func() []string {
			return call(srv.MethodByName("App").Interface()).FieldByName("RedirectURIs").Interface().([]string)
		}
		before := registered()
		for _, shop := range []reflect.Value{srv.MethodByName("Shop").Call(nil)[0], other} {
			srv.MethodByName("LoginAs").Call([]reflect.Value{shop})
			grant, err := logIn(t, at)
			require.NoError(t, err)
			opened, err := f.owner(t.Context(), srv.Interface(), oauth2.StaticTokenSource(grant.Token()))
			require.NoError(t, err)
			assert.Equal(t, shop.Elem().FieldByName("ID").String(), opened)
		}
		assert.Equal(t, append(before, "https://app.example/back"), registered(), "an address is registered once")

		at.DenyLogins(true)
		_, err := logIn(t, at)
		require.ErrorIs(t, err, oauth.ErrDenied)
		at.DenyLogins(false)
		_, err = logIn(t, at)
		require.NoError(t, err)
		_, err = at.Provider("")
		require.ErrorContains(t, err, "no redirect address")
		_, err = at.Adopt(nil, oauth.ErrClientConfig)
		require.ErrorIs(t, err, oauth.ErrClientConfig)
	}, fake.memory)
}

// The tokens of a shop end before their time where they have one, and a refresh goes on; a shop
// that unlinks the app ends its grants.
func TestFakesEndGrants(t *testing.T) {
	t.Parallel()
	onEachLogin(t, func(t *testing.T, f fake, srv, other reflect.Value) {
		srv.MethodByName("LoginAs").Call([]reflect.Value{other})
		provider, err := srv.Interface().(door).Provider("https://app.example/back")
		require.NoError(t, err)
		grant, err := logIn(t, srv.Interface().(door))
		require.NoError(t, err)
		opens := func(token *oauth2.Token) error {
			_, err := f.owner(t.Context(), srv.Interface(), oauth2.StaticTokenSource(token))
			return err
		}
		require.NoError(t, opens(grant.Token()))
		if expire := other.MethodByName("ExpireTokens"); expire.IsValid() {
			expire.Call(nil)
			require.ErrorIs(t, opens(grant.Token()), shotengai.ErrUnauthorized)
			grant, err = provider.Refresh(t.Context(), grant)
			require.NoError(t, err)
			require.NoError(t, opens(grant.Token()))
		}
		other.MethodByName("Unlink").Call(nil)
		require.Error(t, opens(grant.Token()))
		if grant.RefreshToken != "" {
			_, err = provider.Refresh(t.Context(), grant)
			require.ErrorIs(t, err, oauth.ErrInvalidGrant)
		}
	}, fake.memory)
}

// A browser comes to the app, goes to the platform and comes back, to a fake in memory too.
func TestFakesSendBrowsersBack(t *testing.T) {
	t.Parallel()
	visit := func(t *testing.T, _ fake, srv, _ reflect.Value) {
		at := srv.Interface().(door)
		mux := http.NewServeMux()
		app := httptest.NewServer(mux)
		t.Cleanup(app.Close)
		provider, err := at.Provider(app.URL + "/callback")
		require.NoError(t, err)
		login, err := provider.Begin()
		require.NoError(t, err)
		mux.Handle("/login", http.RedirectHandler(login.URL, http.StatusFound))
		exchanged := false
		mux.HandleFunc("/callback", func(_ http.ResponseWriter, r *http.Request) {
			_, err := provider.Exchange(r.Context(), login, r.URL.Query())
			exchanged = assert.NoError(t, err)
		})
		resp, err := at.Browser().Get(app.URL + "/login")
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, "/callback", resp.Request.URL.Path)
		assert.True(t, exchanged)
	}
	t.Run("in memory", func(t *testing.T) { t.Parallel(); onEachLogin(t, visit, fake.memory) })
	t.Run("on loopback", func(t *testing.T) { t.Parallel(); onEachLogin(t, visit) })
}
