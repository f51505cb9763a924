package lenient

import (
	"encoding/json"
	"strings"
	"testing"
)

// BenchmarkJSON is a page of a thousand rows with one odd value, against the strict decoder.
func BenchmarkJSON(b *testing.B) {
	row := `{"id":"a","number":1,"memo":"急ぎ","day":"2026-11-30","lines":[{"price":1,"day":"2026-11-30"},{"price":2}]}`
	sound := `{"orders":[` + strings.Repeat(row+",", 999) + row + `],"total":1000}`
	odd := strings.Replace(sound, `"number":1`, `"number":"1"`, 1)
	for name, read := range map[string]func() error{
		"strict":  func() error { return json.Unmarshal([]byte(sound), new(orders)) },
		"lenient": func() error { _, err := JSON([]byte(odd), new(orders)); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(sound)))
			b.ReportAllocs()
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
