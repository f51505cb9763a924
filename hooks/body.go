package hooks

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// checkHead refuses what need not be read: it looks at the method, the media type,
// the content encoding and the announced length.
func checkHead(r *http.Request, mediaTypes []string, limit int64) error {
	if r.Method != http.MethodPost {
		return ErrMethod
	}
	if len(mediaTypes) > 0 && !acceptable(r.Header.Values("Content-Type"), mediaTypes) {
		return ErrContentType
	}
	for _, coding := range r.Header.Values("Content-Encoding") {
		if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, "identity") {
			return ErrContentEncoding
		}
	}
	if r.ContentLength > limit {
		return ErrBodyTooLarge
	}
	return nil
}

// acceptable reports whether there is one content type, among those wanted, in UTF-8.
func acceptable(values, mediaTypes []string) bool {
	if len(values) != 1 {
		return false
	}
	if slices.Contains(mediaTypes, values[0]) {
		return true
	}
	mediaType, params, err := mime.ParseMediaType(values[0])
	if err != nil || !slices.Contains(mediaTypes, mediaType) {
		return false
	}
	charset, ok := params["charset"]
	return !ok || strings.EqualFold(charset, "utf-8")
}

// readBody reads the body to its end, at most limit bytes, within timeout.
func readBody(w http.ResponseWriter, r *http.Request, limit int64, timeout time.Duration) ([]byte, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	control := http.NewResponseController(w)
	if err := control.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return readWithin(r, timeout)
	}
	body, err := readAll(r)
	_ = control.SetReadDeadline(time.Time{})
	return body, err
}

// readWithin is for a connection whose deadline cannot be set. A reader that is given
// up ends when the server closes the body, at the latest with the connection.
func readWithin(r *http.Request, timeout time.Duration) ([]byte, error) {
	type read struct {
		body []byte
		err  error
	}
	done := make(chan read, 1)
	go func() {
		body, err := readAll(r)
		done <- read{body, err}
	}()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case got := <-done:
		return got.body, got.err
	case <-timer.C:
		return nil, ErrBodyTimeout
	}
}

// readAll reads into one buffer where the length was announced.
func readAll(r *http.Request) ([]byte, error) {
	size := int64(2048)
	if r.ContentLength >= 0 {
		size = r.ContentLength + 1 // room to find the end without growing
	}
	body := make([]byte, 0, size)
	for {
		if len(body) == cap(body) {
			body = slices.Grow(body, len(body))
		}
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err != nil {
			return body, endOfBody(err, int64(len(body)), r.ContentLength)
		}
	}
}

// endOfBody reports whether the body ended as it should.
func endOfBody(err error, read, announced int64) error {
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case tooLarge:
		return ErrBodyTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrBodyTimeout
	case errors.Is(err, http.ErrBodyReadAfterClose), errors.Is(err, io.EOF) && read == 0 && announced > 0:
		return ErrBodyConsumed
	case !errors.Is(err, io.EOF), announced >= 0 && read != announced:
		return ErrBodyIncomplete
	case read == 0:
		return ErrBodyEmpty
	}
	return nil
}

// checkSignatureHeader wants one value, and not a blank one.
func checkSignatureHeader(header http.Header, name string) error {
	switch values := header.Values(name); {
	case len(values) > 1:
		return ErrSignatureAmbiguous
	case len(values) == 0 || strings.TrimSpace(values[0]) == "":
		return ErrSignatureMissing
	}
	return nil
}
