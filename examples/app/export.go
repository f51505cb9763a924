package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"math"
	"mime"
	"net/http"
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

// exportPage is how many orders of an export are in memory at once.
const exportPage = 500

// allOrders returns all orders of a shop, newest first. Pages go by time and id, so that orders
// that come meanwhile move nothing, and no transaction waits for a slow browser.
func (s *store) allOrders(ctx context.Context, key shopKey) iter.Seq2[[]order, error] {
	return func(yield func([]order, error) bool) {
		at, id := int64(math.MaxInt64), ""
		for {
			page, err := s.queryOrders(ctx, `(ordered_at, id) < ($3, $4) ORDER BY ordered_at DESC, id DESC LIMIT $5`,
				key.Platform, key.ID, at, id, exportPage)
			if len(page) == 0 && err == nil || !yield(page, err) || err != nil {
				return
			}
			last := page[len(page)-1]
			at, id = last.At.Unix(), last.ID
		}
	}
}

// countOrders counts the orders that the app has of a shop.
func (s *store) countOrders(ctx context.Context, key shopKey) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM app_orders WHERE platform = $1 AND shop = $2`, key.Platform, key.ID).Scan(&n)
	return n, err
}

// export sends all orders of a shop as a file. Each page of them has the time of a whole answer.
// When one cannot be read the connection breaks, so that nobody takes half a file for all.
func (a *app) export(w http.ResponseWriter, r *http.Request, v *visit, write func(order) error) error {
	control := http.NewResponseController(w)
	for page, err := range a.store.allOrders(r.Context(), v.shop.shopKey) {
		if err != nil {
			a.log.Error("export", "platform", v.shop.Platform, "shop", v.shop.ID, "error", err)
			panic(http.ErrAbortHandler)
		}
		if err := control.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
			return err
		}
		for _, o := range page {
			if write(o) != nil {
				panic(http.ErrAbortHandler) // the browser has gone
			}
		}
	}
	return nil
}

// exportJSON sends an owner all that the app has of the shop, except its secrets.
func (a *app) exportJSON(w http.ResponseWriter, r *http.Request, v *visit) error {
	license, err := a.exportLicense(r.Context(), v.shop.shopKey)
	if err != nil {
		return err
	}
	head, err := json.MarshalIndent(struct {
		Platform     string               `json:"platform"`
		Shop         string               `json:"shop"`
		Name         string               `json:"name"`
		Contract     string               `json:"contract"`
		Subscription billing.Subscription `json:"subscription"`
		License      *exportedLicense     `json:"license,omitempty"`
	}{v.shop.Platform, v.shop.ID, v.shop.Name, v.shop.Contract, v.shop.Subscription, license}, "", "  ")
	if err != nil {
		return err
	}
	attach(w, v, "json", "application/json; charset=utf-8")
	_, _ = w.Write(bytes.TrimSuffix(head, []byte("\n}")))
	_, _ = io.WriteString(w, ",\n  \"orders\": [")
	separator := "\n    "
	err = a.export(w, r, v, func(o order) error {
		row, err := json.Marshal(o)
		if err == nil {
			_, err = w.Write(append([]byte(separator), row...))
		}
		separator = ",\n    "
		return err
	})
	_, _ = io.WriteString(w, "\n  ]\n}\n")
	return err
}

// exportedLicense is what the app has of a licence key, without the key.
type exportedLicense struct {
	IssuedAt  time.Time      `json:"issued_at,omitzero"`
	ExpiresAt time.Time      `json:"expires_at,omitzero"`
	Contacts  []mail.Address `json:"contacts"`
}

// exportLicense returns nil for a shop without a licence key.
func (a *app) exportLicense(ctx context.Context, key shopKey) (*exportedLicense, error) {
	if key.Platform != "rakuten" || a.licenses == nil {
		return nil, nil
	}
	found, err := a.licenses.get(ctx, key.ID)
	if errors.Is(err, errNoLicense) {
		return nil, nil
	}
	return &exportedLicense{found.IssuedAt, found.Expiry(), found.Contacts}, err
}

// exportCSV sends the orders in words, in the form that Excel opens by a double click.
func (a *app) exportCSV(w http.ResponseWriter, r *http.Request, v *visit) error {
	attach(w, v, "csv", "text/csv; charset=utf-8")
	words := view{visit: v}
	_, _ = io.WriteString(w, "\ufeff") // or Excel takes the rest for Shift_JIS
	file := csv.NewWriter(w)
	file.UseCRLF = true
	var head []string
	for _, key := range []string{"csv_platform", "csv_shop", "csv_name", "number", "csv_time", "state", "csv_total"} {
		head = append(head, words.T(key))
	}
	if err := file.Write(head); err != nil {
		return err
	}
	shop := []string{words.T(v.shop.Platform), spreadsheetText(v.shop.ID), spreadsheetText(v.shop.Name)}
	err := a.export(w, r, v, func(o order) error {
		total := "" // not fixed yet
		if o.Total != nil {
			total = strconv.FormatInt(*o.Total, 10)
		}
		return file.Write(append(shop[:3:3], spreadsheetText(o.Number), o.At.Format(time.DateTime), spreadsheetText(words.Status(o.Status)), total))
	})
	file.Flush()
	return err
}

// spreadsheetText is a text as a cell that a spreadsheet neither computes nor changes. What
// begins like a formula, also in full width, gets an apostrophe; a number with a leading zero or
// of more digits than a spreadsheet keeps is written as ="text".
func spreadsheetText(text string) string {
	const digitsKept = 15
	number := strings.Trim(text, "0123456789") == ""
	switch {
	case text == "":
		return ""
	case number && (len(text) > digitsKept || len(text) > 1 && text[0] == '0'):
		return `="` + text + `"`
	case strings.ContainsAny(text[:1], "=+-@\t\r\n"), strings.ContainsRune("＝＋－＠", []rune(text)[0]):
		return "'" + text
	}
	return text
}

// attach makes the answer a file named by shop and day. Browsers that know no Japanese names
// take the id of the shop.
func attach(w http.ResponseWriter, v *visit, extension, contentType string) {
	day := time.Now().In(shotengai.JST).Format("20060102") + "." + extension
	plain := mime.FormatMediaType("attachment", map[string]string{"filename": v.shop.Platform + "-" + fileWord(v.shop.ID) + "-" + day})
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", plain)
	if v.shop.Name != "" {
		mapped := mime.FormatMediaType("attachment", map[string]string{"filename": fileWord(v.shop.Name) + "-" + v.T("csv_orders") + "-" + day})
		if _, encoded, found := strings.Cut(mapped, "filename*="); found {
			h.Set("Content-Disposition", plain+"; filename*="+encoded)
		}
	}
}

// fileWord is a text as part of a file's name.
func fileWord(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '_' {
			return r
		}
		return '-'
	}, text)
}
