package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
)

func migrate(ctx context.Context, o *options) error {
	db, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer db.pool.Close()
	if err := db.migrate(ctx); err != nil {
		return err
	}
	return o.say("The tables are in the schema %s.\n", o.schema)
}

// addShop reads an access token, asks the platform whose it is, and adds that shop with its
// first job. A shop that is there already keeps its orders and gets the new token, also after
// it has stopped.
func addShop(ctx context.Context, o *options) (err error) {
	since := time.Now().AddDate(0, 0, -90)
	if o.since != "" {
		if since, err = time.ParseInLocation(time.DateOnly, o.since, shotengai.JST); err != nil {
			return usagef("-since %q is no day such as 2026-01-31", o.since)
		}
	}
	db, err := openMigrated(ctx, o)
	if err != nil {
		return err
	}
	defer db.pool.Close()
	grants, err := db.grants(o.sealKey)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, grants.Close(context.WithoutCancel(ctx))) }()
	o.console.progress("Access token of the shop: ")
	line, err := bufio.NewReader(io.LimitReader(o.in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	token := strings.TrimSpace(line)
	if token == "" {
		return failf("the standard input has to hold the shop's access token")
	}
	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), testServer()...)
	if err != nil {
		return err
	}
	shop, err := client.Shop.Get(ctx)
	if err != nil {
		return failf("the platform does not accept the token: %w", err)
	}
	if err := db.addShop(ctx, grants, shop.ID, shop.Title, token, since); err != nil {
		return err
	}
	return o.say("Shop %s, %s, is kept in step.\n", shop.ID, shop.Title)
}

func (d *database) addShop(ctx context.Context, grants *oauth.Manager, id, name, token string, since time.Time) error {
	grant := &oauth.Grant{AccessToken: shotengai.Secret(token), TokenType: "Bearer", ObtainedAt: time.Now()}
	if err := grants.Put(ctx, id, grant); err != nil {
		return err
	}
	queue, err := newRiver(d, river.Config{})
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO shops (id, name, cursor) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, stopped = NULL`, id, name, shotengai.CursorFrom(since))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM notices WHERE shop = $1", id); err != nil {
			return err
		}
		_, err = queue.InsertTx(ctx, tx, syncArgs{id}, nil)
		return err
	})
}

func listShops(ctx context.Context, o *options) error {
	db, err := openMigrated(ctx, o)
	if err != nil {
		return err
	}
	defer db.pool.Close()
	rows, err := db.pool.Query(ctx, `SELECT id, name, (SELECT count(*) FROM orders WHERE shop = shops.id), in_step, stopped IS NOT NULL FROM shops ORDER BY id`)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(o.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "SHOP\tORDERS\tIN STEP\tSTATE\tNAME")
	var (
		id, name string
		orders   int
		inStep   *time.Time
		stopped  bool
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &name, &orders, &inStep, &stopped}, func() error {
		state := text("works")
		if stopped {
			state = text("stopped")
		}
		_, err := fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\n", id, orders, clock(inStep), state, name)
		return err
	})
	return errors.Join(err, table.Flush())
}

// clock is a time in Japan.
func clock(t *time.Time) string {
	if t == nil {
		return text("never")
	}
	return t.In(shotengai.JST).Format(time.DateTime)
}

// removeShop deletes a shop with its grant and the copy of its orders.
func removeShop(ctx context.Context, o *options) (err error) {
	db, err := openMigrated(ctx, o)
	if err != nil {
		return err
	}
	defer db.pool.Close()
	grants, err := db.grants(o.sealKey)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, grants.Close(context.WithoutCancel(ctx))) }()
	var orders int
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM orders WHERE shop = $1", o.shop).Scan(&orders); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, "DELETE FROM shops WHERE id = $1", o.shop)
		if err == nil && tag.RowsAffected() == 0 {
			err = failf("there is no shop %q", o.shop)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := grants.Forget(ctx, o.shop); err != nil {
		return failf("the shop is removed, but its grant is not: %w", err)
	}
	return o.say("Shop %s is removed, with its grant and the copy of its %d orders.\n", o.shop, orders)
}
