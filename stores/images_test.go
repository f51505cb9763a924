package stores_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

const png = "\x89PNG\r\n\x1a\n and so on"

func TestUpload(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	key, err := client.Images.Upload(t.Context(), `茶 "1".png`, strings.NewReader(png))
	require.NoError(t, err)
	item, err := client.Items.Create(t.Context(), stores.CreateItemRequest{
		Name: "茶", Description: "深蒸し", Status: stores.ItemShown, Images: []string{key},
		Variations: []stores.CreateVariationRequest{{Name: "100g", RegularPrice: 1080}},
	})
	require.NoError(t, err)
	require.Len(t, item.ImageURLs, 1)
	assert.Contains(t, item.ImageURLs[0], key)

	form := srv.Requests()[1]
	assert.Empty(t, form.Header.Get("Authorization"))
	assert.Empty(t, form.Header.Get("Cookie"))
	assert.Contains(t, form.Header.Get("User-Agent"), "shotengai-go/")
	_, params, err := mime.ParseMediaType(form.Header.Get("Content-Type"))
	require.NoError(t, err)
	reader := multipart.NewReader(bytes.NewReader(form.Body), params["boundary"])
	var names []string
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		names = append(names, part.FormName())
	}
	assert.Equal(t, []string{
		"key", "Expires", "Content-Type", "success_action_status", "acl", "Cache-Control", "policy", "x-amz-credential",
		"x-amz-algorithm", "x-amz-date", "x-amz-signature", "file",
	}, names)
}

// The storage gets the image byte by byte, in whatever portions it came, with its length; and
// once more if the connection was closed before anything was sent.
func TestUploadSendsTheWholeImage(t *testing.T) {
	t.Parallel()
	image := []byte(png)
	for i := range 100_000 {
		image = append(image, byte(i), byte(i>>8))
	}
	var forms [][]byte
	client := storage(func(r *http.Request) {
		again, err := r.GetBody()
		assert.NoError(t, err)
		for _, body := range []io.Reader{r.Body, again} {
			form, err := io.ReadAll(body)
			assert.NoError(t, err)
			assert.EqualValues(t, len(form), r.ContentLength)
			forms = append(forms, form)
		}
	}).client(t)
	for _, from := range []io.Reader{bytes.NewReader(image), iotest.OneByteReader(bytes.NewReader(image)), iotest.DataErrReader(bytes.NewReader(image))} {
		_, err := client.Images.Upload(t.Context(), "a.png", from)
		require.NoError(t, err)
	}
	require.Len(t, forms, 6)
	for _, form := range forms {
		_, file, _ := bytes.Cut(form, []byte("application/octet-stream\r\n\r\n"))
		sent, end, _ := bytes.Cut(file, []byte("\r\n--"))
		assert.Equal(t, len(image), len(sent))
		assert.True(t, bytes.Equal(image, sent))
		assert.True(t, bytes.HasSuffix(end, []byte("--\r\n")))
	}

	_, err := client.Images.Upload(t.Context(), "a.png", io.MultiReader(bytes.NewReader(image), iotest.ErrReader(io.ErrUnexpectedEOF)))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "an image that broke off is not uploaded")
	assert.Len(t, forms, 6)
}

func TestUploadRefusesWhatIsNoImage(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	for want, image := range map[string]io.Reader{
		"neither PNG, JPEG nor GIF":  strings.NewReader("<html>"),
		"neither PNG, JPEG nor GIF ": strings.NewReader(""),
		"larger than 5242880 bytes":  strings.NewReader(png + strings.Repeat("x", stores.MaxImageSize)),
		"reading the image: no disk": iotest.ErrReader(errors.New("no disk")),
		"needs a name and content":   nil,
	} {
		_, err := client.Images.Upload(t.Context(), "a.png", image)
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		require.ErrorContains(t, err, strings.TrimSpace(want))
	}
	_, err := client.Images.Upload(t.Context(), "", strings.NewReader(png))
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	assert.Empty(t, srv.Requests())

	exact := png + strings.Repeat("x", stores.MaxImageSize-len(png))
	for _, image := range []string{exact, "\xff\xd8\xff\xe0 JPEG", "GIF89a and so on"} {
		_, err := client.Images.Upload(t.Context(), "a", strings.NewReader(image))
		require.NoError(t, err)
	}
}

// TestUploadGoesToTheStorageOnly: an address from an answer is not trusted.
func TestUploadGoesToTheStorageOnly(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"http://s3-ap-northeast-1.amazonaws.com/retail-202211", "https://evil.example/retail-202211", "https://amazonaws.com.evil.example/",
		"https://ec2-1-2-3-4.ap-northeast-1.compute.amazonaws.com/", "https://s3.amazonaws.com.evil.example/", "https://evils3.amazonaws.com/x",
		"https://user:pass@s3-ap-northeast-1.amazonaws.com/", "https://s3-ap-northeast-1.amazonaws.com:8443/", "https://169.254.169.254/",
		"http://127.0.0.1:1/", "//s3.amazonaws.com/x", "https://s3-amazonaws.com/retail-202211", "", "::", "file:///etc/passwd",
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			answer := fmt.Sprintf(`{"signature":{"key":"k"},"post_endpoint":%q}`, address)
			client, err := stores.NewClient(static("t"), shotengai.WithHTTPClient(&http.Client{Transport: always{200, answer}}), shotengai.WithLimiter(nil))
			require.NoError(t, err)
			_, err = client.Images.Upload(t.Context(), "a.png", strings.NewReader(png))
			require.ErrorIs(t, err, shotengai.ErrUnavailable)
			require.ErrorContains(t, err, "not sent: the platform named an address")
			assert.NotContains(t, err.Error(), "pass@")
		})
	}
	t.Run("a test server names no storage elsewhere", func(t *testing.T) {
		t.Parallel()
		client, _ := record(t, 200, `{"signature":{"key":"k"},"post_endpoint":"http://192.0.2.1/x"}`)
		_, err := client.Images.Upload(t.Context(), "a.png", strings.NewReader(png))
		require.ErrorContains(t, err, `"192.0.2.1"`)
	})
}

// TestUploadMasksWhatTheStorageQuotes: the storage's errors quote the signature.
func TestUploadMasksWhatTheStorageQuotes(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/storage" {
			reply(w, http.StatusOK, fmt.Sprintf(`{"signature":{"key":"k","policy":"cG9saWN5","x-amz-signature":"0123456789abcdef"},"post_endpoint":%q}`, "http://"+r.Host+"/storage"))
			return
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, "<Error><SignatureProvided>%s</SignatureProvided><Policy>%s</Policy></Error>", r.FormValue("x-amz-signature"), r.FormValue("policy"))
	}))
	defer srv.Close()
	client, err := stores.NewClient(static("t"), shotengai.WithTestServer(srv.URL))
	require.NoError(t, err)
	_, err = client.Images.Upload(t.Context(), "a.png", strings.NewReader(png))
	require.ErrorIs(t, err, shotengai.ErrForbidden)
	e, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok)
	assert.Equal(t, "<Error><SignatureProvided>[redacted]</SignatureProvided><Policy>[redacted]</Policy></Error>", string(e.Body))
	assert.NotContains(t, err.Error(), "0123456789abcdef")
	assert.Equal(t, "POST (storage)", e.Operation)
}

func TestUploadFailsAtTheStorage(t *testing.T) {
	t.Parallel()
	const storage = "/storage/"
	for name, tt := range map[string]struct {
		fault    shotengaitest.Fault
		is       error
		contains string
		status   int
	}{
		"refused":       {shotengaitest.Fault{Path: storage, Status: 403, Body: `<Error><Code>AccessDenied</Code></Error>`}, shotengai.ErrForbidden, "AccessDenied", 403},
		"a redirect":    {shotengaitest.Fault{Path: storage, Status: 307, Header: http.Header{"Location": {"https://evil.example/"}}}, shotengai.ErrUnavailable, "307", 307},
		"200, not 201":  {shotengaitest.Fault{Path: storage, Status: 200}, shotengai.ErrUnavailable, "200", 200},
		"busy":          {shotengaitest.Fault{Path: storage, Status: 503, Body: "<Error><Code>SlowDown</Code></Error>"}, shotengai.ErrUnavailable, "SlowDown", 503},
		"no connection": {shotengaitest.Fault{Path: storage, Reset: true}, shotengai.ErrUnavailable, "no answer", 0},
		"no ticket":     {storestest.Refusal(http.MethodPost, "/retail/202211/items/image_upload", 400, "だめ"), shotengai.ErrInvalid, "だめ", 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, client := fake(t)
			srv.Fail(1, tt.fault)
			_, err := client.Images.Upload(t.Context(), "a.png", strings.NewReader(png))
			require.ErrorIs(t, err, tt.is)
			require.ErrorContains(t, err, tt.contains)
			e, ok := errors.AsType[*shotengai.Error](err)
			require.True(t, ok)
			assert.Equal(t, tt.status, e.StatusCode)
			assert.NotContains(t, err.Error(), "/storage/")
			require.NotErrorIs(t, err, shotengai.ErrReauthorize)
		})
	}
	t.Run("the ticket has run out", func(t *testing.T) {
		t.Parallel()
		srv, client := fake(t)
		ticket, err := client.Images.Ticket(t.Context(), "a.png", "image/png", len(png))
		require.NoError(t, err)
		assert.NotContains(t, fmt.Sprintf("%+v", ticket), ticket.Signature.XAmzSignature.Reveal())
		srv.Fail(1, shotengaitest.Fault{Path: storage, Match: func(shotengaitest.Request) bool { srv.Advance(time.Hour); return false }})
		_, err = client.Images.Upload(t.Context(), "a.png", strings.NewReader(png))
		require.ErrorContains(t, err, "Policy expired")
	})
	t.Run("the context ends", func(t *testing.T) {
		t.Parallel()
		srv, client := fake(t)
		ctx, cancel := context.WithCancel(t.Context())
		srv.Fail(1, shotengaitest.Fault{Path: storage, Delay: time.Hour, Match: func(shotengaitest.Request) bool { cancel(); return true }})
		_, err := client.Images.Upload(ctx, "a.png", strings.NewReader(png))
		require.ErrorIs(t, err, context.Canceled)
	})
}

// Both halves of an upload are observed, and named by their operations for the transport too.
func TestUploadIsObserved(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer()
	t.Cleanup(srv.Close)
	var seen []shotengai.Call
	var patterns []string
	client, err := srv.Client(shotengai.WithHTTPClient(&http.Client{Transport: patternsTo{&patterns}}), shotengai.WithObserver(func(_ context.Context, c shotengai.Call) {
		if c.Finished {
			seen = append(seen, c)
		}
	}))
	require.NoError(t, err)
	upload := func() error {
		_, err := client.Images.Upload(t.Context(), "a.png", strings.NewReader(png))
		return err
	}
	require.NoError(t, upload())
	srv.Fail(1, shotengaitest.Fault{Path: "/storage/", Status: 503})
	require.Error(t, upload())

	operations := []string{"POST /retail/202211/items/image_upload", "POST (storage)"}
	assert.Equal(t, append(operations, operations...), patterns)
	require.Len(t, seen, 4)
	for i, c := range seen {
		assert.Equal(t, "stores", c.Platform)
		assert.Equal(t, patterns[i], c.Operation)
		assert.Equal(t, 1, c.Attempt)
		assert.Positive(t, c.Sent)
	}
	assert.Equal(t, http.StatusCreated, seen[1].StatusCode)
	assert.Equal(t, shotengai.KindUnavailable, seen[3].Kind)
	assert.Equal(t, shotengai.NotRetriedUnsafe, seen[3].NotRetried)
	assert.Equal(t, http.StatusServiceUnavailable, seen[3].StatusCode)
}

// patternsTo notes the patterns of requests.
type patternsTo struct{ patterns *[]string }

func (p patternsTo) RoundTrip(r *http.Request) (*http.Response, error) {
	*p.patterns = append(*p.patterns, r.Pattern)
	return http.DefaultTransport.RoundTrip(r)
}
