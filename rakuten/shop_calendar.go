package rakuten

import (
	"context"
	"encoding/xml"
	"fmt"

	"github.com/shotengai/shotengai-go"
)

// MaxCalendarDays is the longest period that the calendar returns at once.
const MaxCalendarDays = 180

// ShopCalendarResource reads the days that the shop is closed or ships nothing.
type ShopCalendarResource struct{ shopPart }

// ShopCalendarParams selects days.
type ShopCalendarParams struct {
	FromDate shotengai.Date `url:"fromDate,omitempty"` // today when zero
	Period   int            `url:"period,omitempty"`   // days, 1 to 180; 90 when 0
}

func (p ShopCalendarParams) validate() error {
	if p.Period < 0 || p.Period > MaxCalendarDays {
		return fmt.Errorf("period: %d is not between 1 and %d", p.Period, MaxCalendarDays)
	}
	return nil
}

// Get returns the calendar of a period.
func (r ShopCalendarResource) Get(ctx context.Context, params ShopCalendarParams, opts ...shotengai.CallOption) (*ShopCalendar, error) {
	model, _, err := shopRead[ShopCalendar](ctx, resourceOf(r), params, params.validate(), opts...)
	return model, err
}

// ShopCalendar is the calendar of the shop.
type ShopCalendar struct {
	BusinessHoliday ShopCalendarDays `xml:"businessHoliday"` // closed
	ShippingHoliday ShopCalendarDays `xml:"shippingHoliday"` // open and shipping nothing
	ShippingOnly    ShopCalendarDays `xml:"shippingOnly"`    // closed and shipping
	ShopHoliday     ShopHoliday      `xml:"shopHoliday"`
}

// ShopCalendarDays is days of one kind. Dates are spelt 20240131 (provisional).
type ShopCalendarDays struct {
	RegularSchedule []string `xml:"regularSchedule>weekday"`
	EventDates      []string `xml:"eventDates>eventDate"`
}

// ShopHoliday is a longer holiday. How its times are spelt is not established.
type ShopHoliday struct {
	Title             string `xml:"title"`
	STimestampYMD     string `xml:"stimestampYmd"`
	ETimestampYMD     string `xml:"etimestampYmd"`
	MailMessage       string `xml:"mailMessage"`
	STimestampMailYMD string `xml:"stimestampMailYmd"`
	ETimestampMailYMD string `xml:"etimestampMailYmd"`
	Message           string `xml:"message"`
}

// ShopHolidayInput is a longer holiday as it is set: how it is announced on the pages and in
// mails.
type ShopHolidayInput struct {
	Web  *ShopHolidayNotice `xml:"shopHolidayWeb"`
	Mail *ShopHolidayNotice `xml:"shopHolidayMail"`
}

// ShopHolidayNotice is how a longer holiday is announced.
type ShopHolidayNotice struct {
	Title         string `xml:"title,omitempty"` // on pages only, at most 382 characters
	Message       string `xml:"message"`
	STimeStampYMD string `xml:"stimeStampYmd"` // how it is spelt is not established
	ETimeStampYMD string `xml:"etimeStampYmd"`
}

// ShopCalendarAndDesignResource edits the calendar and how it looks. Provisional.
type ShopCalendarAndDesignResource struct {
	ShopGet[ShopCalendarAndDesign]
}

// UpdateShopCalendarParams says how a calendar is edited.
type UpdateShopCalendarParams struct {
	ClearCalendar *bool `url:"clearCalendar,omitempty"` // empties the calendar before
}

// Update edits the calendar and how it looks; what is nil stays. Provisional.
func (r ShopCalendarAndDesignResource) Update(ctx context.Context, edit ShopCalendarAndDesign, params UpdateShopCalendarParams, opts ...shotengai.CallOption) (*ShopResult, error) {
	at := resourceOf(r.ShopGet)
	body, err := xmlBody(struct {
		XMLName   xml.Name
		Namespace string `xml:"xmlns:shopbiz,attr"`
		ShopCalendarAndDesign
	}{XMLName: at.bodyRoot(), Namespace: shopNamespace, ShopCalendarAndDesign: edit}, calendarLists...)
	return shopPost(ctx, at, params, body, err, opts...)
}

// calendarLists are left out of a body where they are empty.
var calendarLists = []string{"regularSchedule", "replaceModel", "eventDates", "insertModel", "deleteModel", "shopCalDesignEvents"}

// ShopCalendarAndDesign is edits of the calendar and of how it looks. The one client that
// reads it does so with the model of its edits.
type ShopCalendarAndDesign struct {
	Calendar *ShopCalendarEdit   `xml:"shopCalendar"`
	Design   *ShopCalendarDesign `xml:"shopCalendarDesign>inputModel"`
}

// ShopCalendarEdit is edits of the calendar.
type ShopCalendarEdit struct {
	BusinessHoliday *ShopCalendarDaysEdit `xml:"businessHoliday"`
	ShippingHoliday *ShopCalendarDaysEdit `xml:"shippingHoliday"`
	ShippingOnly    *ShopCalendarDaysEdit `xml:"shippingOnly"`
}

// ShopCalendarDaysEdit is edits of days of one kind. Dates are spelt 20240131 (provisional).
type ShopCalendarDaysEdit struct {
	ReplaceRegularSchedule []string `xml:"replaceModel>regularSchedule>weekday"` // in place of all weekdays
	InsertEventDates       []string `xml:"insertModel>eventDates>eventDate"`
	DeleteEventDates       []string `xml:"deleteModel>eventDates>eventDate"`
}

// ShopCalendarDesign is how the calendar looks.
type ShopCalendarDesign struct {
	Design ShopCalDesign        `xml:"shopCalDesign"`
	Events []ShopCalDesignEvent `xml:"shopCalDesignEvents>shopCalDesignEvent"`
}

// ShopCalDesign is sizes and colours of the calendar. Colours are six hexadecimal digits.
type ShopCalDesign struct {
	CellWidth      int    `xml:"cellWidth"`
	CellHeight     int    `xml:"cellHeight"`
	FontSize       int    `xml:"fontSize"`
	FontColor      string `xml:"fontColor"`
	DayOfWeekColor string `xml:"dayOfWeekColor"`
	BGColor        string `xml:"bgColor"`
	FrameColor     string `xml:"frameColor"`
	WeekdayColor   string `xml:"weekdayColor"`
	SatColor       string `xml:"satColor"`
	SunColor       string `xml:"sunColor"`
	HolidayColor   string `xml:"holidayColor"`
	NonHolidayFlag string `xml:"nonHolidayFlag"`         // at most 7 characters
	CalendarText   string `xml:"calendarText,omitempty"` // at most 255 characters
}

// ShopCalDesignEvent is the colour of days of one kind.
type ShopCalDesignEvent struct {
	EventType  int    `xml:"eventType"` // 1 to 3
	EventColor string `xml:"eventColor"`
}
