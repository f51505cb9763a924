package colorme

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/check"
)

// The platform ignores most wrong values in silence, so they are refused here.

func phone(field, value string) error {
	if value == "" || strings.Trim(value, "0123456789-") != "" {
		return fmt.Errorf("%s: digits and hyphens are required", field)
	}
	return nil
}

// katakana checks for the characters that the server takes. The documented set has four
// archaic kana more, which the server refuses with code 422250. Provisional.
func katakana(value string) error {
	for _, r := range value {
		if !(r >= 'ァ' && r <= 'ヶ' || r == 'ー' || r == ' ' || r == '\u3000') {
			return fmt.Errorf("furigana: %q is not full-width katakana", r)
		}
	}
	return nil
}

func ordered(field string, from, to DateTime) error {
	if !from.IsZero() && !to.IsZero() && to.Before(from.Time) {
		return fmt.Errorf("%s: the end %s is before the start %s", field, to.In(shotengai.JST).Format(time.DateTime), from.In(shotengai.JST).Format(time.DateTime))
	}
	return nil
}

// aDay refuses to set the zero date, which would be sent as null and empty the field.
func aDay(field string, date shotengai.Clearable[shotengai.Date]) error {
	if day, ok := date.Get(); ok && day.IsZero() {
		return fmt.Errorf("%s: set to no date; use Clear to empty it", field)
	}
	return nil
}

// paging refuses negative values; a limit above the maximum is clamped by the platform.
func paging(limit, offset int) error {
	if limit < 0 || offset < 0 {
		return errors.New("limit and offset must not be negative")
	}
	return nil
}

func validPrefecture(field string, p Prefecture) error {
	if !p.Valid() {
		return fmt.Errorf("%s: %d is no prefecture", field, int(p))
	}
	return nil
}

func (p ListSalesParams) validate() error {
	var errs []error
	for field, state := range map[string]MailState{
		"accepted_mail_state": p.AcceptedMailState, "paid_mail_state": p.PaidMailState, "delivered_mail_state": p.DeliveredMailState,
	} {
		errs = append(errs, check.OneOf(field, state, MailNotYet, MailSent, MailPass))
	}
	if !p.After.IsZero() && !p.MakeDateMin.IsZero() || !p.Before.IsZero() && !p.MakeDateMax.IsZero() {
		errs = append(errs, errors.New("after and before are other names of make_date_min and make_date_max: set one of each"))
	}
	errs = append(errs,
		ordered("make_date", firstSet(p.MakeDateMin, p.After), firstSet(p.MakeDateMax, p.Before)),
		ordered("update_date", p.UpdateDateMin, p.UpdateDateMax),
		paging(p.Limit, p.Offset))
	return errors.Join(errs...)
}

var errNoStart = errors.New("no start date: the platform would send the last 7 days only; set MakeDateMin, or Recent if that is what you want")

func (p ListSalesParams) validateAll() error {
	if p.MakeDateMin.IsZero() && p.After.IsZero() && !p.Recent {
		return errNoStart
	}
	return p.validate()
}

func firstSet(times ...DateTime) DateTime {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return DateTime{}
}

func (r UpdateSaleRequest) validate() error {
	errs := []error{check.OneOf("point_state", r.PointState, UpdatePointAssumed, UpdatePointFixed, UpdatePointCenceled, "canceled")}
	if r.Paid == nil && r.PointState == "" && r.SaleDeliveries == nil {
		errs = append(errs, errors.New("nothing to change"))
	}
	for i, d := range r.SaleDeliveries {
		field := fmt.Sprintf("sale_deliveries[%d]", i)
		if d.ID <= 0 {
			errs = append(errs, fmt.Errorf("%s.id is required", field))
		}
		if d.PrefID != nil {
			errs = append(errs, validPrefecture(field+".pref_id", *d.PrefID))
		}
		errs = append(errs, aDay(field+".preferred_date", d.PreferredDate))
	}
	return errors.Join(errs...)
}

// productDisplay refuses a display state that products do not have.
func productDisplay(state DisplayState) error {
	return check.OneOf("display_state", state, DisplayShowing, DisplayHidden, DisplayShowingForMembers, DisplaySaleForMembers)
}

// groupDisplay refuses a display state that groups and categories do not have.
func groupDisplay(state DisplayState) error {
	return check.OneOf("display_state", state, DisplayShowing, DisplayHidden, DisplayMembersOnly)
}
