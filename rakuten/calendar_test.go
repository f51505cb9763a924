package rakuten_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/rakuten"
)

func TestCalendar(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, rakuten.JST)
	end := time.Date(2026, 4, 1, 23, 59, 59, 0, rakuten.JST)
	text := string(rakuten.Calendar(now, rakuten.LicenseStatus{Shop: "12,34", ExpiresAt: end}, rakuten.LicenseStatus{Shop: "5"}))
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		assert.LessOrEqual(t, len(line), 75)
		assert.NotContains(t, line, "\n")
	}
	whole := strings.ReplaceAll(text, "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "DTSTAMP:20260302T030000Z\r\n", "UID:rakuten-licence-12\\,34@shotengai-go\r\n",
		"DTSTART;VALUE=DATE:20260401\r\nDTEND;VALUE=DATE:20260402\r\n", "TRIGGER:-P14D\r\n",
		"DTSTART;VALUE=DATE:20260302\r\n", // the shop of which nothing is known
		"あと30日", "ends in 30 days", "END:VCALENDAR\r\n",
	} {
		assert.Contains(t, whole, want)
	}
	assert.True(t, strings.HasPrefix(text, "BEGIN:VCALENDAR"))
}

func TestNotice(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, rakuten.JST)
	in := func(days int) rakuten.LicenseStatus {
		return rakuten.LicenseStatus{Shop: "123456", ExpiresAt: time.Date(2026, 3, 2+days, 23, 59, 59, 0, rakuten.JST)}
	}
	tests := []struct {
		status rakuten.LicenseStatus
		ja, en string
	}{
		{in(14), "あと14日", "ends in 14 days"},
		{in(1), "あと1日", "ends in 1 day"},
		{in(0), "本日まで", "ends today"},
		{in(-3), "切れています", "has expired"},
		{rakuten.LicenseStatus{Shop: "123456"}, "確認できません", "not known"},
	}
	for _, test := range tests {
		ja, en := rakuten.NewNotice(rakuten.Japanese, test.status, now), rakuten.NewNotice(rakuten.English, test.status, now)
		assert.Contains(t, ja.Subject, test.ja)
		assert.Contains(t, en.Subject, test.en)
		assert.Contains(t, ja.Body, "123456")
		assert.Contains(t, en.Body, "123456")
		both := rakuten.NewNotice(rakuten.Bilingual, test.status, now)
		assert.Contains(t, both.Subject, test.ja)
		assert.Contains(t, both.Subject, test.en)
	}
}
