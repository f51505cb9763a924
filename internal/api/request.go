package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/go-querystring/query"

	"github.com/shotengai/shotengai-go"
)

// Request is one call of a platform's operation, as its service method describes it.
type Request struct {
	// Operation is the method and the path as a template, such as "GET /v1/sales/{id}".
	// Where all calls go to one address it is a name, such as "query searchOrder".
	Operation string
	// Path has a value for each name in braces. Values are escaped; one that is empty, "."
	// or ".." would change the meaning of the path and is refused.
	Path []string
	// Raw is a path that is escaped already, in place of Operation and Path: see [Raw].
	Raw string

	Params any    // a struct with url tags, or url.Values; nil for none
	Body   any    // JSON-encoded, unless it is a Content; nil for none
	Accept string // that of Decode when empty
	Header http.Header

	Check   error // what validation found; the call is not sent unless it is nil
	Safety  Safety
	Limiter shotengai.Limiter // paces this operation in addition to the client's limiter
	Group   string            // the rate group of the operation, in place of Limiter; "" for none
	Decode  Codec             // JSON when nil
	Auth    Auth              // in place of the client's, for operations that have their own

	// Judge returns the kind and the cause of a failure that shows only in an answer that was
	// read, both nil for none. It may be nil.
	Judge func(*Reply) (kind, cause error)

	whole bool // an answer that lacks rows is a failure
}

// Content is a body that is encoded already. It is kept whole, so that an attempt can be
// repeated.
type Content struct {
	Type string
	Data []byte
}

// ID returns the path values of numeric identifiers, which have to be positive.
func ID[T ~int | ~int64](ids ...T) []string {
	values := make([]string, len(ids))
	for i, id := range ids {
		if id > 0 {
			values[i] = strconv.FormatInt(int64(id), 10)
		}
	}
	return values
}

// Raw returns the request of an operation that has no method: in is the query of GET and
// DELETE, and the body of all else.
func Raw(method, path string, in any) Request {
	r := Request{Operation: method + " " + template(path), Raw: path, Body: in}
	if method == http.MethodGet || method == http.MethodDelete {
		r.Params, r.Body = in, nil
	}
	return r
}

// template returns a path without its ids: segments with a digit that are no version of an
// API become {id}, so that the number of operations stays small.
func template(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if strings.ContainsFunc(segment, unicode.IsDigit) && !version(segment, i) {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}

// version reports whether the segment at a position is a version: v1, 2.0, 202211.
func version(segment string, at int) bool {
	number := strings.TrimPrefix(segment, "v")
	return at <= 3 && len(number) <= 6 && strings.Trim(number, "0123456789.") == ""
}

// method returns the HTTP method: all calls to one address are POST.
func (r *Request) method() string {
	method, path, _ := strings.Cut(r.Operation, " ")
	if r.Raw == "" && !strings.HasPrefix(path, "/") {
		return http.MethodPost
	}
	return method
}

// path returns the escaped path.
func (r *Request) path() (string, error) {
	if r.Raw != "" {
		return r.Raw, nil
	}
	_, template, _ := strings.Cut(r.Operation, " ")
	if !strings.Contains(template, "{") {
		return template, nil
	}
	var b strings.Builder
	b.Grow(len(template) + 32*len(r.Path)) // room for the usual values
	values := r.Path
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			break
		}
		if len(values) == 0 || values[0] == "" || values[0] == "." || values[0] == ".." {
			return "", errPath
		}
		b.WriteString(url.PathEscape(values[0]))
		values = values[1:]
		_, template, _ = strings.Cut(rest, "}")
	}
	return b.String(), nil
}

var errPath = fmt.Errorf("%w: path: an identifier in it is empty or not allowed", shotengai.ErrInvalid)

// target is the request's URL below base.
func (r *Request) target(base url.URL) (*url.URL, error) {
	escaped, err := r.path()
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(escaped, "/") || strings.HasPrefix(escaped, "//") || !printable(escaped) || strings.ContainsAny(escaped, "?#") {
		return nil, errPath
	}
	path, err := url.PathUnescape(escaped)
	if err != nil || climbs(path) || strings.ContainsFunc(path, unicode.IsControl) {
		return nil, fmt.Errorf("%w: path: badly escaped, it climbs with dots, or has control characters", shotengai.ErrInvalid)
	}
	u := base
	u.Path = strings.TrimSuffix(base.Path, "/") + path
	if path != escaped || base.RawPath != "" {
		u.RawPath = strings.TrimSuffix(base.EscapedPath(), "/") + escaped
	}
	u.RawQuery, err = r.query()
	return &u, err
}

func (r *Request) query() (string, error) {
	switch params := r.Params.(type) {
	case nil:
		return "", nil
	case url.Values:
		return params.Encode(), nil
	}
	if err := noEmptyList(r.Params); err != nil {
		return "", err
	}
	values, err := query.Values(r.Params)
	if err != nil {
		return "", fmt.Errorf("%w: query: %w", shotengai.ErrInvalid, err)
	}
	return values.Encode(), nil
}

// noEmptyList refuses a list that is there and empty: it would be left out of the query,
// which then selects everything instead of nothing.
func noEmptyList(params any) error {
	v := reflect.Indirect(reflect.ValueOf(params))
	if v.Kind() != reflect.Struct {
		return nil
	}
	for field, value := range v.Fields() {
		if value.Kind() == reflect.Slice && !value.IsNil() && value.Len() == 0 {
			return fmt.Errorf("%w: query: %s is an empty list, which selects nothing: leave it nil to select by other fields", shotengai.ErrInvalid, field.Name)
		}
	}
	return nil
}

// encode returns the body's bytes and content type.
func (r *Request) encode() ([]byte, string, error) {
	switch body := r.Body.(type) {
	case nil:
		return nil, "", nil
	case Content:
		return body.Data, body.Type, nil
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r.Body); err != nil {
		return nil, "", fmt.Errorf("%w: body: %w", shotengai.ErrInvalid, err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), "application/json; charset=utf-8", nil
}

// header returns the header of one attempt, without authorisation.
func (c *call) header() http.Header {
	h := make(http.Header, 6)
	maps.Copy(h, c.request.Header)
	maps.Copy(h, c.settings.Header)
	values := []string{c.contentType, c.userAgent, c.request.Accept}
	if c.body != nil {
		h["Content-Type"] = values[0:1:1]
	}
	h["User-Agent"] = values[1:2:2]
	if _, set := h["Accept"]; !set {
		if values[2] == "" {
			values[2] = c.request.Decode.Accept()
		}
		h["Accept"] = values[2:3:3]
	}
	return h
}

func climbs(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

func printable(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

func validName(s string) bool {
	return s != "" && printable(s) && !strings.ContainsAny(s, "()<>@,;:\\\"/[]?={}")
}
