package storestest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var jst = time.FixedZone("JST", 9*60*60)

// stamp is an instant as the platform writes it.
func stamp(t time.Time) string { return t.In(jst).Format("2006-01-02T15:04:05-07:00") }

// instant reads what stamp wrote, and any other RFC 3339 time.
func instant(v any) (time.Time, bool) {
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// page cuts limit and offset out of rows. There is no total.
func page(c *call, rows []object) ([]object, string) {
	limit, ok := c.number("limit", 10, 1, 100)
	if !ok {
		return nil, "limitは1から100までの整数で指定してください。"
	}
	offset, ok := c.number("offset", 0, 0, 1<<31)
	if !ok {
		return nil, "offsetは0以上の整数で指定してください。"
	}
	rows = rows[min(offset, len(rows)):]
	return append([]object{}, rows[:min(limit, len(rows))]...), ""
}

func (c *call) number(name string, preset, low, high int) (int, bool) {
	text := c.query.Get(name)
	if text == "" {
		return preset, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && low <= n && n <= high
}

// list is a parameter with commas in it; nil when it is not there.
func (c *call) list(name string) []string {
	if text := c.query.Get(name); text != "" {
		return strings.Split(text, ",")
	}
	return nil
}

// among keeps the rows whose member is one of the values of a list parameter.
func among(rows []object, member string, values []string) []object {
	if values == nil {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), func(o object) bool {
		text, _ := o[member].(string)
		return !slices.Contains(values, text)
	})
}

// choice reads a parameter that has a closed set of values.
func (c *call) choice(name string, values ...string) (string, bool) {
	text := c.query.Get(name)
	return text, text == "" || slices.Contains(values, text)
}

var (
	timePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\+09:00)?)?$`)
	datePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// period is what two parameters enclose. Both ends are included, and a bare date as an end
// means the whole of its day: neither is stated by the platform.
type period struct{ from, to time.Time }

func (p period) open() bool { return p.from.IsZero() && p.to.IsZero() }

func (p period) has(t time.Time) bool {
	return (p.from.IsZero() || !t.Before(p.from)) && (p.to.IsZero() || !t.After(p.to))
}

// period reads the parameters name_from and name_to.
func (c *call) period(name string, pattern *regexp.Regexp) (p period, ok bool) {
	from, okFrom := bound(c.query.Get(name+"_from"), pattern, false)
	to, okTo := bound(c.query.Get(name+"_to"), pattern, true)
	return period{from, to}, okFrom && okTo
}

func bound(text string, pattern *regexp.Regexp, end bool) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	if !pattern.MatchString(text) {
		return time.Time{}, false
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, jst); err == nil {
		if end {
			day = day.AddDate(0, 0, 1).Add(-time.Nanosecond)
		}
		return day, true
	}
	t, err := time.ParseInLocation("2006-01-02T15:04:05", strings.TrimSuffix(text, "+09:00"), jst)
	return t, err == nil
}
