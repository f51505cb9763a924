package httpx

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/shotengai/shotengai-go"
)

// How much memory a body is given before its bytes have come.
const (
	firstBytes = 16 << 10 // at first
	ahead      = 16       // times what has come, towards the length that was announced
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
		size = 4 << 10
	}
	whole := min(size, limit) + 1 // one more byte sees the end without growing
	buf := make([]byte, 0, min(whole, firstBytes))
	for {
		if len(buf) == cap(buf) {
			buf = grow(buf, whole)
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

// grow makes room in a buffer for what is left of the announced length, and where there is
// nothing left, as append does.
func grow(buf []byte, whole int64) []byte {
	if size := min(whole, ahead*int64(len(buf))); size > int64(len(buf)) {
		return append(make([]byte, 0, size), buf...)
	}
	return append(buf, 0)[:len(buf)]
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: more than %d bytes", shotengai.ErrResponseTooLarge, limit)
}
