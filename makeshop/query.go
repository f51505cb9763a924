package makeshop

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/lenient"
)

// MaxRequestBytes is the size that a request must stay below: from 5 MB on the platform
// may refuse it. A larger one is not sent.
const MaxRequestBytes = 5_000_000

// Query sends a query of your own and decodes the data of the answer into out, a pointer
// to a struct or map with the query's top-level fields, or nil. The document holds one
// operation; variables is a struct or map with what it declares, or nil. [Select] writes
// the selection of a Go type.
//
// When the answer has errors beside data, out is filled and the error matches
// [ErrPartial].
func (c *Client) Query(ctx context.Context, document string, variables, out any, opts ...shotengai.CallOption) error {
	return c.free(ctx, "query", document, variables, out, opts)
}

// Mutate is Query for a mutation. It is not repeated after a failure that may have come
// after the fact: that is [shotengai.ErrOutcomeUnknown]. Failures of single rows are in the data and
// are for you to look for.
func (c *Client) Mutate(ctx context.Context, document string, variables, out any, opts ...shotengai.CallOption) error {
	return c.free(ctx, "mutation", document, variables, out, opts)
}

// free sends a document that is not the library's own.
func (c *Client) free(ctx context.Context, kind, text string, variables, out any, opts []shotengai.CallOption) error {
	d, err := parseDocument(text)
	if err == nil && d.kind != kind {
		err = fmt.Errorf("document: it is a %s, not a %s", d.kind, kind)
	}
	out, wrong := into(out)
	if err = cmp.Or(err, wrong); err != nil {
		return c.invalid(ctx, kind+" (anonymous)", err)
	}
	reply, err := c.send(ctx, d, text, variables, nil, newEnvelope(out), opts)
	if err != nil {
		err = c.beside(reply, newEnvelope(out), err)
	}
	return err
}

// beside reads what came beside an error into an answer, as far as it fits.
func (c *Client) beside(reply *api.Reply, answer any, err error) error {
	if reply != nil && errors.Is(err, ErrPartial) {
		c.engine.Salvage(reply, answer)
	}
	return err
}

// invalid is the error of a call that is not sent.
func (c *Client) invalid(ctx context.Context, label string, cause error) error {
	return c.engine.Invalid(ctx, api.Request{Operation: label}, cause)
}

// envelope is an answer with data of the caller's type. Data holds the caller's pointer, into
// which the decoder reads: a type that read data by itself would have it scanned twice more.
type envelope struct {
	Data       any             `json:"data"`
	Errors     json.RawMessage `json:"errors"`
	Extensions json.RawMessage `json:"extensions"`

	out any
}

func newEnvelope(out any) *envelope { return &envelope{Data: out, out: out} }

// complete reports whether the answer had data. The decoder leaves the pointer where there is no
// such member, and in some types where it is null.
func (e *envelope) complete(answer []byte) bool {
	if e.Data != e.out {
		return false
	}
	if bytes.HasPrefix(answer, []byte(`{"data":{`)) {
		return true
	}
	var members struct {
		Data json.RawMessage `json:"data"`
	}
	err := json.Unmarshal(lenient.CleanJSON(answer), &members)
	return err == nil && members.Data != nil && string(members.Data) != "null"
}

// into returns the pointer that data is decoded into.
func into(out any) (any, error) {
	if out == nil {
		return new(ignored), nil
	}
	if v := reflect.ValueOf(out); v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, fmt.Errorf("out: a %T is no pointer to decode into", out)
	}
	return out, nil
}

// ignored is data of no interest.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }

// operation is one of the library's own: a document with one operation that is named
// after its one root field.
type operation struct {
	root     string
	mutation bool
	text     string
}

func (o operation) document() document {
	if o.mutation {
		return document{kind: "mutation", name: o.root}
	}
	return document{kind: "query", name: o.root}
}

// input is the variables of all operations that have some.
type input struct {
	Input any `json:"input"`
}

// call carries out an operation of the library's own and returns what its root field has.
// Data that came beside an error is returned with it.
func call[T any](ctx context.Context, c *Client, op operation, in any, check error, opts []shotengai.CallOption) (*T, *api.Reply, error) {
	answer := reply[T]{root: op.root}
	var variables any
	if in != nil {
		variables = input{in}
	}
	r, err := c.send(ctx, op.document(), op.text, variables, check, &answer, opts)
	if err != nil && (r == nil || !errors.Is(err, ErrPartial)) {
		return nil, r, err
	}
	err = c.beside(r, &answer, err) // before the data are looked at: Go leaves the order open
	return answer.Data[op.root], r, err
}

// get is call for those that need no more than what the root field has.
func get[T any](ctx context.Context, c *Client, op operation, in any, check error, opts []shotengai.CallOption) (*T, error) {
	out, _, err := call[T](ctx, c, op, in, check, opts)
	return out, err
}

// list is get for a page of rows. Those that cannot be read are the page's RowErrors.
func list[W, T any](ctx context.Context, c *Client, op operation, in any, check error, page func(*W) *shotengai.Page[T], opts []shotengai.CallOption) (*shotengai.Page[T], error) {
	out, r, err := call[W](ctx, c, op, in, check, opts)
	if out == nil {
		return nil, err
	}
	p := page(out)
	p.RowErrors = r.Notes.Rows
	return p, err
}

// pick is get for a part of what the root field has.
func pick[W, T any](ctx context.Context, c *Client, op operation, in any, check error, part func(*W) T, opts []shotengai.CallOption) (T, error) {
	out, err := get[W](ctx, c, op, in, check, opts)
	if out == nil {
		var none T
		return none, err
	}
	return part(out), err
}

// reply is an answer to an operation of the library's own.
type reply[T any] struct {
	Data       map[string]*T   `json:"data"`
	Errors     json.RawMessage `json:"errors"`
	Extensions json.RawMessage `json:"extensions"`

	root string
}

func (r *reply[T]) complete([]byte) bool { return r.Data[r.root] != nil }

// judge refuses an answer that lacks what was asked for, where its type knows that.
func (r *reply[T]) judge() (kind, cause error) {
	if part, ok := any(r.Data[r.root]).(interface{ missing() error }); ok && part.missing() != nil {
		return shotengai.ErrNotFound, part.missing()
	}
	return nil, nil
}

// codec is JSON, with data where data has to be.
type codec struct{ api.Codec }

var decoding api.Codec = codec{api.JSON}

var errNoData = errors.New("the answer has neither data nor errors")

func (c codec) Decode(data []byte, out any, notes *api.Notes) error {
	if err := c.Codec.Decode(data, out, notes); err != nil {
		return err
	}
	if r, ok := out.(interface{ complete(answer []byte) bool }); ok && !r.complete(data) {
		return errNoData
	}
	return nil
}

// send builds the one kind of request there is.
func (c *Client) send(ctx context.Context, d document, text string, variables any, check error, out any, opts []shotengai.CallOption) (*api.Reply, error) {
	r := api.Request{Operation: d.label(), Check: check, Decode: decoding, Safety: api.Read}
	if d.kind == "mutation" {
		r.Safety = api.Write
	}
	if r.Check == nil {
		var data []byte
		data, r.Check = encode(d, text, variables)
		r.Body = api.Content{Type: "application/json", Data: data}
	}
	if a, ok := out.(interface{ judge() (kind, cause error) }); ok {
		r.Judge = func(*api.Reply) (kind, cause error) { return a.judge() }
	}
	return c.engine.Call(ctx, r, out, opts...)
}

func encode(d document, text string, variables any) ([]byte, error) {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(struct {
		Query     string `json:"query"`
		Variables any    `json:"variables,omitempty"`
		Operation string `json:"operationName,omitempty"`
	}{text, variables, d.name})
	if err != nil {
		return nil, fmt.Errorf("variables: %w", err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), checkSize(buf.Len())
}

func checkSize(size int) error {
	if size >= MaxRequestBytes {
		return fmt.Errorf("the request has %d bytes; it has to stay below %d: send fewer rows at a time", size, MaxRequestBytes)
	}
	return nil
}
