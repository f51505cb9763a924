package shotengai_test

import (
	"bytes"
	"context"
	"encoding"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// typeTable is where everyType is: it is generated, by go test -run TestTypeTable . -update.
const typeTable = "types_test.go"

// planted is what instances of generic types hold.
type planted struct{ Secret shotengai.Secret }

// instances are the type arguments of generic types: secrets where a secret fits.
var instances = map[string]string{
	"hooks.Verified": "planted", "shotengai.Clearable": "shotengai.Secret", "shotengai.CommaList": "shotengai.Secret",
	"shotengai.DateIn": "shotengai.DashedDate", "shotengai.Page": "planted", "shotengai.Results": "planted", "shotengai.Row": "planted",
	"shotengai.Timestamp": "shotengai.UnixSeconds", "rakuten.ShopDelete": "planted", "rakuten.ShopGet": "planted",
	"rakuten.ShopInput": "planted", "rakuten.ShopInsert": "planted", "rakuten.ShopList": "planted, string", "rakuten.ShopModel": "planted",
	"rakuten.ShopModels": "planted", "rakuten.ShopReplace": "planted", "rakuten.ShopUpdate": "planted",
}

// TestTypeTable holds that the table has every exported type of the module but interfaces
// and functions, so that what runs over it leaves none out.
func TestTypeTable(t *testing.T) {
	t.Parallel()
	rows := map[string]bool{}
	packages := map[string]bool{}
	eachPublicFile(t, func(set *token.FileSet, file *ast.File) {
		dir := path.Dir(filepath.ToSlash(set.Position(file.Pos()).Filename))
		if file.Name.Name == "main" || strings.HasPrefix(dir, "oauth/redisstore") || strings.HasPrefix(dir, "hooks/redisledger") {
			return // programs, and modules of their own, which keep no secret
		}
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.GenDecl)
			if !ok || decl.Tok != token.TYPE {
				continue
			}
			for _, spec := range decl.Specs {
				spec := spec.(*ast.TypeSpec)
				_, isInterface := spec.Type.(*ast.InterfaceType)
				_, isFunc := spec.Type.(*ast.FuncType)
				if !spec.Name.IsExported() || isInterface || isFunc || spec.Assign.IsValid() {
					continue
				}
				name := file.Name.Name + "." + spec.Name.Name
				if spec.TypeParams != nil {
					require.Contains(t, instances, name, "type arguments")
					name += "[" + instances[name] + "]"
				}
				rows["\treflect.TypeFor["+name+"](),\n"] = true
				packages["\t\"github.com/shotengai/shotengai-go"+strings.TrimSuffix("/"+dir, "/.")+"\"\n"] = true
			}
		}
	})
	text := "package shotengai_test\n\nimport (\n\t\"reflect\"\n\n" + strings.Join(slices.Sorted(maps.Keys(packages)), "") +
		")\n\n// everyType has every exported type but interfaces and functions. It is generated: see TestTypeTable.\n" +
		"var everyType = []reflect.Type{\n" + strings.Join(slices.Sorted(maps.Keys(rows)), "") + "}\n"
	if *updateFaults {
		require.NoError(t, os.WriteFile(typeTable, []byte(text), 0o600))
		return
	}
	have, err := os.ReadFile(typeTable)
	require.NoError(t, err)
	for line := range strings.Lines(text) {
		assert.True(t, strings.Contains(string(have), line), "%s: it lacks %q (go test -run TestTypeTable . -update)", typeTable, line)
	}
	assert.Equal(t, len(text), len(have), "%s: it has lines too many (go test -run TestTypeTable . -update)", typeTable)
}

// plantedSecret is what nothing may show.
const plantedSecret = "SHOW-me_n3ver"

// secretName is how fields are called that hold what must not be shown.
var secretName = regexp.MustCompile(`(?i)(secret|token|password|api_?key|auth_?key|licen[cs]e_?key|private_?key|credential)s?$`)

// plant fills a value with secrets, whatever is exported and whatever is not, and reports
// whether it found a place for one: a Secret, or a text in an unexported field that is
// called like one. The types above are those that it is in.
func plant(v reflect.Value, private bool, name string, above ...reflect.Type) bool {
	if v.Type() == reflect.TypeFor[shotengai.Secret]() {
		v.SetString(plantedSecret)
		return true
	}
	if slices.Contains(above, v.Type()) {
		return false
	}
	above = append(slices.Clip(above), v.Type())
	switch v.Kind() {
	case reflect.String:
		if private && secretName.MatchString(name) {
			v.SetString(plantedSecret)
			return true
		}
	case reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		if plant(to.Elem(), private, name, above...) {
			v.Set(to)
			return true
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if private && secretName.MatchString(name) {
				v.SetBytes([]byte(plantedSecret))
				return true
			}
			return false
		}
		one := reflect.MakeSlice(v.Type(), 1, 1)
		if plant(one.Index(0), private, name, above...) {
			v.Set(one)
			return true
		}
	case reflect.Array:
		found := false
		for i := range v.Len() {
			found = plant(v.Index(i), private, name, above...) || found
		}
		return found
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		if plant(value, private, name, above...) {
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(reflect.Zero(v.Type().Key()), value)
			return true
		}
	case reflect.Struct:
		return plantFields(v, private, above)
	}
	return false
}

func plantFields(v reflect.Value, private bool, above []reflect.Type) (found bool) {
	if !strings.HasPrefix(v.Type().PkgPath(), "github.com/shotengai/") && v.Type().PkgPath() != "" {
		return false // what others keep is not known to be what they say
	}
	for i := range v.NumField() {
		field, at := v.Type().Field(i), v.Field(i)
		if plainSecrets[v.Type().String()+"."+field.Name] != "" || !field.IsExported() && strings.HasSuffix(path.Base(v.Type().PkgPath()), "test") {
			continue // a fake has made up what it keeps
		}
		if !field.IsExported() {
			at = reflect.NewAt(at.Type(), unsafe.Pointer(at.UnsafeAddr())).Elem()
		}
		found = plant(at, private || !field.IsExported(), field.Name, above...) || found
	}
	return found
}

// locked reports whether a value must not be copied, and so is not printed but by pointer.
func locked(t reflect.Type) bool {
	if _, ok := reflect.PointerTo(t).MethodByName("Lock"); ok {
		return true
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if locked(t.Field(i).Type) {
				return true
			}
		}
	case reflect.Array:
		return locked(t.Elem())
	}
	return false
}

// verbs are all letters, and the usual verbs with all flags. Without %p and %w: fmt asks no
// value how to print itself for them, and go vet refuses them.
func verbs() (verbs []string) {
	for _, verb := range "abcdefghijklmnoqrstuvxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		verbs = append(verbs, "%"+string(verb))
	}
	for _, flag := range []string{"+", "#", " ", "-", "0", "60", ".90"} {
		for _, verb := range "vsqxXd" {
			verbs = append(verbs, "%"+flag+string(verb))
		}
	}
	return verbs
}

// shows returns the ways in which a value shows what was planted in it.
func shows(value any) (ways []string) {
	look := func(way, text string, forms ...string) {
		for _, form := range append(forms, plantedSecret) {
			if len(form) >= len(plantedSecret) && strings.Contains(text, form) {
				ways = append(ways, way)
				return
			}
		}
	}
	for _, verb := range verbs() {
		number := strings.Trim(fmt.Sprintf(verb, []byte(plantedSecret)), "[]")
		look(verb, fmt.Sprintf(verb, value), strings.TrimSpace(fmt.Sprintf(verb, plantedSecret)), number)
	}
	look("Println", fmt.Sprintln(value))
	data, err := json.Marshal(value)
	look("JSON", fmt.Sprint(string(data), err))
	if marshaler, ok := value.(encoding.TextMarshaler); ok {
		data, err := marshaler.MarshalText()
		look("text", fmt.Sprint(string(data), err))
	}
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var log bytes.Buffer
		slog.New(handler(&log)).Info("x", "value", value)
		look(name, log.String())
	}
	return ways
}

// TestH22NoTypeShowsASecret fills a value of every exported type with secrets and prints it:
// by value where it may be copied, by pointer, and inside of other values.
func TestH22NoTypeShowsASecret(t *testing.T) {
	t.Parallel()
	holders := 0
	for _, typ := range everyType {
		v := reflect.New(typ)
		if !plant(v.Elem(), false, "") {
			continue
		}
		holders++
		forms := map[string]any{"pointer": v.Interface()}
		if !locked(typ) {
			forms["value"] = v.Elem().Interface()
			forms["value in a list"] = []any{v.Elem().Interface()}
			forms["value in a map"] = map[string]any{"value": v.Elem().Interface()}
		}
		for _, form := range slices.Sorted(maps.Keys(forms)) {
			if ways := shows(forms[form]); len(ways) > 0 {
				t.Errorf("%s, %s, shows a secret by %d ways: %s", typ, form, len(ways), ways[len(ways)-1])
			}
		}
	}
	assert.Greater(t, holders, 30, "types that hold secrets")
	t.Logf("%d of %d types hold secrets", holders, len(everyType))
}

// TestH22NoValueShowsASecret prints what constructors make of configurations with secrets:
// what lies behind their interfaces and functions is known here alone.
func TestH22NoValueShowsASecret(t *testing.T) {
	t.Parallel()
	for name, value := range secretive(t) {
		require.NotNil(t, value, name)
		if ways := shows(value); len(ways) > 0 {
			t.Errorf("%s shows a secret by %d ways: %s", name, len(ways), ways[len(ways)-1])
		}
	}
}

// secretive makes values that know plantedSecret.
func secretive(t *testing.T) map[string]any {
	t.Helper()
	must := func(value any, err error) any {
		t.Helper()
		require.NoError(t, err)
		return value
	}
	secrets := []shotengai.Secret{plantedSecret}
	colorMe, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets:   secrets,
		OnInstall: func(context.Context, *hooks.ColorMeInstall) (string, error) { return "", nil },
	})
	require.NoError(t, err)
	shopify, err := hooks.NewShopify(hooks.ShopifyConfig{Secrets: secrets})
	require.NoError(t, err)
	system, err := hooks.NewRakuten(hooks.RakutenConfig{AuthKeys: secrets})
	require.NoError(t, err)
	makeShop, err := hooks.NewMakeShop(hooks.MakeShopConfig{
		Signature: &hooks.MakeShopSignature{Secrets: secrets}, PathToken: plantedSecret + plantedSecret + plantedSecret,
		OnInstall: func(context.Context, *hooks.MakeShopInstall) error { return nil },
	})
	require.NoError(t, err)
	verified, err := hooks.OpenRakutenOrders([]byte("<orderNotifyModel><authModel><shopUrl>s</shopUrl><authKey>"+plantedSecret+
		"</authKey></authModel><orderInfoNotifyModel><orderNumber>1</orderNumber></orderInfoNotifyModel></orderNotifyModel>"), secrets...)
	require.NoError(t, err)

	provider := &oauth.Provider{
		Name: "colorme", Client: oauth.Client{ID: "id", Secret: plantedSecret, RedirectURL: "https://app.example/callback"},
		AuthURL: "https://platform.example/authorize", TokenURL: "https://platform.example/token",
	}
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "k", Key: shotengai.Secret(strings.Repeat(plantedSecret, 3)[:32])})
	require.NoError(t, err)
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: oauth.NewMemoryStore(), Sealer: sealer})
	require.NoError(t, err)
	t.Cleanup(func() { _ = manager.Close(context.WithoutCancel(t.Context())) })
	require.NoError(t, manager.Put(t.Context(), "PA00000001", &oauth.Grant{AccessToken: plantedSecret, TokenType: "Bearer"}))
	login, err := oauth.NewHandler(oauth.HandlerConfig{
		Provider: provider, Sealer: sealer, OnGrant: func(context.Context, *oauth.FinishedLogin) (string, error) { return "/", nil },
	})
	require.NoError(t, err)

	license := rakuten.License{ServiceSecret: plantedSecret, Key: plantedSecret}
	config := makeshop.Config{Endpoint: "https://app-api.makeshop.jp/x/v1/1/graphql", APIKey: plantedSecret}
	tokens := makeshop.PersistentToken(plantedSecret)
	values := map[string]any{
		"colorme hooks": colorMe, "colorme install": colorMe.InstallHandler(), "shopify hooks": shopify, "shopify handler": shopify.Handler(),
		"rakuten hooks": system, "rakuten handler": system.Handler(), "makeshop hooks": makeShop,
		"makeshop handler": makeShop.Handler(hooks.MakeShopInstallKind),
		"mux":              must(hooks.NewMux(map[string]http.Handler{"/colorme": colorMe.InstallHandler(), "/makeshop/": makeShop.Handler(hooks.MakeShopInstallKind)})),
		"verified":         verified, "verified event": verified.Event(),
		"provider": provider, "manager": manager, "sealer": sealer, "token source": manager.TokenSource("PA00000001"),
		"handler": login, "login": login.LoginHandler(), "callback": login.CallbackHandler(),
		"static license": rakuten.StaticLicense(license), "persistent token": tokens,
		"colorme client":  must(colorme.NewClient(tokens)),
		"stores client":   must(stores.NewClient(tokens)),
		"makeshop client": must(makeshop.NewClient(config, tokens)),
		"rakuten client":  must(rakuten.NewClient(rakuten.StaticLicense(license))),
	}
	return values
}

// plainSecrets are exported texts that are called like secrets, and what they are.
var plainSecrets = map[string]string{
	"hooks.Delivery.Secret":                    "the name of a secret",
	"rakuten.ItemAccessControl.AccessPassword": "what a shop tells its customers",
	"colormetest.Installation.UsageToken":      "made up by the fake",
	"makeshoptest.Installation.Token":          "made up by the fake",
	"oauthtest.Grant.AccessToken":              "made up by the fake",
	"oauthtest.Grant.RefreshToken":             "made up by the fake",
}

// TestH22SecretsAreOfTheirType holds that an exported field called like a secret is one.
func TestH22SecretsAreOfTheirType(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, typ := range everyType {
		if typ.Kind() != reflect.Struct {
			continue
		}
		for i := range typ.NumField() {
			field := typ.Field(i)
			of := field.Type
			for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice && of.Elem().Kind() != reflect.Uint8 {
				of = of.Elem()
			}
			text := of.Kind() == reflect.String && of != reflect.TypeFor[shotengai.Secret]() || of == reflect.TypeFor[[]byte]()
			if !field.IsExported() || !text || !secretName.MatchString(field.Name) {
				continue
			}
			name := typ.String() + "." + field.Name
			seen[name] = true
			assert.Contains(t, plainSecrets, name)
		}
	}
	for name := range plainSecrets {
		assert.Contains(t, seen, name, "an exception that is no more")
	}
}

// TestShows holds the looking itself.
func TestShows(t *testing.T) {
	t.Parallel()
	type plain struct{ Text string }
	type hidden struct{ secret shotengai.Secret }
	type deep struct{ at *hidden }
	assert.Empty(t, shows(planted{plantedSecret}))
	assert.Empty(t, shows(plain{"nothing"}))
	assert.Contains(t, shows(plain{plantedSecret}), "JSON")
	assert.Contains(t, shows(plain{plantedSecret}), "%x")
	assert.Contains(t, shows(plain{plantedSecret}), "slog text")
	assert.Contains(t, shows([]byte(plantedSecret)), "%d")
	assert.Contains(t, shows(hidden{plantedSecret}), "%v")
	assert.Contains(t, shows(deep{&hidden{plantedSecret}}), "%s", "a wrong verb looks behind pointers")
	assert.NotContains(t, shows(deep{&hidden{plantedSecret}}), "%v")
}
