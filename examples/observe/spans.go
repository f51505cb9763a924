package main

import (
	"context"
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/shotengai/shotengai-go"
)

// tracedClient makes a span of each attempt, named by its operation. It serves clients and
// providers alike.
func tracedClient(provider trace.TracerProvider) *http.Client {
	return &http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport,
		otelhttp.WithTracerProvider(provider),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Pattern }),
	)}
}

// spanCalls adds to the span that a call is made in what the spans of its attempts do not show.
func spanCalls(ctx context.Context, c shotengai.Call) {
	span := trace.SpanFromContext(ctx)
	if !c.Finished || !span.IsRecording() {
		return
	}
	attrs := []attribute.KeyValue{
		attribute.String("shop.platform", c.Platform), attribute.String("shop.operation", c.Operation),
		attribute.Int("shop.attempts", c.Attempt), attribute.Float64("shop.paced_seconds", c.Paced.Seconds()),
	}
	if c.Err != nil {
		attrs = append(attrs, attribute.String("error.type", string(c.Kind)), attribute.String("shop.not_retried", string(c.NotRetried)))
		span.SetStatus(codes.Error, string(c.Kind))
	}
	span.AddEvent("call", trace.WithAttributes(attrs...))
}
