package makeshoptest

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest/internal/graphql"
)

// maxRequest is the size from which the platform may refuse a request. The fake
// always does; the status is an assumption.
const maxRequest = 5_000_000

// timestampLife is how long x-timestamp is taken for.
const timestampLife = time.Hour

const forbidden = "FORBIDDEN"

// graphql is the endpoint of the API.
func (s *Server) graphql(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.ContentLength >= maxRequest {
		fail(w, http.StatusRequestEntityTooLarge, &graphql.Error{Message: "request body too large"})
		return
	}
	shop, status, message := s.authenticate(r.Header)
	if shop == nil {
		code := "UNAUTHENTICATED"
		if status == http.StatusForbidden {
			code = forbidden
		}
		fail(w, status, graphql.Coded(code, "%s", message))
		return
	}
	call, refused := readCall(r)
	if refused != nil {
		fail(w, http.StatusBadRequest, refused)
		return
	}
	if graphql.Introspects(call.Query) {
		fail(w, http.StatusOK, graphql.Coded(forbidden, "introspection disabled"))
		return
	}
	operation, errs := s.schema.Prepare(call)
	if errs != nil {
		fail(w, http.StatusUnprocessableEntity, errs...)
		return
	}
	data, errs := operation.Run(func(field string, arguments map[string]any) (any, *graphql.Error) {
		return s.resolve(shop, field, arguments)
	})
	if errs != nil {
		fail(w, http.StatusOK, errs...)
		return
	}
	fake.WriteJSON(w, http.StatusOK, object{"data": data})
}

func fail(w http.ResponseWriter, status int, errs ...*graphql.Error) {
	fake.WriteJSON(w, status, object{"errors": errs, "data": nil})
}

// authenticate finds the shop of a call. Which status a bad header gets is not
// known: 401 here, and 403 once the API is closed after the end of a subscription.
func (s *Server) authenticate(h http.Header) (*Shop, int, string) {
	if subtle.ConstantTimeCompare([]byte(h.Get("X-Api-Key")), []byte(s.app.APIKey.Reveal())) == 0 {
		return nil, http.StatusUnauthorized, "invalid x-api-key"
	}
	now := s.Now()
	seconds, err := strconv.ParseInt(h.Get("X-Timestamp"), 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > timestampLife {
		return nil, http.StatusUnauthorized, "invalid x-timestamp"
	}
	value, bearer := strings.CutPrefix(h.Get("Authorization"), "Bearer ")
	shop, expired := s.bearer(value)
	switch {
	case !bearer || shop == nil:
		return nil, http.StatusUnauthorized, "invalid token"
	case expired:
		return nil, http.StatusUnauthorized, "token expired"
	case shop.installed.stopped(now):
		return nil, http.StatusForbidden, "the subscription has ended"
	}
	return shop, 0, ""
}

// bearer finds the shop of a persistent or a temporary token.
func (s *Server) bearer(value string) (_ *Shop, expired bool) {
	for _, shop := range s.shops {
		if shop.installed != nil && shop.installed.Token == value {
			return shop, false
		}
	}
	grant, good := s.auth.Check(value)
	if grant.Shop == "" {
		return nil, false
	}
	return s.shop(grant.Shop), !good
}

// resolve runs one operation, unless the app lacks it.
func (s *Server) resolve(shop *Shop, field string, arguments map[string]any) (any, *graphql.Error) {
	if !s.app.granted(field) {
		return nil, graphql.Coded(forbidden, "operation %s is not permitted", field)
	}
	var v any
	var err error
	if run := s.config.handlers[field]; run != nil {
		withUploads(arguments)
		v, err = s.unlocked(func() (any, error) { return run(shop, arguments) })
	} else {
		v, err = operations[field](shop, arguments)
	}
	if err != nil {
		if e, ok := errors.AsType[*graphql.Error](err); ok {
			return nil, e
		}
		return nil, &graphql.Error{Message: err.Error()}
	}
	return v, nil
}

// unlocked lets a handler of the user's call methods of the server.
func (s *Server) unlocked(run func() (any, error)) (any, error) {
	s.mu.Unlock()
	defer s.mu.Lock()
	return run()
}

type body struct {
	Query         string         `json:"query"`
	OperationName *string        `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

func (b body) call() graphql.Call {
	c := graphql.Call{Query: b.Query, Variables: b.Variables}
	if b.OperationName != nil {
		c.OperationName = *b.OperationName
	}
	return c
}

// readCall reads a call in either encoding. Without one the answer is gqlgen's.
func readCall(r *http.Request) (graphql.Call, *graphql.Error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil || r.Method != http.MethodPost:
	case kind == "application/json":
		var b body
		if err := fake.ReadJSON(r, &b); err != nil {
			return graphql.Call{}, &graphql.Error{Message: "json request body could not be decoded: " + err.Error()}
		}
		return b.call(), nil
	case kind == "multipart/form-data":
		return readMultipart(r)
	}
	return graphql.Call{}, &graphql.Error{Message: "transport not supported"}
}

// readMultipart reads operations, map and files by the convention for uploads.
func readMultipart(r *http.Request) (graphql.Call, *graphql.Error) {
	bad := func(message string) (graphql.Call, *graphql.Error) {
		return graphql.Call{}, &graphql.Error{Message: message}
	}
	if err := r.ParseMultipartForm(maxRequest); err != nil {
		return bad("failed to parse multipart form")
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	var b body
	decoder := json.NewDecoder(strings.NewReader(r.PostFormValue("operations")))
	decoder.UseNumber()
	if err := decoder.Decode(&b); err != nil {
		return bad("operations form field could not be decoded")
	}
	var places map[string][]string
	if err := json.Unmarshal([]byte(r.PostFormValue("map")), &places); err != nil {
		return bad("map form field could not be decoded")
	}
	for key, paths := range places {
		file, err := readFile(r, key)
		if err != nil {
			return bad("failed to get key " + key + " from form")
		}
		for _, path := range paths {
			if !place(object{"variables": b.Variables}, strings.Split(path, "."), file) {
				return bad("invalid operations paths for key " + key)
			}
		}
	}
	return b.call(), nil
}

func readFile(r *http.Request, key string) (*graphql.Upload, error) {
	file, header, err := r.FormFile(key)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var data bytes.Buffer
	if _, err := data.ReadFrom(file); err != nil {
		return nil, err
	}
	return &graphql.Upload{Name: header.Filename, Type: header.Header.Get("Content-Type"), Data: data.Bytes()}, nil
}

// place puts a file where the operations have null.
func place(node any, steps []string, file *graphql.Upload) bool {
	step, last := steps[0], len(steps) == 1
	switch node := node.(type) {
	case map[string]any:
		below, there := node[step]
		switch {
		case last && there && below == nil:
			node[step] = file
			return true
		case last:
			return false
		}
		return place(below, steps[1:], file)
	case []any:
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(node) {
			return false
		}
		if last && node[i] == nil {
			node[i] = file
			return true
		}
		return !last && place(node[i], steps[1:], file)
	}
	return false
}

// rows are the elements of a list in an input.
func rows(arguments map[string]any, name string) []object {
	input, _ := arguments["input"].(object)
	list, _ := input[name].([]any)
	var out []object
	for _, element := range list {
		row, _ := element.(object)
		out = append(out, row)
	}
	return slices.Clip(out)
}
