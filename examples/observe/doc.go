// Command observe shows what an app sees of its calls, its grants and its hooks: one line of log
// per call, metrics for Prometheus, and spans by OpenTelemetry that are named by operation. It
// needs no account, because it runs on the fakes. It makes some calls, of which some fail, and
// prints the page that Prometheus would read and the spans that a collector would get:
//
//	go run ./examples/observe
//
// The files log.go, metrics.go and spans.go are made to be copied. The guide docs/en/observe.md
// explains them.
package main
