package main

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(pageFiles, "page/control.html"))

// pageRoutes adds the control page, whose forms call the API.
func (c *control) pageRoutes(mux *http.ServeMux) {
	files, _ := fs.Sub(pageFiles, "page") // fails for no path but a malformed one
	static := http.FileServerFS(files)
	mux.Handle("GET /control.js", static)
	mux.Handle("GET /control.css", static)
	mux.HandleFunc("GET /{$}", c.page)
}

func (c *control) page(w http.ResponseWriter, _ *http.Request) {
	var page bytes.Buffer
	err := pageTemplate.Execute(&page, map[string]any{"Text": c.text, "Platforms": c.show()})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(page.Bytes())
}
