package api

import (
	"context"

	"github.com/shotengai/shotengai-go"
)

// Get carries out a call whose answer is a T.
func Get[T any](ctx context.Context, e *Engine, r Request, opts ...shotengai.CallOption) (*T, error) {
	out := new(T)
	if err := e.Do(ctx, r, out, opts...); err != nil {
		return nil, err
	}
	return out, nil
}

// Pick carries out a call and returns the part of its answer that its caller wants.
func Pick[W, T any](ctx context.Context, e *Engine, r Request, pick func(*W) T, opts ...shotengai.CallOption) (T, error) {
	out := new(W)
	if err := e.Do(ctx, r, out, opts...); err != nil {
		var none T
		return none, err
	}
	return pick(out), nil
}

// List carries out a call whose answer is a page of rows. Those that cannot be read, of the
// list that the struct tag rows marks, are the page's RowErrors.
func List[W, T any](ctx context.Context, e *Engine, r Request, page func(*W) *shotengai.Page[T], opts ...shotengai.CallOption) (*shotengai.Page[T], error) {
	out := new(W)
	reply, err := e.Call(ctx, r, out, opts...)
	if err != nil {
		return nil, err
	}
	p := page(out)
	p.RowErrors = reply.Notes.Rows
	return p, nil
}

// ListAll is List for a list that the platform sends in one piece.
func ListAll[W, T any](ctx context.Context, e *Engine, r Request, rows func(*W) []T, opts ...shotengai.CallOption) (*shotengai.Page[T], error) {
	p, err := List(ctx, e, r, func(w *W) *shotengai.Page[T] { return &shotengai.Page[T]{Items: rows(w)} }, opts...)
	if err == nil {
		p.Total = new(len(p.Items) + len(p.RowErrors))
	}
	return p, err
}
