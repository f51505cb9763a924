package programs

import (
	"encoding/base64"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/shotengai/shotengai-go/oauth"
)

// must ends the example on an error.
func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func newSealer() *oauth.Sealer {
	return must(oauth.NewSealer(must(oauth.ParseSealKey("1", base64.StdEncoding.EncodeToString(make([]byte, 32))))))
}

// newSite returns a server that is not started and its address.
func newSite() (*httptest.Server, string) {
	site := httptest.NewUnstartedServer(nil)
	return site, "http://" + site.Listener.Addr().String()
}

// open returns what a browser shows at an address.
func open(browser *http.Client, address string) string {
	page := must(browser.Get(address))
	defer page.Body.Close()
	return string(must(io.ReadAll(io.LimitReader(page.Body, 1<<10))))
}
