package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// order is what all platforms have of one, and the whole as the platform has it.
type order struct {
	Platform string          `json:"platform"`
	ID       string          `json:"id"`
	Time     time.Time       `json:"time,omitzero"`
	Total    *int64          `json:"total"` // nil as long as it is not fixed
	Gone     bool            `json:"gone,omitzero"`
	Order    json.RawMessage `json:"order,omitempty"`
}

func (p *program) ordersCommand() *cobra.Command {
	var c connection
	var from, to day
	var changes string
	cmd := &cobra.Command{
		Use:   "orders PLATFORM",
		Short: p.text("期間内の注文、または前回以降の変更分を出力する", "print the orders of a period, or what has changed"),
		Long: p.text(`注文を CSV（--json では JSON Lines）で標準出力に書き出します。--changes では、指定したファイルに
記録したカーソル以降に追加・変更された注文だけを出力し、カーソルを更新します。
多数のショップの注文を明細まで出力するには examples/orders を使ってください。`,
			`Prints orders as CSV, or as JSON Lines with --json. With --changes it prints only what is new or has changed
since the cursor in a file, and moves the cursor. The complete exporter, of many shops and with the lines of
the orders, is examples/orders.`) + "\n\n" + p.secretsHelp(),
		Example:           "  shotengai orders colorme --from 2026-10-01 --to 2026-10-31\n  shotengai orders rakuten --json --changes rakuten.cursor",
		Args:              p.platformOperand,
		ValidArgsFunction: completePlatform,
		RunE: func(cmd *cobra.Command, args []string) error {
			source, err := p.orderSource(args[0], c)
			if err != nil {
				return err
			}
			first, last, err := p.period(from, to)
			if err != nil {
				return err
			}
			if changes != "" {
				return p.printChanges(cmd.Context(), source, changes, first)
			}
			return errors.Join(p.printOrders(source, source.period(cmd.Context(), first, last)))
		},
	}
	flags := cmd.Flags()
	flags.Var(&from, "from", p.text("最初の日 (`DAY`)。省略時は 30 日前", "first `DAY`, 30 days ago if not given"))
	flags.Var(&to, "to", p.text("最後の日 (`DAY`)。省略時は今日", "last `DAY`, today if not given"))
	flags.StringVar(&changes, "changes", "", p.text("カーソルを記録するファイル (`FILE`)。ない場合は --from から始める", "`FILE` with the cursor; without it the changes begin at --from"))
	c.flags(p, cmd)
	return cmd
}

// period returns the first and the last second of the days that were asked for.
func (p *program) period(from, to day) (first, last time.Time, err error) {
	year, month, today := p.now().In(shotengai.JST).Date()
	if first = from.Time; first.IsZero() {
		first = time.Date(year, month, today-30, 0, 0, 0, 0, shotengai.JST)
	}
	if last = to.Time; last.IsZero() {
		last = time.Date(year, month, today, 0, 0, 0, 0, shotengai.JST)
	}
	if last.Before(first) {
		return first, last, p.usagef("--from が --to より後の日付です", "--from is later than --to")
	}
	return first, last.AddDate(0, 0, 1).Add(-time.Second), nil
}

// orderSource is where the orders of a shop come from.
type orderSource struct {
	platform string
	period   func(ctx context.Context, from, to time.Time) iter.Seq2[order, error]
	changes  func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error]
}

func (p *program) orderSource(platform string, c connection) (orderSource, error) {
	switch platform {
	case "makeshop":
		client, err := p.makeShop(c)
		return makeShopOrders(client), err
	case "rakuten":
		client, err := p.rakuten(c)
		return rakutenOrders(client), err
	case "stores":
		client, err := p.stores(c)
		return storesOrders(client), err
	}
	client, err := p.colorMe(c)
	return colorMeOrders(client), err
}

func colorMeOrders(client *colorme.Client) orderSource {
	convert := func(s *colorme.Sale) order {
		return order{ID: strconv.FormatInt(s.ID, 10), Time: s.MakeDate.Time, Total: &s.TotalPrice}
	}
	return orderSource{
		"colorme",
		func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
			return each(client.Sales.All(ctx, colorme.ListSalesParams{MakeDateMin: colorme.At(from), MakeDateMax: colorme.At(to)}), convert)
		},
		func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error] {
			return each(client.Sales.Changes(ctx, cursor), convert)
		},
	}
}

func makeShopOrders(client *makeshop.Client) orderSource {
	convert := func(s *makeshop.Order) order {
		at, _ := s.OrderDate.Time() // the zero time for one that is none: the order has it as it came
		return order{ID: s.SystemOrderNumber, Time: at, Total: &s.SumPrice}
	}
	return orderSource{
		"makeshop",
		func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
			return each(client.Orders.All(ctx, makeshop.ListOrdersParams{
				StartOrderDate: makeshop.At(from), EndOrderDate: makeshop.At(to), SortOrder: makeshop.Ascending,
			}), convert)
		},
		func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error] {
			return each(client.Orders.Changes(ctx, cursor), convert)
		},
	}
}

func rakutenOrders(client *rakuten.Client) orderSource {
	convert := func(s *rakuten.Order) order {
		o := order{ID: s.OrderNumber, Time: s.OrderDatetime.Time}
		if total, fixed := s.Total(); fixed {
			o.Total = &total
		}
		return o
	}
	return orderSource{
		"rakuten",
		func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
			return each(client.Orders.All(ctx, rakuten.SearchOrdersParams{
				DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(from), EndDatetime: rakuten.At(to),
			}), convert)
		},
		func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error] {
			return each(client.Orders.Changes(ctx, cursor), convert)
		},
	}
}

func storesOrders(client *stores.Client) orderSource {
	convert := func(s *stores.Order) order {
		return order{ID: string(s.ID), Time: s.OrderedAt.Time, Total: &s.PaymentAmount}
	}
	return orderSource{
		"stores",
		func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
			return each(client.Orders.All(ctx, stores.ListOrdersParams{
				OrderedAtFrom: stores.At(from), OrderedAtTo: stores.At(to), Direction: stores.Ascending,
			}), convert)
		},
		func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error] {
			return each(client.Orders.Changes(ctx, cursor), convert)
		},
	}
}

// each converts the orders of a platform and keeps them whole.
func each[T any](orders iter.Seq2[*T, error], convert func(*T) order) iter.Seq2[order, error] {
	return func(yield func(order, error) bool) {
		for o, err := range orders {
			var converted order
			if err == nil {
				converted = convert(o)
				converted.Order, err = json.Marshal(o)
			}
			if !yield(converted, err) {
				return
			}
		}
	}
}

// printOrders prints orders as they come. One that cannot be read is reported, and the rest
// goes on; an order that has vanished since the last run is printed as gone. It returns apart
// what the output and what the platform failed with.
func (p *program) printOrders(source orderSource, orders iter.Seq2[order, error]) (output, input error) {
	print, flush := p.orderPrinter()
	unread := 0
	for o, err := range orders {
		if row, ok := errors.AsType[*shotengai.RowError](err); ok && errors.Is(err, shotengai.ErrNotFound) {
			o, err = order{ID: row.ID, Gone: true}, nil
		} else if ok {
			unread++
			p.report(err)
			continue
		}
		if err != nil {
			return flush(), err
		}
		o.Platform = source.platform
		if err := print(o); err != nil {
			return err, nil
		}
	}
	if unread > 0 {
		input = p.failf("%d 件の注文を読み取れませんでした", "%d orders could not be read", unread)
	}
	return flush(), input
}

// orderPrinter prints JSON Lines or CSV.
func (p *program) orderPrinter() (print func(order) error, flush func() error) {
	if p.json {
		return func(o order) error { return p.printJSON(o) }, func() error { return nil }
	}
	w := csv.NewWriter(p.out)
	head := false
	print = func(o order) error {
		if !head {
			head = true
			if err := w.Write([]string{"platform", "id", "time", "total", "gone"}); err != nil {
				return err
			}
		}
		row := []string{o.Platform, o.ID, "", "", ""}
		if !o.Time.IsZero() {
			row[2] = o.Time.In(shotengai.JST).Format(time.DateTime)
		}
		if o.Total != nil {
			row[3] = strconv.FormatInt(*o.Total, 10)
		}
		if o.Gone {
			row[4] = "true"
		}
		return w.Write(row)
	}
	return print, func() error { w.Flush(); return w.Error() }
}

// printChanges prints what has changed since the cursor in a file. The cursor is written once
// all that it covers is printed, also after a failure of the platform: the next run goes on.
func (p *program) printChanges(ctx context.Context, source orderSource, file string, from time.Time) error {
	cursor := shotengai.CursorFrom(from)
	text, err := os.ReadFile(file) //nolint:gosec // the user says which file
	switch {
	case err == nil:
		cursor = shotengai.Cursor(text)
	case !errors.Is(err, fs.ErrNotExist):
		return p.failf("カーソルを読み込めません: %w", "the cursor cannot be read: %w", err)
	}
	output, input := p.printOrders(source, source.changes(ctx, &cursor))
	if output != nil {
		return output
	}
	return errors.Join(input, p.replaceFile(file, []byte(cursor)))
}

// replaceFile writes a file whole or not at all.
func (p *program) replaceFile(file string, content []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return p.failf("カーソルを保存できません: %w", "the cursor cannot be saved: %w", err)
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		return errors.Join(p.failf("カーソルを保存できません: %w", "the cursor cannot be saved: %w", err), os.Remove(temporary.Name()))
	}
	return nil
}
