package main

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/oauth"
)

// metrics counts calls, grants and hooks. Every label has a small number of values.
type metrics struct {
	calls, attempts, paced, waited, wire *prometheus.CounterVec
	grants, hooks                        *prometheus.CounterVec
}

func newMetrics(registry prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return promauto.With(registry).NewCounterVec(prometheus.CounterOpts{Name: "shop_" + name, Help: help}, labels)
	}
	return &metrics{
		calls:    counter("calls_total", "Finished calls; kind is that of the error, empty for a success.", "platform", "operation", "kind"),
		attempts: counter("attempts_total", "Requests that were sent.", "platform", "operation"),
		paced:    counter("paced_seconds_total", "Time spent waiting for the limiter.", "platform"),
		waited:   counter("retry_wait_seconds_total", "Time spent in pauses before another attempt.", "platform"),
		wire:     counter("wire_seconds_total", "Time spent sending requests and reading answers.", "platform"),
		grants:   counter("grant_events_total", "What happened to grants: refreshed, reauthorize and so on.", "platform", "event", "kind"),
		hooks:    counter("hooks_total", "Deliveries of hooks.", "platform", "event", "verdict", "reason"),
	}
}

// observeCall is for shotengai.WithObserver and for the Observe field of an oauth.Provider.
func (m *metrics) observeCall(_ context.Context, c shotengai.Call) {
	if !c.Finished {
		m.attempts.WithLabelValues(c.Platform, c.Operation).Inc()
		return
	}
	m.calls.WithLabelValues(c.Platform, c.Operation, string(c.Kind)).Inc()
	m.paced.WithLabelValues(c.Platform).Add(c.Paced.Seconds())
	m.waited.WithLabelValues(c.Platform).Add(c.Waited.Seconds())
	m.wire.WithLabelValues(c.Platform).Add(c.Wire.Seconds())
}

// observeGrant is for the OnEvent field of an oauth.ManagerConfig.
func (m *metrics) observeGrant(e oauth.Event) {
	m.grants.WithLabelValues(e.Key.Platform, string(e.Kind), string(e.Failure)).Inc()
}

// observeHook is for the Observe field of hooks.Options.
func (m *metrics) observeHook(_ context.Context, r hooks.Report) {
	kind := r.Delivery.Kind
	m.hooks.WithLabelValues(kind.Platform(), string(kind), string(r.Verdict), string(r.Reason)).Inc()
}
