package api

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/lenient"
)

// Notes are what a codec finds beside the value that it reads.
type Notes struct {
	// Broken reports that the answer has bytes that are no UTF-8, so that its texts need to be
	// repaired. The engine sets it before the codec reads.
	Broken bool
	// Rows are the rows that cannot be read, in the order of their lists. The engine names the
	// platform and the operation.
	Rows []*shotengai.RowError
	// Drift is what differs from what this version knows.
	Drift []shotengai.Drift
}

// AddDrift puts down where an answer differs. Of the elements of a list it names the first.
func (n *Notes) AddDrift(kind shotengai.DriftKind, paths ...string) {
	for _, path := range firsts(paths) {
		n.Drift = append(n.Drift, shotengai.Drift{Path: path, Kind: kind})
	}
}

func (n *Notes) add(report lenient.Report) {
	for _, row := range report.Rows {
		n.Rows = append(n.Rows, &shotengai.RowError{List: row.List, Index: row.Index, ID: row.ID, Path: row.Path, Raw: row.Raw, Err: row.Err})
	}
	n.AddDrift(shotengai.DriftText, report.Repaired...)
	n.AddDrift(shotengai.DriftSpelling, report.Respelt...)
}

// noted names the operation in what a codec put down, and reports what differs.
func (e *Engine) noted(operation string, n *Notes) error {
	for _, row := range n.Rows {
		row.Platform, row.Operation = e.platform.Name, operation
	}
	var unknown, others []string
	for _, drift := range n.Drift {
		drift.Platform, drift.Operation = e.platform.Name, operation
		switch {
		case e.config.DriftReport != nil:
			e.config.DriftReport(drift)
		case drift.Kind == shotengai.DriftUnknown:
			unknown = append(unknown, drift.Path)
		default:
			others = append(others, drift.Path)
		}
	}
	switch {
	case e.config.DriftReport != nil || !e.config.StrictDecoding:
		return nil
	case unknown != nil:
		return fmt.Errorf("%w: %v", ErrUnknownMember, unknown)
	case others != nil:
		return fmt.Errorf("%w: %v", errOddValue, others)
	}
	return nil
}

var errOddValue = errors.New("the answer has values that are not written as this version knows them")

// judge fails an answer that was read: one that lacks rows, for a caller that takes no errors of
// rows, and one that the request's Judge refuses.
func (e *Engine) judge(c *call, o *outcome) {
	var kind error
	if rows := o.reply.Notes.Rows; c.request.whole && len(rows) > 0 {
		// Its text alone: a RowError in the chain would say that the others were read.
		place := strings.TrimPrefix(rows[0].Error(), rows[0].Platform+": "+rows[0].Operation+": ")
		o.cause = fmt.Errorf("the answer cannot be read: %w", &lenient.Error{Err: errors.New(place)})
		o.misread = true
	} else if c.request.Judge != nil {
		kind, o.cause = c.request.Judge(o.reply)
	}
	if kind != nil {
		o.Kind = kind
	}
	o.failed = kind != nil || o.cause != nil
	o.final = o.failed
}

// Salvage reads what came beside the errors of an answer. What does not fit is left out.
func (e *Engine) Salvage(reply *Reply, out any) {
	_ = JSON.Decode(reply.Body, out, &reply.Notes)
	_ = e.noted(reply.Operation, &reply.Notes)
}
