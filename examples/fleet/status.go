package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"
)

const summary = `
SELECT count(*), count(*) FILTER (WHERE stopped IS NULL AND in_step IS NOT NULL), count(*) FILTER (WHERE stopped IS NOT NULL),
	count(*) FILTER (WHERE stopped IS NULL AND in_step IS NULL), min(in_step) FILTER (WHERE stopped IS NULL),
	(SELECT count(*) FROM orders),
	(SELECT count(*) FROM river_job WHERE kind = 'sync_orders' AND state IN ('available', 'scheduled', 'pending', 'retryable')),
	(SELECT count(*) FROM river_job WHERE kind = 'sync_orders' AND state = 'running')
FROM shops`

// problems are what a person has to look at. A job counts until a later one of its shop is
// there. Those of the rounds are of no shop.
const problems = `
SELECT id, 'stopped: %[2]s', '', stopped FROM shops WHERE stopped IS NOT NULL
UNION ALL
SELECT shop, 'order %[1]s cannot be read: %[2]s', id, error FROM unread
UNION ALL
SELECT coalesce(shop, '-'), CASE state WHEN 'discarded' THEN 'failed %[1]s times (the next round tries again): %[2]s' ELSE 'failed %[1]s times (is tried again): %[2]s' END,
	cardinality(errors)::text, errors[cardinality(errors)]->>'error'
FROM (SELECT DISTINCT ON (kind, args->>'shop') args->>'shop' AS shop, state, errors FROM river_job ORDER BY kind, args->>'shop', id DESC) newest
WHERE state NOT IN ('completed', 'cancelled') AND cardinality(errors) > 0 AND (shop IS NULL OR shop IN (SELECT id FROM shops))
ORDER BY 1, 2, 3`

// status prints how far the shops are, and what is wrong.
func status(ctx context.Context, o *options) error {
	db, err := openMigrated(ctx, o)
	if err != nil {
		return err
	}
	defer db.pool.Close()
	var (
		shops, inStep, stopped, fresh int
		orders, waiting, running      int
		oldest                        *time.Time
	)
	if err := db.pool.QueryRow(ctx, summary).Scan(&shops, &inStep, &stopped, &fresh, &oldest, &orders, &waiting, &running); err != nil {
		return err
	}
	err = o.say("shops   %d: %d in step, %d stopped, %d not read yet\norders  %d\njobs    %d waiting, %d running\noldest  %s\n",
		shops, inStep, stopped, fresh, orders, waiting, running, clock(oldest))
	if err != nil {
		return err
	}
	rows, err := db.pool.Query(ctx, problems)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(o.out, 0, 0, 2, ' ', 0)
	heading := "\nSHOP\tPROBLEM\n"
	var shop, problem, what, reason string
	_, err = pgx.ForEachRow(rows, []any{&shop, &problem, &what, &reason}, func() error {
		_, err := fmt.Fprintf(table, "%s%s\t%s\n", heading, shop, oneLine(fmt.Sprintf(text(problem), what, reason)))
		heading = ""
		return err
	})
	return errors.Join(err, table.Flush())
}
