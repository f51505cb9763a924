package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"github.com/shotengai/shotengai-go"
)

var columns = []string{"shop", "platform", "number", "ordered_at", "status", "total", "lines", "raw"}

// rows writes orders in the format of a job.
type rows interface {
	write(o order) error
	flush() error
}

func (j job) newRows(w io.Writer) rows {
	if j.jsonLines() {
		buf := bufio.NewWriter(w)
		enc := json.NewEncoder(buf)
		enc.SetEscapeHTML(false)
		return &jsonRows{buf, enc}
	}
	encoded := j.encode(w)
	return &csvRows{csv.NewWriter(encoded), encoded, j.encoding == "sjis"}
}

// writeHeader writes what stands once at the beginning of the file.
func (j job) writeHeader(w io.Writer) (int64, error) {
	if j.jsonLines() {
		return 0, nil
	}
	head := strings.Join(columns, ",") + "\n"
	if j.encoding == "utf8-bom" {
		head = "\ufeff" + head
	}
	n, err := io.WriteString(w, head)
	return int64(n), err
}

// twins are characters of Japanese text that the Shift_JIS of Windows, CP932, has under
// another code point: the same sign in every font.
var twins = map[rune]rune{
	'\u301C': '\uFF5E', // 〜 wave dash, fullwidth tilde
	'\u2212': '\uFF0D', // − minus
	'\u2016': '\u2225', // ‖ double vertical line
	'\u2014': '\u2015', // — dash
	'\u00A2': '\uFFE0', // ¢ cent
	'\u00A3': '\uFFE1', // £ pound
	'\u00AC': '\uFFE2', // ¬ not
}

func twin(r rune) rune {
	if t, ok := twins[r]; ok {
		return t
	}
	return r
}

// encode wraps w in the job's encoding. What Shift_JIS has neither itself nor as a twin is
// written as an HTML reference, so that nothing is lost.
func (j job) encode(w io.Writer) io.WriteCloser {
	if j.encoding != "sjis" {
		return nopCloser{w}
	}
	return transform.NewWriter(w, transform.Chain(runes.Map(twin), encoding.HTMLEscapeUnsupported(japanese.ShiftJIS.NewEncoder())))
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

type jsonRows struct {
	buf *bufio.Writer
	enc *json.Encoder
}

func (r *jsonRows) write(o order) error {
	o.Time = o.Time.In(shotengai.JST)
	return r.enc.Encode(o)
}

func (r *jsonRows) flush() error { return r.buf.Flush() }

type csvRows struct {
	csv     *csv.Writer
	encoded io.WriteCloser
	ascii   bool // write the raw order in ASCII, which any encoding has
}

func (r *csvRows) write(o order) error {
	total, raw := "", string(o.Raw)
	if o.Total != nil {
		total = strconv.FormatInt(*o.Total, 10)
	}
	if r.ascii {
		raw = asciiJSON(raw)
	}
	lines := make([]string, len(o.Lines))
	for i, l := range o.Lines {
		lines[i] = fmt.Sprintf("%s %s x %d @ %d", l.Code, l.Name, l.Quantity, l.Price)
	}
	return r.csv.Write([]string{
		safe(o.Shop), o.Platform, safe(o.Number), o.Time.In(shotengai.JST).Format("2006-01-02 15:04:05"), o.Status, total,
		safe(strings.TrimSpace(strings.Join(lines, "; "))), raw,
	})
}

func (r *csvRows) flush() error {
	r.csv.Flush()
	if err := r.csv.Error(); err != nil {
		return err
	}
	return r.encoded.Close()
}

// safe keeps a spreadsheet from taking what a customer typed for a formula.
func safe(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// asciiJSON writes all that is not ASCII as \u escapes.
func asciiJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
