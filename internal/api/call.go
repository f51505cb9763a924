package api

import (
	"context"

	"github.com/shotengai/shotengai-go"
)

// Get carries out a call whose answer is a T.
func Get[T any](ctx context.Context, e *Engine, r Request, opts ...shotengai.CallOption) (*T, error) {
	out := new(T)
	if _, err := e.Call(ctx, r, out, opts...); err != nil {
		return nil, err
	}
	return out, nil
}

// Pick carries out a call and returns the part of its answer that its caller wants.
func Pick[W, T any](ctx context.Context, e *Engine, r Request, pick func(*W) T, opts ...shotengai.CallOption) (T, error) {
	out := new(W)
	if _, err := e.Call(ctx, r, out, opts...); err != nil {
		var none T
		return none, err
	}
	return pick(out), nil
}
