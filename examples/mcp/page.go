package main

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"strconv"
)

// The limits of a result, which a model has to read.
const (
	defaultRows = 20
	maxRows     = 50
	maxBytes    = 24 << 10 // of JSON
	maxLines    = 10       // of an order in a list
	maxText     = 300      // characters of a text that an answer of a platform has
)

// pageArgs are the arguments of a tool that returns rows.
type pageArgs struct {
	Cursor string `json:"cursor,omitempty" jsonschema:"next_cursor of the result before; the other arguments stay the same"`
	Limit  int    `json:"limit,omitempty" jsonschema:"rows at most, 1 to 50; 20 when left out"`
}

// page is what such a tool returns.
type page[T any] struct {
	Rows       []T      `json:"rows"`
	Total      *int     `json:"total,omitempty" jsonschema:"rows in all, where the platform says so"`
	Unread     []string `json:"unread,omitempty" jsonschema:"id and member of rows that could not be read"`
	NextCursor string   `json:"next_cursor,omitempty" jsonschema:"cursor of the next rows; absent at the end"`
	Next       string   `json:"next,omitempty" jsonschema:"how to go on"`
}

// position is what a cursor stands for: the rows of a page of the platform's list before
// Skip have been returned.
type position struct {
	Query  string `json:"q"` // what the list was asked for
	Number int    `json:"p"`
	Size   int    `json:"n"`
	Skip   int    `json:"s,omitempty"`
	Total  *int   `json:"t,omitempty"`
	Day    string `json:"d,omitempty"` // today, at the first call, where that selects the rows
}

func (p position) String() string {
	data, _ := json.Marshal(p) // which numbers and texts cannot fail
	return base64.RawURLEncoding.EncodeToString(data)
}

// start reads the cursor, or begins at the first row. Query is all that selects the rows.
func (a pageArgs) start(query ...string) (position, error) {
	sum := fnv.New64a()
	for _, part := range query {
		_, _ = sum.Write([]byte(strconv.Quote(part)))
	}
	first := position{Query: strconv.FormatUint(sum.Sum64(), 36), Number: 1, Size: a.Limit}
	if first.Size == 0 {
		first.Size = defaultRows
	}
	if first.Size < 0 || first.Size > maxRows {
		return first, refusedf("limit %d is not between 1 and %d", a.Limit, maxRows)
	}
	if a.Cursor == "" {
		return first, nil
	}
	var p position
	data, err := base64.RawURLEncoding.DecodeString(a.Cursor)
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil || p.Number < 1 || p.Number > 1e6 || p.Size < 1 || p.Size > maxRows || p.Skip < 0 || p.Skip > maxRows {
		return p, refusedf("the cursor is not one of this server: copy next_cursor as it is, or leave cursor out to start again")
	}
	if p.Query != first.Query {
		return p, refusedf("the cursor belongs to other arguments: repeat those of the call that it comes from, or leave cursor out")
	}
	return p, nil
}

// list returns as many rows as fit, from where the arguments say.
func list[T any](args pageArgs, query []string, fetch func(window) (rows[T], error)) (page[T], error) {
	at, err := args.start(query...)
	if err != nil {
		return page[T]{}, err
	}
	return listFrom(at, fetch)
}

func listFrom[T any](at position, fetch func(window) (rows[T], error)) (page[T], error) {
	found, err := fetch(window{number: at.Number, size: at.Size})
	if err != nil {
		return page[T]{}, err
	}
	if at.Total != nil && found.total != nil && *found.total < *at.Total {
		return page[T]{}, refusedf("rows have left the list since the cursor was made, and others may have been passed over: start again without cursor")
	}
	out := page[T]{Rows: []T{}, Total: found.total}
	if at.Skip == 0 {
		out.Unread = found.unread
	}
	at.Total = found.total
	rest := found.rows[min(at.Skip, len(found.rows)):]
	fit := fitting(rest)
	out.Rows = append(out.Rows, rest[:fit]...)
	switch {
	case fit < len(rest):
		at.Skip += fit
	case found.more:
		at.Number, at.Skip = at.Number+1, 0
	default:
		return out, nil
	}
	out.NextCursor = at.String()
	out.Next = "There are further rows: call the tool again with the same arguments and cursor set to next_cursor."
	return out, nil
}

// fitting is how many of the rows a result has room for, one at least.
func fitting[T any](rows []T) int {
	size := 2 << 10 // for what stands around the rows
	for i, row := range rows {
		data, err := json.Marshal(row)
		if size += len(data) + 1; err != nil || size > maxBytes && i > 0 {
			return i
		}
	}
	return len(rows)
}

// slice is the page of a list that is in memory.
func slice[T any](all []T, at window) rows[T] {
	from := min(at.offset(), len(all))
	to := min(from+at.size, len(all))
	return rows[T]{rows: all[from:to], total: new(len(all)), more: to < len(all)}
}
