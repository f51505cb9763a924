package httpx

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/shotengai/shotengai-go"
)

// ReadBody reads a whole body of at most limit decoded bytes into a buffer of the
// announced size and closes it. It reads up to the end, so that the connection can
// be used again; a longer body is [shotengai.ErrResponseTooLarge] and costs the connection.
func ReadBody(resp *http.Response, limit int64) ([]byte, error) {
	defer resp.Body.Close()
	size := resp.ContentLength
	if size > limit {
		return nil, tooLarge(limit)
	}
	if size < 0 {
		size = 4 << 10
	}
	buf := make([]byte, 0, min(size, limit)+1) // one more byte sees the end without growing
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
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

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: more than %d bytes", shotengai.ErrResponseTooLarge, limit)
}
