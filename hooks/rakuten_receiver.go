package hooks

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// The result codes that Rakuten reads from an answer.
const (
	RakutenAccepted   = "N-000-000"
	RakutenBadValues  = "E-400-100"
	RakutenBadAuthKey = "E-400-101"
	RakutenOtherError = "E-400-900"
)

// RakutenConfig configures a [Rakuten].
type RakutenConfig struct {
	// AuthKeys are the authKey that Rakuten sends, and during a change the one before
	// it, newest first. It is the only proof: nothing is signed.
	AuthKeys []shotengai.Secret
	// OnOrders runs once for each event of new orders.
	OnOrders func(context.Context, *RakutenOrders) error
	// OnNotices runs once for each event of anything else.
	OnNotices func(context.Context, *RakutenNotices) error
	// Ledger lets each event take effect once. Nil is a [VolatileLedger]: one process,
	// empty after a restart.
	Ledger Ledger
	// Options are the limits and the observers.
	Options Options
}

// Rakuten receives system events. It is safe for concurrent use.
type Rakuten struct {
	receiver
	config RakutenConfig
}

// NewRakuten returns a receiver. It fails with [ErrSecret] when a key is missing,
// empty, blank or has a line break in it, and with [ErrConfig] without a function and for
// options out of range. The error has all of that, a line each.
func NewRakuten(config RakutenConfig) (*Rakuten, error) {
	handled := config.OnOrders != nil || config.OnNotices != nil
	receiver, err := newReceiver(config.Options, config.Ledger, handled, "OnOrders or OnNotices",
		checkConfigured(config.AuthKeys, config.Options.Logger))
	if err != nil {
		return nil, err
	}
	config.AuthKeys = slices.Clone(config.AuthKeys)
	return &Rakuten{receiver: receiver, config: config}, nil
}

// Handler returns the handler for the URL of the system events, of both kinds: the
// root element names the kind. It answers with a result code in XML. A refusal has
// an HTTP status of its own beside the code, since no source says which of the two
// Rakuten looks at; an event that is not finished is never answered with 200.
func (c *Rakuten) Handler() http.Handler {
	return c.endpoint(hook{
		kind:       "rakuten",
		mediaTypes: []string{"text/xml", "application/xml"},
		handled:    true,
		check:      func(*http.Request) error { return nil },
		open:       c.open,
		answer:     rakutenAnswer,
	})
}

func rakutenAnswer(err error, _ []byte) (contentType string, body []byte) {
	code := RakutenOtherError
	switch {
	case err == nil:
		code = RakutenAccepted
	case errors.Is(err, ErrHandler):
	case errors.Is(err, ErrAuthKey):
		code = RakutenBadAuthKey
	case errors.Is(err, ErrPayload), errors.Is(err, ErrBodyEmpty), errors.Is(err, ErrBodyIncomplete):
		code = RakutenBadValues
	}
	return "text/xml; charset=utf-8", []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		"<responseModel><resultCode>" + code + "</resultCode></responseModel>\n")
}

func (c *Rakuten) open(_ *http.Request, body []byte) (*event, error) {
	b, err := readRakuten(body)
	if err != nil {
		return nil, err
	}
	matched, err := b.authenticate(c.config.AuthKeys)
	if err != nil {
		return nil, err
	}
	var e *event
	if b.root.name == rakutenOrderRoot {
		e, err = c.openOrders(b, body)
	} else {
		e, err = c.openNotices(b, body)
	}
	if err != nil {
		return nil, err
	}
	if shop := cmp.Or(b.shop.ShopURL, b.shop.ContractID); shop != "" {
		e.shop = c.key("rakuten", shop)
	}
	e.secret = secretName(matched)
	return e, nil
}

func (c *Rakuten) openOrders(b *rakutenBody, body []byte) (*event, error) {
	if c.config.OnOrders == nil {
		return nil, ErrNoHandler
	}
	in, err := b.orders(body)
	if err != nil {
		return nil, err
	}
	id, keep := []string{b.shop.ContractID, b.shop.ShopURL}, time.Duration(0)
	for _, order := range in.Orders {
		id = append(id, order.OrderNumber, order.SeqID, strconv.Itoa(order.OrderType))
		if order.SeqID == "" {
			keep = indistinct
		}
	}
	return &event{
		kind: RakutenOrdersKind,
		id:   c.key(string(RakutenOrdersKind), digest([]byte(strings.Join(id, "\x00")))),
		keep: keep,
		plan: func(Decision) step {
			return step{run: func(ctx context.Context) ([]byte, error) { return nil, c.config.OnOrders(ctx, in) }}
		},
	}, nil
}

func (c *Rakuten) openNotices(b *rakutenBody, body []byte) (*event, error) {
	if c.config.OnNotices == nil {
		return nil, ErrNoHandler
	}
	in, err := b.notices(body)
	if err != nil {
		return nil, err
	}
	id, keep := []string{b.shop.ContractID, b.shop.ShopURL}, time.Duration(0)
	for _, n := range in.Notices {
		id = append(id, n.RequestID, strconv.Itoa(int(n.ServiceID)), strconv.Itoa(n.FunctionID))
		for _, v := range n.Values {
			id = append(id, v.Name, v.Value)
		}
		if n.RequestID == "" {
			keep = indistinct
		}
	}
	return &event{
		kind: RakutenNoticesKind,
		id:   c.key(string(RakutenNoticesKind), digest([]byte(strings.Join(id, "\x00")))),
		keep: keep,
		plan: func(Decision) step {
			return step{run: func(ctx context.Context) ([]byte, error) { return nil, c.config.OnNotices(ctx, in) }}
		},
	}, nil
}
