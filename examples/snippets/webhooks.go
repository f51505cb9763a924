package snippets

import (
	"net/http"
	"time"
)

// Webhooks.

func hookServer(handler http.Handler) *http.Server {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second, // the whole request; a body has 10 s, by hooks.Options
		WriteTimeout:      90 * time.Second, // the body, the wait for a twin and the longest function
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	return server
}
