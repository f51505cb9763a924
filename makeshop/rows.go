package makeshop

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shotengai/shotengai-go"
)

// mutation is an operation that changes rows of type Q, each of which may fail alone. W is
// what its root field has, and K names a row.
type mutation[Q, W any, K comparable] struct {
	operation

	field string // of the input, which has the rows
	check func(Q) error
	keys  func(Q) []K        // the rows of the results that a row of the request stands for
	read  func(*W) []said[K] // what the answer says of rows
	all   bool               // the answer lists all rows, not only those that failed

	// same reports whether an answer names the row that was asked for, and returns what
	// both know of its key.
	same func(asked, answered K) (K, bool)
}

// said is what an answer says of one row.
type said[K any] struct {
	key           K
	failed        bool
	code, message string
}

// run carries out the mutation. The error is that of the call as a whole.
func (m *mutation[Q, W, K]) run(ctx context.Context, c *Client, rows []Q, opts []shotengai.CallOption) (*shotengai.Results[K], error) {
	results, invalid := m.begin(rows)
	out, err := get[W](ctx, c, m.operation, map[string][]Q{m.field: rows}, invalid, opts)
	var answer []said[K]
	if out != nil {
		answer = m.read(out)
	}
	m.settle(results.Rows, answer, err)
	return results, err
}

// begin checks the rows of the request, of which there has to be one.
func (m *mutation[Q, W, K]) begin(rows []Q) (*shotengai.Results[K], error) {
	results := new(shotengai.Results[K])
	for _, row := range rows {
		reason := m.check(row)
		for _, key := range m.keys(row) {
			r := shotengai.Row[K]{Index: len(results.Rows), Key: key}
			if reason != nil {
				r.State, r.Message = shotengai.RowFailed, reason.Error()
			}
			results.Rows = append(results.Rows, r)
		}
	}
	return results, eachRow(m.field, rows, m.check)
}

// settle sets the state of each row. An answer names rows by their keys, in no order that
// is documented. What names no row of the request belongs to the rows that are left, if
// they are as many. A failure that belongs to no row may be that of any.
func (m *mutation[Q, W, K]) settle(rows []shotengai.Row[K], answer []said[K], failure error) {
	var left []*shotengai.Row[K]
	asked := make([]K, len(rows))
	for i := range rows {
		asked[i] = rows[i].Key
		if rows[i].State == "" {
			left = append(left, &rows[i])
		}
	}
	answer, left = match(answer, left, identical[K])
	answer, left = match(answer, left, m.same)
	answer = m.matchAgain(answer, rows, asked)
	if len(answer) == len(left) {
		for i, row := range left {
			conclude(row, answer[i])
		}
		return
	}
	failed := make(map[K]bool)
	for i, row := range rows {
		failed[asked[i]] = failed[asked[i]] || row.State == shotengai.RowFailed
	}
	for _, row := range left {
		row.State, row.Code, row.Message = m.unnamed(failure)
		if failed[row.Key] && row.State == shotengai.RowDone {
			row.State, row.Message = shotengai.RowUnknown, "the request has the row twice, and one of them failed"
		}
	}
	doubt(rows, answer)
}

// match concludes the rows that the answer names, each once, and returns what is left of
// both.
func match[K any](answer []said[K], rows []*shotengai.Row[K], same func(asked, answered K) (K, bool)) ([]said[K], []*shotengai.Row[K]) {
	var stray []said[K]
	for _, s := range answer {
		i := slices.IndexFunc(rows, func(row *shotengai.Row[K]) bool { _, is := same(row.Key, s.key); return is })
		if i < 0 {
			stray = append(stray, s)
			continue
		}
		rows[i].Key, _ = same(rows[i].Key, s.key)
		conclude(rows[i], s)
		rows = slices.Delete(rows, i, i+1)
	}
	return stray, rows
}

// matchAgain takes the answers that name a row once more, such as an order with several
// deliveries, and returns those that name no row.
func (m *mutation[Q, W, K]) matchAgain(answer []said[K], rows []shotengai.Row[K], asked []K) []said[K] {
	return slices.DeleteFunc(answer, func(s said[K]) bool {
		i := slices.IndexFunc(asked, func(key K) bool { _, same := m.same(key, s.key); return same })
		if i >= 0 && s.failed {
			conclude(&rows[i], s)
		}
		return i >= 0
	})
}

// doubt marks the rows that one of the failures may belong to.
func doubt[K any](rows []shotengai.Row[K], answer []said[K]) {
	for _, s := range answer {
		for i := range rows {
			if s.failed && rows[i].State != shotengai.RowFailed {
				rows[i].State, rows[i].Message = shotengai.RowUnknown, s.message
			}
		}
	}
}

func identical[K comparable](asked, answered K) (K, bool) { return asked, asked == answered }

func conclude[K any](row *shotengai.Row[K], s said[K]) {
	row.State = shotengai.RowDone
	if s.failed {
		row.State, row.Code, row.Message = shotengai.RowFailed, s.code, s.message
	}
}

// unnamed is what is known of a row that the answer does not name.
func (m *mutation[Q, W, K]) unnamed(failure error) (state shotengai.RowState, code, message string) {
	switch {
	case failure == nil && !m.all:
		return shotengai.RowDone, "", ""
	case failure == nil:
		return shotengai.RowUnknown, "", "the answer does not name the row"
	}
	state, code, message = shotengai.RowOutcome(failure)
	if errors.Is(failure, ErrPartial) {
		state = shotengai.RowUnknown
	}
	return state, code, message
}

// eachRow checks the rows of a list, of which there has to be one.
func eachRow[T any](field string, rows []T, check func(T) error) error {
	if len(rows) == 0 {
		return fmt.Errorf("%s: no rows", field)
	}
	var errs []error
	for i, row := range rows {
		if err := check(row); err != nil {
			errs = append(errs, fmt.Errorf("%s[%d]: %w", field, i, err))
		}
	}
	return errors.Join(errs...)
}

// agree compares the texts of two keys, asked and answered in turn. A text that one of them
// lacks counts for nothing, but some text has to be in both.
func agree(texts ...string) bool {
	found := false
	for pair := range slices.Chunk(texts, 2) {
		if pair[0] == "" || pair[1] == "" {
			continue
		}
		if pair[0] != pair[1] {
			return false
		}
		found = true
	}
	return found
}
