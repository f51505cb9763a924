package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// fixed is a shop with stock alone.
type fixed []stock

func (fixed) orders(context.Context, period, window) (rows[order], error) {
	return rows[order]{}, errors.New("the password is hunter2")
}
func (fixed) order(context.Context, string, period) (*order, error) { return nil, context.Canceled }
func (fixed) items(context.Context, string, window) (rows[item], error) {
	return rows[item]{}, &shotengai.PageError{Err: shotengai.ErrRowsMoved}
}
func (f fixed) stock(context.Context, string) ([]stock, error) { return f, nil }
func (fixed) diagnose(context.Context) diagnosis               { return diagnosis{} }

func TestErrorsSayWhatToDo(t *testing.T) {
	t.Parallel()
	for status, says := range map[int]string{
		http.StatusForbidden: "diagnose_key", http.StatusNotFound: "Check the id", http.StatusConflict: "Read again",
		http.StatusUnprocessableEntity: "Change them", http.StatusTooManyRequests: "Wait", http.StatusBadGateway: "Repeat in some minutes",
	} {
		b := newBench(t)
		b.stores.Fail(3, shotengaitest.Fault{Status: status, RetryAfter: "0", Body: `{"errors":[{"code":1}]}`})
		text := fails(t, b, "list_items", args{"shop": "demo-stores"})
		assert.Contains(t, text, says)
		assert.Contains(t, text, "stores; GET ")
	}
	b := newBench(t)
	assert.Contains(t, fails(t, b, "list_orders", args{"shop": "x"}), "demo-colorme, demo-makeshop")
	assert.Contains(t, fails(t, b, "list_orders", args{"shop": "demo-stores", "from": "yesterday"}), "2026-01-31")
	assert.Contains(t, fails(t, b, "list_orders", args{"shop": "demo-stores", "from": "2026-02-01", "to": "2026-01-01"}), "is before")
	assert.Contains(t, fails(t, b, "list_orders", args{"shop": "demo-rakuten", "from": "2020-01-01"}), "63 days")
	assert.Contains(t, fails(t, b, "list_orders", args{"shop": 1}), "shop")
	assert.Contains(t, fails(t, b, "get_order", args{"shop": "demo-makeshop", "number": "P1"}), "ordered_on")
	assert.Contains(t, fails(t, b, "get_order", args{"shop": "demo-colorme", "number": "P1"}), "whole numbers")
	assert.Contains(t, fails(t, b, "get_order", args{"shop": "demo-stores", "number": "1"}), "no order 1")
}

// What nobody foresaw may have anything in it: it goes to the log, and not to the model.
func TestUnknownFailures(t *testing.T) {
	t.Parallel()
	var log syncBuffer
	b := newBench(t, func(s *service) {
		s.places["fixed"] = place{Name: "fixed", shop: fixed{}}
		s.log = slog.New(slog.NewTextHandler(&log, nil))
	})
	text := fails(t, b, "list_orders", args{"shop": "fixed"})
	assert.Contains(t, text, "server's log")
	assert.NotContains(t, text, "hunter2")
	assert.Contains(t, log.String(), "list_orders")
	assert.Contains(t, fails(t, b, "list_items", args{"shop": "fixed"}), "Start again without cursor")
	assert.Contains(t, fails(t, b, "get_order", args{"shop": "fixed", "number": "1"}), "cancelled")
}
