package oauthtest

import (
	"cmp"
	"html"
	"net/http"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// Refusal is how the server says no.
type Refusal struct {
	// Status is that of the answer. It is 302 for an error that the browser brings back
	// to the app.
	Status int
	// Code is the error. A page for the owner has none in it, but is named for
	// [Config.Refuse]: unknown_client, unknown_redirect or invalid_request. An answer of
	// the token endpoint without a code has no body.
	Code string
	// Description is the error_description, or the text of the page.
	Description string
}

func refuse(code, description string) *Refusal {
	return &Refusal{http.StatusBadRequest, code, description}
}

func refuseInRedirect(code, description string) *Refusal {
	return &Refusal{http.StatusFound, code, description}
}

// reword returns a [Config.Refuse] that takes over the fields of a table of codes that are
// not empty.
func reword(table map[string]Refusal) func(Refusal) Refusal {
	return func(r Refusal) Refusal {
		words := table[r.Code]
		return Refusal{
			Status:      cmp.Or(words.Status, r.Status),
			Code:        cmp.Or(words.Code, r.Code),
			Description: cmp.Or(words.Description, r.Description),
		}
	}
}

// worded returns a refusal in the words of the platform.
func (c *Config) worded(r *Refusal) Refusal {
	if c.Refuse == nil {
		return *r
	}
	return c.Refuse(*r)
}

// write answers at the token endpoint.
func (r Refusal) write(w http.ResponseWriter) {
	if r.Code == "" {
		w.WriteHeader(r.Status)
		return
	}
	fake.WriteJSON(w, r.Status, map[string]string{"error": r.Code, "error_description": r.Description})
}

// page shows the owner a text.
func page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!DOCTYPE html><html lang=\"ja\"><body><p>" + html.EscapeString(text) + "</p></body></html>"))
}
