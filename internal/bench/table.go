package main

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// row is one line of the table.
type row struct {
	what  [2]string // in each language
	unit  unit
	goal  float64 // at most; 0 for none
	ours  []figure
	peers []figure
}

// figure is one number: whose it is, what that was compared with (0 for nothing), and what it is.
type figure struct {
	who         string
	bare, value float64
}

// met reports whether all figures of the library are within the goal.
func (r *row) met() bool {
	return !slices.ContainsFunc(r.ours, func(f figure) bool { return f.value > r.goal })
}

// unit is what a row counts.
type unit int

const (
	timesBare   unit = iota // the time, in times of the bare one in nanoseconds
	allocsAbove             // allocations, those above the bare ones
	allocs                  // allocations
	requests
	heapBytes
	bytesAbove // those above the bare ones, in bytes
)

func (u unit) value(v float64) string {
	switch u {
	case timesBare:
		return fmt.Sprintf("%.2f", v)
	case allocsAbove:
		return fmt.Sprintf("%+.0f", v)
	case bytesAbove:
		return fmt.Sprintf("%+.2f MB", v/1e6)
	case heapBytes:
		return fmt.Sprintf("%.0f B", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func (u unit) bare(v float64) string {
	switch u {
	case timesBare:
		d := time.Duration(v).Round(time.Duration(magnitude(v / 100))).String()
		return strings.Replace(d, "m0s", "m", 1)
	case bytesAbove:
		return fmt.Sprintf("%.2f MB", v/1e6)
	}
	return fmt.Sprintf("%.0f", v)
}

// magnitude is the greatest power of ten that is not above v.
func magnitude(v float64) (m float64) {
	for m = 1; m*10 <= v; m *= 10 {
	}
	return m
}

type language int

const (
	english language = iota
	japanese
)

var words = [2]struct {
	head, yes, no, machine string
	names                  *strings.Replacer
}{
	{
		"| | bare | shotengai | peers | goal | met |", "yes", "**no**",
		"Go %s on %s/%s, %d cores (%s). Peers: %s.", strings.NewReplacer(),
	},
	{
		"| | 標準ライブラリのみ | shotengai | ほかの SDK | 目標 | 達成 |", "はい", "**いいえ**",
		"Go %s、%s/%s、%d コア（%s）。比較対象：%s。", strings.NewReplacer("Color Me", "カラーミー", "Rakuten", "楽天", "stock", "在庫", "items", "商品", "orders", "受注"),
	},
}

// page is the part of a guide that the program writes.
func page(rows []row, in language) string {
	w := words[in]
	var b strings.Builder
	b.WriteString(w.head + "\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		goal, met := "", ""
		if r.goal > 0 {
			goal, met = "≤ "+r.unit.value(r.goal), w.no
			if r.met() {
				met = w.yes
			}
		}
		bare := func(f figure) string {
			if f.bare == 0 {
				return ""
			}
			return r.unit.bare(f.bare)
		}
		value := func(f figure) string { return r.unit.value(f.value) }
		ours := w.names.Replace(list(r.ours, value))
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.what[in], w.names.Replace(list(r.ours, bare)), ours, list(r.peers, value), goal, met)
	}
	info, _ := debug.ReadBuildInfo()
	fmt.Fprintf(&b, "\n"+w.machine+"\n", strings.TrimPrefix(runtime.Version(), "go"), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor(), peers(info))
	return b.String()
}

// list has all figures in one cell, each with the name of whose it is.
func list(figures []figure, show func(figure) string) string {
	var all []string
	for _, f := range figures {
		if text := show(f); text != "" {
			all = append(all, strings.TrimSpace(f.who+" "+text))
		}
	}
	return strings.Join(all, "<br>")
}

func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo") // of Linux
	if match := regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`).FindSubmatch(info); match != nil {
		return string(match[1])
	}
	return "unknown"
}

// peers are the versions that the program was built with.
func peers(info *debug.BuildInfo) string {
	var all []string
	for _, name := range compared {
		for _, dep := range info.Deps {
			if dir, last := path.Split(dep.Path); name == last || name == path.Base(dir) && isMajor(last) {
				all = append(all, name+" "+dep.Version)
			}
		}
	}
	return strings.Join(all, ", ")
}

func isMajor(element string) bool {
	_, err := strconv.Atoi(strings.TrimPrefix(element, "v"))
	return err == nil
}

// The lines of a guide around what the program writes.
const (
	begin = "<!-- go run -tags peers ./internal/bench -write docs -->\n"
	end   = "<!-- end -->\n"
)

// write puts text into a guide.
func write(name, text string) error {
	old, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(old), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%s has no place for the table", name)
	}
	return os.WriteFile(name, []byte(before+begin+"\n"+text+"\n"+end+after), 0o644)
}
