package main

import (
	"slices"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go"
)

// chart is the orders per day as bars of an SVG.
type chart struct {
	Bars []bar // oldest first
	Most int   // orders of the highest bar, which touches the line at Top
	// Edges of the area of the bars within Width and Height.
	Left, Right, Top, Bottom int
	Width, Height            int
}

type bar struct {
	Date, Day           string // for the table and for the axis
	Count               int
	X, Y, Width, Height int
	Dated               bool // the day is written below
}

// Middle is where the labels stand.
func (b bar) Middle() int { return b.X + b.Width/2 }

// Above is the base line of the label above the bar.
func (b bar) Above() int { return b.Y - 4 }

// Label is the number above the bar: none for a day without orders, nor where it would run
// into the next one.
func (b bar) Label() string {
	if b.Count == 0 || b.Count >= 1000 {
		return ""
	}
	return strconv.Itoa(b.Count)
}

// AxisText is where the numbers beside the axis end.
func (c chart) AxisText() int { return c.Left - 8 }

// Newest are the bars, newest first.
func (c chart) Newest() []bar {
	newest := slices.Clone(c.Bars)
	slices.Reverse(newest)
	return newest
}

const (
	chartDays   = 30
	chartLeft   = 34
	chartTop    = 22
	chartBottom = 160
	barStep     = 24
	barWidth    = 18
)

// perDay counts orders by the days of Japan, up to the day of now.
func perDay(orders []order, now time.Time) chart {
	const right = chartLeft + chartDays*barStep
	c := chart{Most: 1, Left: chartLeft, Right: right, Top: chartTop, Bottom: chartBottom, Width: right + 12, Height: chartBottom + 26}
	counts := make(map[string]int)
	for _, o := range orders {
		day := o.At.In(shotengai.JST).Format(time.DateOnly)
		counts[day]++
		c.Most = max(c.Most, counts[day])
	}
	first := now.In(shotengai.JST).AddDate(0, 0, 1-chartDays)
	for i := range chartDays {
		day := first.AddDate(0, 0, i)
		date := day.Format(time.DateOnly)
		height := counts[date] * (chartBottom - chartTop) / c.Most
		c.Bars = append(c.Bars, bar{
			Date: date, Day: day.Format("1/2"), Count: counts[date],
			X: chartLeft + i*barStep, Y: chartBottom - height, Width: barWidth, Height: height,
			Dated: (chartDays-1-i)%7 == 0,
		})
	}
	return c
}
