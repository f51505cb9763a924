package shotengai_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// fake is the fake of one platform: its constructor, and the options that all fakes have.
type fake struct {
	name                                  string
	newServer, inMemory, limitless, clock any
	// withApp is nil where there is no login.
	withApp any
}

var fakes = []fake{
	{"colorme", colormetest.NewServer, colormetest.InMemory, colormetest.WithoutRateLimits, colormetest.WithClock, colormetest.WithApp},
	{"makeshop", makeshoptest.NewServer, makeshoptest.InMemory, makeshoptest.WithoutRateLimits, makeshoptest.WithClock, makeshoptest.WithApp},
	{"stores", storestest.NewServer, storestest.InMemory, storestest.WithoutRateLimits, storestest.WithClock, storestest.WithApp},
	{"rakuten", rakutentest.NewServer, rakutentest.InMemory, rakutentest.WithoutRateLimits, rakutentest.WithClock, nil},
}

// signature spells a type as all fakes would: fake for the fake's package and platform for
// that of the client.
func (f fake) signature(of reflect.Type) string {
	return strings.NewReplacer(f.name+"test.", "fake.", f.name+".", "platform.").Replace(of.String())
}

// start starts the fake in memory, on a clock of its own, without limits.
func (f fake) start(t *testing.T) reflect.Value {
	t.Helper()
	clock := time.Now
	options := []reflect.Value{
		reflect.ValueOf(f.inMemory).Call(nil)[0], reflect.ValueOf(f.limitless).Call(nil)[0],
		reflect.ValueOf(f.clock).Call([]reflect.Value{reflect.ValueOf(clock)})[0],
	}
	srv := reflect.ValueOf(f.newServer).Call(options)[0]
	t.Cleanup(func() { srv.MethodByName("Close").Call(nil) })
	return srv
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
			srv := f.start(t)
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

// A shop needs no seed. One with an ID and a name has them, once.
func TestFakesSeedShops(t *testing.T) {
	t.Parallel()
	for _, f := range fakes {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			srv := f.start(t)
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
