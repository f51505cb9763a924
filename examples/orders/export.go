package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"
)

// Formats and encodings of an export.
const (
	formatCSV       = "csv"
	formatJSONLines = "jsonl"

	utf8    = "utf8"
	utf8BOM = "utf8-bom"
	sjis    = "sjis"
)

// job is one export: what, and where to.
type job struct {
	path      string
	format    string
	encoding  string
	from, to  time.Time // first and last day
	parallel  int
	overwrite bool
	changes   bool // what is new or has changed, and no period
	perSave   int  // orders, of changes

	fromGiven, toGiven bool // the user has named these days
}

// result is what became of one shop.
type result struct {
	shop   shop
	orders int
	total  int64
	err    error
}

// chunk is one finished day of one shop, encoded, in a file of its own.
type chunk struct {
	shop   string
	day    time.Time
	file   *os.File
	orders int
	total  int64
}

func (c chunk) close() {
	_ = c.file.Close()
	_ = os.Remove(c.file.Name())
}

// named takes the name and the format that are not given from the rest.
func (j job) named(given map[string]bool) job {
	j.fromGiven, j.toGiven = given["from"], given["to"]
	if !given["out"] {
		j.path = "orders.csv"
		if j.changes {
			j.path = "changes"
		}
	}
	if j.format == "" && filepath.Ext(j.path) == ".jsonl" {
		j.format = formatJSONLines
	}
	j.format = cmp.Or(j.format, formatCSV)
	return j
}

func (j job) check(given map[string]bool) error {
	switch {
	case j.format != formatCSV && j.format != formatJSONLines:
		return failf("-format %q is neither csv nor jsonl", j.format)
	case j.encoding != utf8 && j.encoding != utf8BOM && j.encoding != sjis:
		return failf("-encoding %q is none of utf8, utf8-bom and sjis", j.encoding)
	case j.format == formatJSONLines && j.encoding != utf8:
		return failf("-encoding %s contradicts JSON Lines, which are always utf8", j.encoding)
	case j.path == "":
		return failf("-out needs the name of a file, or - for standard output")
	case j.parallel < 1:
		return failf("-parallel must be at least 1")
	case j.changes:
		return j.checkChanges(given)
	case j.overwrite && j.path == standardOutput:
		return failf("-overwrite contradicts -out -, which replaces no file")
	case j.to.Before(j.from):
		return failf("-to %s is before -from %s", j.to.Format(time.DateOnly), j.from.Format(time.DateOnly))
	}
	return nil
}

func (j job) checkChanges(given map[string]bool) error {
	for _, name := range []string{"to", "overwrite"} {
		if given[name] {
			return failf("-%s contradicts -changes", name)
		}
	}
	if j.path == standardOutput {
		return failf("-changes needs a directory: -out - contradicts it")
	}
	return nil
}

func (j job) period() period {
	return period{j.from.Format(time.DateOnly), j.to.Format(time.DateOnly), j.format, j.encoding}
}

// days are the days of the period. A day of a shop is the unit of work: it is exported
// whole or not at all.
func (j job) days() []time.Time {
	var days []time.Time
	for day := j.from; !day.After(j.to); day = day.AddDate(0, 0, 1) {
		days = append(days, day)
	}
	return days
}

// export fetches all shops, a few at a time, and writes their days as they get ready. A
// shop that fails does not stop the others.
func (j job) export(ctx context.Context, shops []shop, out *output, bar *progress) ([]result, error) {
	defer bar.close()
	var group errgroup.Group
	group.SetLimit(j.parallel)
	failed := make([]error, len(shops))
	for i, s := range shops {
		group.Go(func() error {
			if err := j.exportShop(ctx, s, out, bar); err != nil {
				failed[i] = fmt.Errorf("%s: %w", s.Name, err)
			}
			return nil
		})
	}
	_ = group.Wait()
	results := make([]result, len(shops))
	for i, s := range shops {
		done := out.progress(s.Name)
		results[i] = result{shop: s, orders: done.orders, total: done.total, err: failed[i]}
	}
	err := errors.Join(failed...)
	if err != nil && ctx.Err() != nil {
		return results, ctx.Err()
	}
	if err == nil {
		err = out.finish()
	}
	return results, err
}

// exportShop goes through the days that are not done yet, one after the other.
func (j job) exportShop(ctx context.Context, s shop, out *output, bar *progress) error {
	for _, day := range j.days() {
		if !out.progress(s.Name).before(day) {
			bar.step(s.Name, 0)
			continue
		}
		c, err := j.fetch(ctx, s, day)
		if err != nil {
			return err
		}
		err = out.add(c)
		c.close()
		if err != nil {
			return err
		}
		bar.step(s.Name, c.orders)
	}
	return nil
}

// fetch writes one day of a shop to a file of its own, so that memory stays flat however
// many orders a day has.
func (j job) fetch(ctx context.Context, s shop, day time.Time) (c chunk, err error) {
	file, err := os.CreateTemp("", "orders-*")
	if err != nil {
		return c, err
	}
	c = chunk{shop: s.Name, day: day, file: file}
	_ = os.Remove(file.Name()) // it lives on until it is closed; on Windows, close removes it
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	rows := j.newRows(file)
	seen := make(map[string]struct{})
	for o, err := range s.orders(ctx, day, day.AddDate(0, 0, 1).Add(-time.Second)) {
		if err != nil {
			return c, err
		}
		if _, twice := seen[o.Number]; twice {
			continue
		}
		seen[o.Number] = struct{}{}
		o.Shop, o.Platform = s.Name, s.Platform
		if err := rows.write(o); err != nil {
			return c, err
		}
		c.orders++
		if o.Total != nil {
			c.total += *o.Total
		}
	}
	if err := rows.flush(); err != nil {
		return c, err
	}
	_, err = file.Seek(0, io.SeekStart)
	return c, err
}

// summarize prints a table of what is in the file.
func summarize(w io.Writer, j job, results []result) error {
	if len(results) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, text("SHOP\tPLATFORM\tORDERS\tYEN\t"))
	orders, total := 0, int64(0)
	slices.SortStableFunc(results, func(a, b result) int { return cmp.Compare(a.shop.Name, b.shop.Name) })
	for _, r := range results {
		note := ""
		if r.err != nil {
			note = text("not complete")
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\n", r.shop.Name, r.shop.Platform, r.orders, r.total, note)
		orders += r.orders
		total += r.total
	}
	_, _ = fmt.Fprintf(table, text("total\t\t%d\t%d\t\n"), orders, total)
	if err := table.Flush(); err != nil {
		return err
	}
	name := j.path
	if name == standardOutput {
		name = text("standard output")
	}
	_, err := fmt.Fprintf(w, text("%s to %s in %s\n"), j.from.Format(time.DateOnly), j.to.Format(time.DateOnly), name)
	return err
}
