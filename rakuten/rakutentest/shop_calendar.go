package rakutentest

import (
	"cmp"
	"encoding/xml"
	"slices"
	"time"
)

// maxCalendarDays is the longest period that the calendar returns at once.
const maxCalendarDays = 180

// calendarDay spells a day of the calendar.
const calendarDay = "20060102"

// dayKinds are the kinds of days in the calendar.
var dayKinds = []string{"businessHoliday", "shippingHoliday", "shippingOnly"}

// getCalendar returns the weekdays, and the dates of a period. A holiday that shopHoliday has
// set is not in it: how the platform translates one into the other is not known.
func (c *call) getCalendar() reply {
	from, err := time.ParseInLocation(time.DateOnly, cmp.Or(c.query.Get("fromDate"), c.now.In(jst).Format(time.DateOnly)), jst)
	period, fine := c.number("period", 90, 1, maxCalendarDays)
	if err != nil || !fine {
		return c.shopFails("fromDate or period is wrong")
	}
	first, end := from.Format(calendarDay), from.AddDate(0, 0, period).Format(calendarDay)
	shown := c.shop.settings.child("shopCalendar", false).clone()
	for _, kind := range dayKinds {
		dates := shown.at(kind + ">eventDates")
		dates.Children = slices.DeleteFunc(dates.Children, func(date *element) bool { return date.Text < first || date.Text >= end })
	}
	return c.shopOK(shown)
}

// getCalendarAndDesign answers with the model of the edits, as the one known client reads
// it.
func (c *call) getCalendarAndDesign() reply {
	shown := &element{XMLName: xml.Name{Local: "shopCalendar"}}
	for _, kind := range dayKinds {
		days := c.shop.settings.at("shopCalendar>" + kind)
		shown.child(kind, true).child("replaceModel", true).Children = []*element{days.child("regularSchedule", true)}
		shown.child(kind, true).child("insertModel", true).Children = []*element{days.child("eventDates", true)}
	}
	return c.shopOK(shown, c.shop.settings.child("shopCalendarDesign", true))
}

// editCalendarAndDesign replaces weekdays, adds and takes away dates, and sets how the
// calendar looks. clearCalendar empties it before.
func (c *call) editCalendarAndDesign() reply {
	body, problem := c.readEdit("shopCalendarAndDesign")
	if problem != "" {
		return c.shopFails(problem)
	}
	changed := c.shop.settings.child("shopCalendar", true).clone()
	for _, kind := range dayKinds {
		days := changed.child(kind, true)
		if c.query.Get("clearCalendar") == "true" {
			days.child("regularSchedule", true).Children, days.child("eventDates", true).Children = nil, nil
		}
		if problem := days.editDays(body.at("shopCalendar>" + kind)); problem != "" {
			return c.shopFails(problem)
		}
	}
	*c.shop.settings.child("shopCalendar", true) = *changed
	if design := body.at("shopCalendarDesign"); design != nil {
		*c.shop.settings.child("shopCalendarDesign", true) = *design
	}
	return c.shopOK()
}

// editDays changes days of one kind.
func (e *element) editDays(edit *element) string {
	if weekdays := edit.at("replaceModel>regularSchedule"); weekdays != nil {
		e.child("regularSchedule", true).Children = weekdays.Children
	}
	dates := e.child("eventDates", true)
	without := func(date string) []*element {
		return slices.DeleteFunc(slices.Clone(dates.Children), func(there *element) bool { return there.Text == date })
	}
	for _, path := range []string{"deleteModel>eventDates", "insertModel>eventDates"} {
		list := edit.at(path)
		if list == nil {
			continue
		}
		for _, date := range list.Children {
			if _, err := time.Parse(calendarDay, date.Text); err != nil {
				return "eventDate is not of the form " + calendarDay
			}
			dates.Children = without(date.Text)
			if path[0] == 'i' {
				dates.Children = append(dates.Children, date)
			}
		}
	}
	slices.SortFunc(dates.Children, func(a, b *element) int { return cmp.Compare(a.Text, b.Text) })
	return ""
}
