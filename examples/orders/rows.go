package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"github.com/shotengai/shotengai-go"
)

// columns are those of CSV. From total to total_other, and raw, they are filled on the first
// row of an order alone.
var columns = []string{
	"shop", "platform", "number", "ordered_at", "status",
	"total", "total_10", "tax_10", "discount_10", "total_8", "tax_8", "discount_8", "total_other",
	"line", "item", "sku", "variant", "name", "quantity", "price", "tax_percent", "raw",
}

// rows writes orders in the format of a job.
type rows interface {
	write(o order) error
	flush() error
}

func (j job) newRows(w io.Writer) rows {
	if j.format == formatJSONLines {
		buf := bufio.NewWriter(w)
		enc := json.NewEncoder(buf)
		enc.SetEscapeHTML(false)
		return &jsonRows{buf, enc}
	}
	encoded := j.encode(w)
	r := &csvRows{csv: csv.NewWriter(encoded), encoded: encoded, ascii: j.encoding == sjis, text: safe}
	if j.encoding == utf8BOM {
		r.text = excelText
	}
	return r
}

// writeHeader writes what stands once at the beginning of the file.
func (j job) writeHeader(w io.Writer) (int64, error) {
	if j.format == formatJSONLines {
		return 0, nil
	}
	head := strings.Join(columns, ",") + "\n"
	if j.encoding == utf8BOM {
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
	if j.encoding != sjis {
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
	ascii   bool                // write the raw order in ASCII, which any encoding has
	text    func(string) string // what becomes of texts that are not the program's own
}

// write writes a row for each line, and one for an order without lines.
func (r *csvRows) write(o order) error {
	head := []string{r.text(o.Shop), o.Platform, r.text(o.Number), o.Time.In(shotengai.JST).Format(time.DateTime), r.text(o.Status)}
	totals, raw := o.totals(), string(o.Raw)
	if r.ascii {
		raw = asciiJSON(raw)
	}
	for i := range max(len(o.Lines), 1) {
		goods := make([]string, 8)
		if i < len(o.Lines) {
			l := o.Lines[i]
			goods = []string{
				strconv.Itoa(i + 1), r.text(l.Item), r.text(l.SKU), r.text(l.Variant), r.text(l.Name),
				strconv.FormatInt(l.Quantity, 10), strconv.FormatInt(l.Price, 10), number(l.TaxPercent),
			}
		}
		if i > 0 {
			totals, raw = make([]string, len(totals)), ""
		}
		if err := r.csv.Write(slices.Concat(head, totals, goods, []string{raw})); err != nil {
			return err
		}
	}
	return nil
}

func (o order) totals() []string {
	return []string{
		number(o.Total), number(o.Rate10.Total), number(o.Rate10.Tax), number(o.Rate10.Discount),
		number(o.Rate8.Total), number(o.Rate8.Tax), number(o.Rate8.Discount), number(o.Other),
	}
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
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

// excelText writes a text as ="text", which Excel takes for a text even if it looks like a
// number or a day: 007 keeps its zeros and 1-2 is not the second of January. Excel has texts
// of up to 255 characters there; longer ones are no codes.
func excelText(text string) string {
	if text == "" || len(text) > 255 {
		return safe(text)
	}
	return `="` + strings.ReplaceAll(text, `"`, `""`) + `"`
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
