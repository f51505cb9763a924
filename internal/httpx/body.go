package httpx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/shotengai/shotengai-go"
)

// How much memory a body is given before its bytes have come.
const (
	unproven    = 16 << 10 // of a length that was announced, beyond what has come
	unannounced = 4 << 10  // at first, of a body whose length was not
)

// ReadBody reads a whole body of at most limit decoded bytes and closes it. It reads up to the
// end, so that the connection can be used again; a longer body is
// [shotengai.ErrResponseTooLarge] and costs the connection. An announced length costs memory
// only as its bytes come.
func ReadBody(resp *http.Response, limit int64) ([]byte, error) {
	return ReadBodyLike(resp, limit, 0)
}

// ReadBodyLike is ReadBody for a body that is expected to be as long as one before, or a
// little longer. Then it is read into one buffer.
func ReadBodyLike(resp *http.Response, limit, before int64) ([]byte, error) {
	defer resp.Body.Close()
	if resp.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	first := min(resp.ContentLength+1, before+unproven) // one more byte sees the end
	if resp.ContentLength < 0 {
		first = before + max(before/16, unannounced)
	}
	buf, err := fill(resp.Body, make([]byte, 0, min(first, limit+1)))
	came := int64(len(buf))
	var full [][]byte
	for err == nil && came <= limit {
		full = append(full, buf)
		buf, err = fill(resp.Body, make([]byte, 0, min(unproven, limit+1-came)))
		came += int64(len(buf))
	}
	if full != nil && came <= limit {
		buf = bytes.Join(append(full, buf), nil)
	}
	switch {
	case came > limit:
		return nil, tooLarge(limit)
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		err = nil
	}
	if len(buf) < cap(buf)/2 {
		buf = bytes.Clone(buf) // whoever keeps it shall not keep the rest
	}
	return buf, err
}

// fill reads until buf is full. It returns an error if the body ends before.
func fill(body io.Reader, buf []byte) ([]byte, error) {
	for len(buf) < cap(buf) {
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err != nil {
			return buf, err
		}
	}
	return buf, nil
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: more than %d bytes", shotengai.ErrResponseTooLarge, limit)
}
