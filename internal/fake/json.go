package fake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// WriteJSON answers with v as JSON. It panics when v cannot be encoded.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	body := JSON(v)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// JSON encodes v without escaping HTML and without a trailing newline. It
// panics when v cannot be encoded.
func JSON(v any) []byte {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("fake: encode a reply: %v", err))
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// ReadJSON decodes the whole body of r into v. Numbers in an any become
// json.Number.
func ReadJSON(r *http.Request, v any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	if err := decoder.Decode(v); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("fake: data after the JSON value")
	}
	return nil
}

// HMACSHA256 returns the standard Base64 of the HMAC-SHA256 of body, the
// signature of a hook.
func HMACSHA256(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
