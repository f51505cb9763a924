package hooks_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func TestParseColorMeInstall(t *testing.T) {
	t.Parallel()
	monthly, err := hooks.ParseColorMeInstall(testdata(t, "colorme-install-monthly.json"))
	require.NoError(t, err)
	assert.Equal(t, "PA00000001", monthly.AccountID)
	assert.Equal(t, "F3RN9A", monthly.ApplicationChargeSourceID)
	assert.Equal(t, "A3FT4N", monthly.RecurringApplicationChargeID)
	assert.Equal(t, "A3FT4N", monthly.ContractID())
	assert.Equal(t, "shop@example.com", monthly.Mail)
	assert.Nil(t, monthly.TrialTerm)
	assert.False(t, monthly.OneTime())
	assert.False(t, monthly.InTrial(time.Now()))

	oneTime, err := hooks.ParseColorMeInstall(testdata(t, "colorme-install-onetime.json"))
	require.NoError(t, err)
	assert.True(t, oneTime.OneTime())
	assert.Equal(t, "A3FT4N", oneTime.ContractID())
	assert.Empty(t, oneTime.RecurringApplicationChargeID)

	trial, err := hooks.ParseColorMeInstall(testdata(t, "colorme-install-trial.json"))
	require.NoError(t, err)
	require.NotNil(t, trial.TrialTerm)
	assert.Equal(t, "2019-08-06T00:00:00+09:00", trial.TrialTerm.StartsAt.Format(time.RFC3339))
	assert.Equal(t, "2019-09-05T00:00:00+09:00", trial.TrialTerm.EndsAt.Format(time.RFC3339))
	assert.False(t, trial.InTrial(trial.TrialTerm.StartsAt.Add(-1)))
	assert.True(t, trial.InTrial(trial.TrialTerm.StartsAt))
	assert.False(t, trial.InTrial(trial.TrialTerm.EndsAt))
}

// The platform prints an install with a trial that is not JSON: a colon is missing. As it
// stands it is refused; with the colon it is the install that the platform means.
func TestColorMeTrialAsPrinted(t *testing.T) {
	t.Parallel()
	printed := testdata(t, "colorme-install-trial-as-printed.txt")
	assert.False(t, json.Valid(printed))
	_, err := hooks.ParseColorMeInstall(printed)
	require.ErrorIs(t, err, hooks.ErrPayload)

	mended := strings.Replace(string(printed), `"trial_term" {`, `"trial_term": {`, 1)
	require.JSONEq(t, string(testdata(t, "colorme-install-trial.json")), mended)
	trial, err := hooks.ParseColorMeInstall([]byte(mended))
	require.NoError(t, err)
	require.NotNil(t, trial.TrialTerm)
	assert.EqualValues(t, 1565017200, trial.TrialTerm.StartsAt.Unix())
}

func TestParseColorMeInstallTrialTerm(t *testing.T) {
	t.Parallel()
	parse := func(term string) (*hooks.ColorMeInstall, error) {
		body := strings.Replace(string(testdata(t, "colorme-install-monthly.json")), "{", `{"trial_term":`+term+",", 1)
		return hooks.ParseColorMeInstall([]byte(body))
	}
	for term, want := range map[string][2]bool{ // which of the times is there
		`{}`:                           {false, false},
		`{"starts_at":1565017200}`:     {true, false},
		`{"starts_at":-1,"ends_at":1}`: {false, true},
		`{"starts_at":2,"ends_at":1}`:  {true, true},
	} {
		install, err := parse(term)
		require.NoError(t, err, term)
		assert.Equal(t, want, [2]bool{!install.TrialTerm.StartsAt.IsZero(), !install.TrialTerm.EndsAt.IsZero()}, term)
		assert.False(t, install.InTrial(time.Unix(1565017200, 0)), term)
	}
	for _, term := range []string{`{"starts_at":1,"ends_at":1e17}`, `{"starts_at":1,"ends_at":9999e999}`, `[]`} {
		_, err := parse(term)
		require.ErrorIs(t, err, hooks.ErrPayload, term)
	}
}

func TestParseColorMeUninstall(t *testing.T) {
	t.Parallel()
	oneTime, err := hooks.ParseColorMeUninstall(testdata(t, "colorme-uninstall-onetime.json"))
	require.NoError(t, err)
	assert.Empty(t, oneTime.RecurringApplicationChargeID)
	assert.Equal(t, int64(1552022739), oneTime.UninstalledAt.Unix())
	assert.Equal(t, hooks.ColorMeByShopOwner, oneTime.Reason)
	_, ok := oneTime.UsageDeadline()
	assert.False(t, ok)
	assert.False(t, oneTime.CanChargeUsage(oneTime.UninstalledAt))

	monthly, err := hooks.ParseColorMeUninstall(testdata(t, "colorme-uninstall-monthly.json"))
	require.NoError(t, err)
	assert.Equal(t, "F3RN9A", monthly.RecurringApplicationChargeID)
	assert.Nil(t, monthly.UsageCharge)

	usage, err := hooks.ParseColorMeUninstall(testdata(t, "colorme-uninstall-usage.json"))
	require.NoError(t, err)
	require.NotNil(t, usage.UsageCharge)
	assert.Equal(t, "token", usage.UsageCharge.APIToken.Reveal())
	deadline, ok := usage.UsageDeadline()
	require.True(t, ok)
	assert.Equal(t, int64(1552533465), usage.UsageCharge.ClosingOn.Unix(), "as sent")
	assert.Equal(t, time.Date(2019, time.March, 15, 0, 0, 0, 0, shotengai.JST), deadline, "the whole 14th")
	assert.True(t, usage.CanChargeUsage(deadline.Add(-1)))
	assert.False(t, usage.CanChargeUsage(deadline))
	assert.Equal(t, time.Hour, usage.UsageTimeLeft(deadline.Add(-time.Hour)))
	assert.Zero(t, usage.UsageTimeLeft(deadline.Add(time.Hour)))
}

// The closing date is a day in Japan, whichever of its hours the platform sends.
func TestUsageDeadlineIsTheEndOfTheDay(t *testing.T) {
	t.Parallel()
	february := time.Date(2021, time.February, 1, 0, 0, 0, 0, shotengai.JST)
	for _, sent := range []time.Time{february.AddDate(0, 0, -1), february.Add(-12 * time.Hour), february.Add(-time.Second)} {
		body := fmt.Sprintf(`{"account_id":"PA00000001","uninstalled_at":1610204400,"usage_charge":{"api_token":"x","closing_on":%d}}`, sent.Unix())
		event, err := hooks.ParseColorMeUninstall([]byte(body))
		require.NoError(t, err)
		deadline, known := event.UsageDeadline()
		require.True(t, known)
		assert.Equal(t, february, deadline)
		assert.True(t, event.CanChargeUsage(february.Add(-1)))
		assert.False(t, event.CanChargeUsage(february))
		assert.Equal(t, time.Minute, event.UsageTimeLeft(february.Add(-time.Minute)))
	}
}

func TestParseColorMeUninstallUsageCharge(t *testing.T) {
	t.Parallel()
	parse := func(charge string) (*hooks.ColorMeUninstall, error) {
		body := strings.Replace(string(testdata(t, "colorme-uninstall-monthly.json")), "{", `{"usage_charge":`+charge+",", 1)
		return hooks.ParseColorMeUninstall([]byte(body))
	}
	inTrial, err := parse(`{"closing_on":1552533465}`)
	require.NoError(t, err)
	assert.False(t, inTrial.CanChargeUsage(inTrial.UninstalledAt), "no token in the trial")
	bare, err := parse(`{}`)
	require.NoError(t, err)
	assert.True(t, bare.UsageCharge.ClosingOn.IsZero())
	none, err := parse(`null`)
	require.NoError(t, err)
	assert.Nil(t, none.UsageCharge)
	undated, err := parse(`{"api_token":"x"}`)
	require.NoError(t, err)
	assert.True(t, undated.CanChargeUsage(undated.UninstalledAt), "nothing says that it is refused")
	assert.Zero(t, undated.UsageTimeLeft(undated.UninstalledAt))
	_, known := undated.UsageDeadline()
	assert.False(t, known)
}

// TestW21ColorMeDetails shows that an event is delivered with what it has: each refusal
// would be repeated at every resend.
func TestW21ColorMeDetails(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		kind       hooks.Kind
		body, want string
	}{
		"uninstall without closing_on": {
			hooks.ColorMeUninstallKind,
			`{"account_id":"PA00000001","recurring_application_charge_id":"A3FT0001","application_charge_source_id":"F3RN9A","uninstalled_at":1552022740,"reason":"by_unpaid","usage_charge":{"api_token":"x"}}`,
			"uninstall A3FT0001 attempt 1",
		},
		"uninstall with closing_on null": {
			hooks.ColorMeUninstallKind,
			`{"account_id":"PA00000001","recurring_application_charge_id":"A3FT0001","uninstalled_at":1552022740,"usage_charge":{"api_token":"x","closing_on":null}}`,
			"uninstall A3FT0001 attempt 1",
		},
		"uninstall without reason and plan": {
			hooks.ColorMeUninstallKind,
			`{"account_id":"PA00000001","uninstalled_at":1552022740}`, "uninstall attempt 1",
		},
		"install with mail null": {
			hooks.ColorMeInstallKind,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","recurring_application_charge_id":"A3FT0001","mail":null}`,
			"install A3FT0001 attempt 1",
		},
		"install with both contracts": {
			hooks.ColorMeInstallKind,
			`{"account_id":"PA00000001","recurring_application_charge_id":"A3FT0001","application_charge_id":"B4NEW1","mail":"a@b"}`,
			"install A3FT0001 attempt 1",
		},
		"install with half a trial": {
			hooks.ColorMeInstallKind,
			`{"account_id":"PA00000001","recurring_application_charge_id":"A3FT0001","application_charge_source_id":"f3","trial_term":{"starts_at":-1}}`,
			"install A3FT0001 attempt 1",
		},
		"install with half a surrogate pair in the mail": {
			hooks.ColorMeInstallKind,
			`{"account_id":"PA00000001","recurring_application_charge_id":"A3FT0001","mail":"\ud83d@b"}`,
			"install A3FT0001 attempt 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := newColorMeApp(t, nil)
			path := "/" + strings.TrimPrefix(string(row.kind), "colorme.")
			app.deliver(t, path, hookstest.ColorMe(row.kind, []byte(row.body), secretNew))
			assert.Equal(t, []string{row.want}, app.takeLog())
		})
	}
}

func TestEventsShowNoSecrets(t *testing.T) {
	t.Parallel()
	const token = "usage-token-f00d"
	event := uninstall(1, time.Unix(1552022740, 0))
	event.UsageCharge = &hooks.ColorMeUsageCharge{APIToken: token, ClosingOn: time.Unix(1552533465, 0)}
	parsed, err := hooks.ParseColorMeUninstall(hookstest.ColorMeUninstall(event, secretNew).Body)
	require.NoError(t, err)
	require.Contains(t, string(parsed.Raw), token)

	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("event", "event", parsed, "charge", parsed.UsageCharge, "raw", parsed.Raw)
	encoded, err := json.Marshal(parsed) //nolint:musttag // an app that logs an event has no tags either
	require.NoError(t, err)
	shown := &log
	shown.Write(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(shown, verb, *parsed)
		fmt.Fprintf(shown, verb, *parsed.UsageCharge)
		fmt.Fprintf(shown, verb, parsed.Raw)
	}
	assert.NotContains(t, shown.String(), token)
	assert.NotContains(t, shown.String(), fmt.Sprintf("%x", token))
}
