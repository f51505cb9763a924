package main

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go/shotengaitest"
)

// done is the answer to what has no result of its own.
var done = map[string]bool{"ok": true}

// shownStall is a fake as the API shows it.
type shownStall struct {
	URL   string         `json:"url"`
	Now   time.Time      `json:"now"`
	App   map[string]any `json:"app"`
	Shops []shownShop    `json:"shops"`
}

type shownShop struct {
	ID          string      `json:"id"`
	Credentials credentials `json:"credentials"`
	Steps       []string    `json:"steps"`
	Grants      []string    `json:"grants"`
}

func (s *stall) show() shownStall {
	fake, shops := s.now()
	shown := shownStall{URL: fake.url, Now: fake.server.Now(), App: fake.app()}
	for _, shop := range shops {
		shown.Shops = append(shown.Shops, shop.show())
	}
	return shown
}

func (s *shop) show() shownShop {
	return shownShop{s.id, s.credentials(), slices.Sorted(maps.Keys(s.steps)), slices.Sorted(maps.Keys(s.grants))}
}

func (c *control) show() map[string]shownStall {
	all := make(map[string]shownStall)
	for name, s := range c.stalls {
		all[name] = s.show()
	}
	return all
}

func (c *control) showAll(*http.Request) (any, error) { return c.show(), nil }

func (c *control) resetAll(r *http.Request) (any, error) {
	for _, s := range c.stalls {
		s.reset()
	}
	return c.show(), nil
}

func showStall(s *stall, _ *http.Request) (any, error) { return s.show(), nil }

func resetStall(s *stall, r *http.Request) (any, error) {
	s.reset()
	return s.show(), nil
}

// shownRequest is a request that a fake received.
type shownRequest struct {
	Method string              `json:"method"`
	Path   string              `json:"path"`
	Query  map[string][]string `json:"query"`
	Header http.Header         `json:"header"`
	Body   string              `json:"body"`
	Time   time.Time           `json:"time"`
}

func showRequests(s *stall, _ *http.Request) (any, error) {
	fake, _ := s.now()
	shown := []shownRequest{}
	for _, r := range fake.server.Requests() {
		shown = append(shown, shownRequest{r.Method, r.Path, r.Query, r.Header, string(r.Body), r.Time})
	}
	return shown, nil
}

// moveClock moves the platform's time forward, at most by ten years.
func moveClock(s *stall, r *http.Request) (any, error) {
	var by struct {
		Days    int64 `json:"days"`
		Hours   int64 `json:"hours"`
		Minutes int64 `json:"minutes"`
		Seconds int64 `json:"seconds"`
	}
	if err := read(r, &by); err != nil {
		return nil, err
	}
	const most = 3650
	for _, n := range []int64{by.Days, by.Hours / 24, by.Minutes / 1440, by.Seconds / 86400} {
		if n < 0 || n > most {
			return nil, refusedf("the clock moves forward, and by %d days at most", most)
		}
	}
	d := time.Duration(by.Days*24+by.Hours)*time.Hour + time.Duration(by.Minutes*60+by.Seconds)*time.Second
	if d <= 0 {
		return nil, refusedf("give days, hours, minutes or seconds to move the clock forward by")
	}
	fake, _ := s.now()
	fake.server.Advance(d)
	return map[string]time.Time{"now": fake.server.Now()}, nil
}

// addFault lets calls fail.
func addFault(s *stall, r *http.Request) (any, error) {
	f := struct {
		Times       int               `json:"times"` // -1: until they are healed
		Method      string            `json:"method"`
		Path        string            `json:"path"`
		Status      int               `json:"status"`
		Body        string            `json:"body"`
		ContentType string            `json:"content_type"`
		Header      map[string]string `json:"header"`
		RetryAfter  string            `json:"retry_after"`
		AfterEffect bool              `json:"after_effect"`
		Reset       bool              `json:"reset"`
		ResetAfter  bool              `json:"reset_after"`
		DelayMS     int               `json:"delay_ms"`
		Truncate    int               `json:"truncate"`
		DripMS      int               `json:"drip_ms"`
	}{Times: 1}
	if err := read(r, &f); err != nil {
		return nil, err
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return nil, refusedf("status %d is none of an answer: 200 to 599", f.Status)
	}
	header := make(http.Header)
	for name, value := range f.Header {
		header.Set(name, value)
	}
	fake, _ := s.now()
	fake.server.Fail(f.Times, shotengaitest.Fault{
		Method: f.Method, Path: f.Path, Status: f.Status, Body: f.Body, ContentType: f.ContentType, Header: header,
		RetryAfter: f.RetryAfter, AfterEffect: f.AfterEffect, Reset: f.Reset, ResetAfter: f.ResetAfter,
		Delay: time.Duration(f.DelayMS) * time.Millisecond, Truncate: f.Truncate, Drip: time.Duration(f.DripMS) * time.Millisecond,
	})
	return done, nil
}

func heal(s *stall, _ *http.Request) (any, error) {
	fake, _ := s.now()
	fake.server.Heal()
	return done, nil
}

func registerApp(s *stall, r *http.Request) (any, error) {
	var change registration
	if err := read(r, &change); err != nil {
		return nil, err
	}
	s.firing.Lock() // a hook changes the registration too
	defer s.firing.Unlock()
	fake, _ := s.now()
	if fake.register == nil {
		return nil, refusedf("%s has no login", s.platform)
	}
	if err := fake.register(change); err != nil {
		return nil, err
	}
	return fake.app(), nil
}

func addShop(s *stall, r *http.Request) (any, error) {
	var seed seed
	if err := read(r, &seed); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	shop := s.fake.addShop(seed)
	s.shops = append(s.shops, shop)
	return shop.show(), nil
}

func showShop(_ *stall, shop *shop, _ *http.Request) (any, error) { return shop.show(), nil }

func logIn(s *stall, shop *shop, _ *http.Request) (any, error) {
	if shop.login == nil {
		return nil, refusedf("%s has no login", s.platform)
	}
	shop.login()
	return done, nil
}

func addOrder(_ *stall, shop *shop, r *http.Request) (any, error) {
	var members map[string]any
	if err := read(r, &members); err != nil {
		return nil, err
	}
	return map[string]string{"id": shop.addOrder(members)}, nil
}

func stepOrder(_ *stall, shop *shop, r *http.Request) (any, error) {
	step, err := choose(shop.steps, r.PathValue("step"))
	if err != nil {
		return nil, err
	}
	step(r.PathValue("order"))
	return done, nil
}

func changeGrant(_ *stall, shop *shop, r *http.Request) (any, error) {
	change, err := choose(shop.grants, r.PathValue("change"))
	if err != nil {
		return nil, err
	}
	if fresh := change(); fresh != nil {
		return fresh, nil
	}
	return done, nil
}

// fireHook sends a signed hook. One that the app does not accept is 502, with its answer.
func fireHook(s *stall, shop *shop, r *http.Request) (any, error) {
	var e event
	if err := read(r, &e); err != nil {
		return nil, err
	}
	if err := checkTarget(e.URL); err != nil {
		return nil, refusedf("url: %v", err)
	}
	s.firing.Lock()
	defer s.firing.Unlock()
	d, err := shop.fire(r.Context(), e)
	if _, ok := errors.AsType[*refusal](err); ok {
		return nil, err
	}
	if err == nil {
		return d, nil
	}
	d.Error = err.Error()
	return d, &refusal{http.StatusBadGateway, err.Error()}
}
