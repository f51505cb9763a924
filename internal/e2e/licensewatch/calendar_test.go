package licensewatch_test

import (
	"bytes"
	"net/mail"
	"strconv"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// Another library reads the calendar as it was meant.
func TestCalendarIsReadByOthers(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, shotengai.JST)
	end := time.Date(2026, 4, 1, 23, 59, 59, 0, shotengai.JST)
	shop := `和傘,かさや;支店\n` + "\n二号店"
	contacts := []mail.Address{{Name: "楽田; 太郎,", Address: "taro@example.jp"}, {Address: "hanako@example.jp"}}
	statuses := []licensewatch.Status{{Shop: shop, ExpiresAt: end, Contacts: contacts}, {Shop: "2", Verdict: rakuten.VerdictRefused}}
	file := licensewatch.Calendar{
		Vendor: "example.jp", Organizer: mail.Address{Name: `"見本"; 社`, Address: "keys@example.jp"},
		Texts: []licensewatch.Texts{licensewatch.Japanese()},
	}.File(statuses, now)
	calendar, err := ical.ParseCalendar(bytes.NewReader(file))
	require.NoError(t, err)
	require.Len(t, calendar.Events(), 2)

	event := calendar.Events()[0]
	assert.Equal(t, "rakuten-licence-"+shop+"@example.jp", event.GetProperty(ical.ComponentPropertyUniqueId).Value)
	first, err := event.GetAllDayStartAt()
	require.NoError(t, err)
	assert.Equal(t, "2026-04-01", first.Format(time.DateOnly))
	last, err := event.GetAllDayEndAt()
	require.NoError(t, err)
	assert.Equal(t, "2026-04-02", last.Format(time.DateOnly))
	stamp, err := event.GetDtStampTime()
	require.NoError(t, err)
	assert.True(t, stamp.Equal(now))
	changed, err := event.GetLastModifiedAt()
	require.NoError(t, err)
	assert.True(t, changed.Equal(now))
	assert.Equal(t, strconv.FormatInt(now.Unix()/60, 10), event.GetProperty(ical.ComponentPropertySequence).Value)
	notice := licensewatch.NewNotice(statuses[0], now, licensewatch.Japanese())
	assert.Equal(t, notice.Body, event.GetProperty(ical.ComponentPropertyDescription).Value)
	assert.Equal(t, []string{"ja"}, event.GetProperty(ical.ComponentPropertyDescription).ICalParameters["LANGUAGE"])
	assert.Equal(t, []string{"ja"}, event.GetProperty(ical.ComponentPropertySummary).ICalParameters["LANGUAGE"])
	require.Len(t, event.Attendees(), 2)
	assert.Equal(t, "taro@example.jp", event.Attendees()[0].Email())
	assert.Equal(t, []string{"楽田; 太郎,"}, event.Attendees()[0].ICalParameters["CN"])
	assert.Equal(t, "hanako@example.jp", event.Attendees()[1].Email())
	assert.Equal(t, "mailto:keys@example.jp", event.GetProperty(ical.ComponentPropertyOrganizer).Value)
	require.Len(t, event.Alarms(), 4)
	var triggers []string
	for _, alarm := range event.Alarms() {
		triggers = append(triggers, alarm.GetProperty(ical.ComponentPropertyTrigger).Value)
	}
	assert.Equal(t, []string{"-P13DT15H", "-P2DT15H", "-P0DT15H", "P0DT9H"}, triggers)

	refused := calendar.Events()[1]
	first, err = refused.GetAllDayStartAt()
	require.NoError(t, err)
	assert.Equal(t, "2026-03-02", first.Format(time.DateOnly))
	require.Len(t, refused.Alarms(), 1)
	assert.Equal(t, "P0DT13H", refused.Alarms()[0].GetProperty(ical.ComponentPropertyTrigger).Value)
}
