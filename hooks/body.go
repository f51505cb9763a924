package hooks

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// checkHead refuses what need not be read: it looks at the method, the media type,
// the content encoding and the announced length.
func checkHead(r *http.Request, mediaTypes []string, limit int64) error {
	if r.Method != http.MethodPost {
		return ErrMethod
	}
	if !acceptable(r.Header.Values("Content-Type"), mediaTypes) {
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

// readBody reads the body to its end, within the limits of the options. The connection
// has a deadline if it is timed.
func (e *endpoint) readBody(w http.ResponseWriter, r *http.Request, timed bool) ([]byte, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.Body = http.MaxBytesReader(w, r.Body, e.options.BodyLimit)
	if timed {
		return e.readAll(r)
	}
	return e.readWithin(r)
}

// budget is the memory that the bodies being read may take together.
type budget struct {
	limit int64
	used  atomic.Int64
}

func (b *budget) take(n int) bool {
	if b.used.Add(int64(n)) > b.limit {
		b.give(n)
		return false
	}
	return true
}

func (b *budget) give(n int) { b.used.Add(-int64(n)) }

// readWithin is for a connection whose deadline cannot be set. A reader that is given
// up ends when the server closes the body, at the latest with the connection. Until then
// it keeps its part of the budget.
func (e *endpoint) readWithin(r *http.Request) ([]byte, error) {
	type read struct {
		body []byte
		err  error
	}
	done := make(chan read, 1)
	go func() {
		body, err := e.readAll(r)
		done <- read{body, err}
	}()
	select {
	case got := <-done:
		return got.body, got.err
	case <-time.After(e.options.ReadTimeout):
		return nil, ErrBodyTimeout
	}
}

// readAll reads into a buffer that grows with what has come. Its capacity is what it takes
// of the budget.
func (e *endpoint) readAll(r *http.Request) (body []byte, err error) {
	defer func() { e.reading.give(cap(body)) }()
	for {
		if len(body) == cap(body) {
			size := bufferSize(cap(body), r.ContentLength, e.options.BodyLimit)
			if !e.reading.take(size) {
				return body, ErrBodyMemory
			}
			grown := make([]byte, len(body), size)
			copy(grown, body)
			e.reading.give(cap(body))
			body = grown
		}
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err != nil {
			return body, endOfBody(err, int64(len(body)), r.ContentLength)
		}
	}
}

const (
	firstBuffer  = 16 << 10 // of an announced body: it holds most events whole
	unknownFirst = 2 << 10  // of one without a length
	growth       = 16
)

// bufferSize returns the size of the buffer after one that is full. A byte more than was
// announced, or than may come, is room to find the end without growing.
func bufferSize(full int, announced, limit int64) int {
	size := max(growth*int64(full)+1, firstBuffer)
	if announced < int64(full) { // unknown, or something in front of the receiver adds to it
		size, announced = max(2*int64(full), unknownFirst), limit
	}
	return int(min(size, announced+1))
}

// unread reports whether a delivery was refused while its body was still on its way.
func unread(err error) bool {
	return errors.Is(err, ErrBodyTooLarge) || errors.Is(err, ErrBodyTimeout) || errors.Is(err, ErrBodyMemory)
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
