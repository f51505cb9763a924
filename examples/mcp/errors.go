package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// refusal is an error whose text is made for the model and has nothing from a platform.
type refusal string

func (r refusal) Error() string { return string(r) }

func refusedf(format string, args ...any) error { return refusal(fmt.Sprintf(format, args...)) }

// advice says what to do about each kind of failure, the most telling kind first.
var advice = []struct {
	kind error
	what string
}{
	{shotengai.ErrOutcomeUnknown, "The change may have been carried out. Read get_stock before anything else, and do not repeat the call blindly."},
	{shotengai.ErrReauthorize, "The access to the shop is gone, and no repetition helps. Call diagnose_key, and tell the person who has to act."},
	{shotengai.ErrUnauthorized, "The platform refused the credentials. Call diagnose_key to find out why."},
	{shotengai.ErrForbidden, "The credentials do not allow this. A scope or function has to be enabled by the shop or by the maker of the app; diagnose_key says more."},
	{shotengai.ErrRateLimited, "Too many calls. Wait, then repeat the same call once."},
	{shotengai.ErrResponseTooLarge, "The answer was too large. Ask for fewer rows with limit, or for a shorter period."},
	{shotengai.ErrNotFound, "There is no such thing in this shop. Check the id with list_orders or list_items."},
	{shotengai.ErrConflict, "The shop is in another state than the call expects. Read again before deciding."},
	{shotengai.ErrInvalid, "The arguments are refused as they are. Change them; repeating does not help."},
	{shotengai.ErrRowsMoved, "Rows have left the list meanwhile. Start again without cursor."},
	{context.DeadlineExceeded, "The platform took too long. Ask for fewer rows or a shorter period."},
	{context.Canceled, "The call was cancelled."},
	{shotengai.ErrUnavailable, "The platform does not answer properly for now. Repeat in some minutes."},
}

// explain turns a failure into a text that says what to do. It quotes nothing that a
// platform answered but the message of a refusal, as the rest may have personal data. What
// it does not know goes to the log.
func explain(ctx context.Context, err error, log *slog.Logger) error {
	if text, ok := errors.AsType[refusal](err); ok {
		return text
	}
	if row, ok := errors.AsType[*shotengai.RowError](err); ok && !errors.Is(err, shotengai.ErrInvalid) {
		return refusedf("%s is not there or cannot be read%s. Check the id.", cut(row.ID), prefixed(" at ", row.Path))
	}
	for _, a := range advice {
		if errors.Is(err, a.kind) {
			return refusedf("%s%s", a.what, said(err))
		}
	}
	if text := said(err); text != "" {
		return refusedf("The answer of the platform cannot be read.%s", text)
	}
	log.ErrorContext(ctx, "tool failed", "error", err)
	return refusedf("The call failed for a reason that only the server's log has.")
}

// said is what the platform said of a call, or what was wrong with it before it was sent.
func said(err error) string {
	e, ok := errors.AsType[*shotengai.Error](err)
	if !ok {
		return ""
	}
	parts := []string{e.Platform, e.Operation}
	if e.StatusCode > 0 {
		parts = append(parts, fmt.Sprintf("status %d", e.StatusCode))
	}
	parts = append(parts, prefixed("code ", e.Code), prefixed("field ", e.Field), cut(e.Message))
	if e.Attempts == 0 && e.Cause != nil {
		parts = append(parts, cut(e.Cause.Error()))
	}
	if e.RetryAfter > 0 {
		parts = append(parts, "wait "+e.RetryAfter.Round(time.Second).String())
	}
	parts = append(parts, prefixed("request ", e.RequestID))
	return " (" + join("; ", parts...) + ")"
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// cut makes a foreign text one line of bounded length.
func cut(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxText {
		return string(runes[:maxText]) + "…"
	}
	return text
}

// verdict is the diagnosis of credentials that a call has tried.
func verdict(err error) diagnosis {
	switch {
	case err == nil:
		return diagnosis{Works: true, Cause: "the credentials work", Who: "nobody", What: "nothing"}
	case errors.Is(err, shotengai.ErrReauthorize):
		return diagnosis{Cause: "the access was revoked or has ended" + said(err), Who: "shop", What: "the owner has to log in or install the app again"}
	case errors.Is(err, shotengai.ErrUnauthorized):
		return diagnosis{Cause: "the platform refuses the credentials" + said(err), Who: "provider", What: "check the token of this shop, then ask its owner to authorise the app again"}
	case errors.Is(err, shotengai.ErrForbidden):
		return diagnosis{Cause: "the credentials do not allow the call" + said(err), Who: "provider", What: "ask for the missing scope, and let the owner authorise the app again"}
	}
	return diagnosis{Cause: "the platform could not be asked" + said(err), Who: "nobody", What: "ask again later"}
}
