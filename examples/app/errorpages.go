package main

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
)

// heading is the key of the text above a problem: its own one, that of its status, or a general
// one.
func (p problem) heading() string {
	for _, key := range []string{"error_" + p.text, "error_" + strconv.Itoa(p.status)} {
		if texts["ja"][key] != "" {
			return key
		}
	}
	return "error"
}

// problemOf is what a browser is shown in place of the plain text of an error.
func problemOf(status int) problem {
	switch {
	case status == http.StatusNotFound:
		return errNotFound
	case status == http.StatusMethodNotAllowed:
		return problem{status, "not_a_page"}
	case status >= http.StatusInternalServerError:
		return problem{status, "failed"}
	}
	return problem{status, "bad_request"}
}

// errorPages answers with a page where a handler answers with the plain text of an error, as
// ServeMux does for an unknown address or a wrong method, and where one panics.
func (a *app) errorPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &pageOnly{ResponseWriter: w}
		defer func() {
			reason := recover()
			switch {
			case reason == nil && answer.withheld == 0:
				return
			case reason == nil:
				a.fail(w, r, a.stranger(r), problemOf(answer.withheld))
			case reason == http.ErrAbortHandler: //nolint:errorlint // a panic's value, compared as net/http does
				panic(reason)
			default:
				err := fmt.Errorf("panic: %v\n%s", reason, debug.Stack())
				if answer.begun {
					a.log.Error("page", "path", r.URL.Path, "error", err)
					panic(http.ErrAbortHandler) // nobody may take half a page for all
				}
				a.fail(w, r, a.stranger(r), err)
			}
		}()
		next.ServeHTTP(answer, r)
	})
}

// stranger is who asks, as far as that can be found out.
func (a *app) stranger(r *http.Request) *visit {
	v := a.visit(r)
	if s, err := a.session(r); err == nil {
		v.session = s
	}
	return v
}

// pageOnly lets an answer pass unless it is an error that is not a page.
type pageOnly struct {
	http.ResponseWriter

	begun    bool
	withheld int // its status; 0: nothing
}

func (p *pageOnly) WriteHeader(status int) {
	if status >= http.StatusBadRequest && !p.begun && !strings.HasPrefix(p.Header().Get("Content-Type"), "text/html") {
		p.withheld = status
		return
	}
	p.begun = true
	p.ResponseWriter.WriteHeader(status)
}

func (p *pageOnly) Write(body []byte) (int, error) {
	if p.withheld != 0 {
		return len(body), nil
	}
	p.begun = true
	return p.ResponseWriter.Write(body)
}

// Unwrap is for [http.ResponseController].
func (p *pageOnly) Unwrap() http.ResponseWriter { return p.ResponseWriter }
