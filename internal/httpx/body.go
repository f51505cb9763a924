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
	firstBytes  = 16 << 10 // at first
	unannounced = 4 << 10  // at first, of a body whose length was not announced
	ahead       = 16       // times what has come, towards the length that was announced
)

// ReadBody reads a whole body of at most limit decoded bytes and closes it. It reads up to the
// end, so that the connection can be used again; a longer body is
// [shotengai.ErrResponseTooLarge] and costs the connection. An announced length costs memory
// only as its bytes come.
func ReadBody(resp *http.Response, limit int64) ([]byte, error) {
	defer resp.Body.Close()
	size := resp.ContentLength
	if size > limit {
		return nil, tooLarge(limit)
	}
	if size < 0 {
		size = min(limit, unannounced)
	}
	whole := size + 1 // one more byte sees the end without growing
	buf := make([]byte, 0, min(whole, firstBytes))
	for {
		if len(buf) == cap(buf) && int64(len(buf)) >= whole {
			return readRest(resp.Body, buf, limit)
		}
		if len(buf) == cap(buf) {
			buf = append(make([]byte, 0, min(whole, ahead*int64(len(buf)))), buf...)
		}
		n, err := resp.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > limit {
			return nil, tooLarge(limit)
		}
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// readRest reads on where a body is longer than its buffer, which takes no more memory than
// io.ReadAll does.
func readRest(body io.Reader, begun []byte, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(begun), body), limit+1))
	if int64(len(data)) > limit {
		return nil, tooLarge(limit)
	}
	return data, err
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: more than %d bytes", shotengai.ErrResponseTooLarge, limit)
}
