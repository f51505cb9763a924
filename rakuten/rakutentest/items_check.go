package rakutentest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

var (
	priceForm = regexp.MustCompile(`^\d{1,9}$`)
	genreForm = regexp.MustCompile(`^\d{6}$`)
)

// Lengths of an item's texts in characters.
var textLengths = []struct {
	most int
	path []string
}{
	{255, []string{"title"}},
	{174, []string{"tagline"}},
	{32, []string{"itemNumber"}},
	{10240, []string{"salesDescription"}},
	{10240, []string{"productDescription", "pc"}},
	{10240, []string{"productDescription", "sp"}},
	{20480, []string{"precautions", "description"}},
	{20480, []string{"precautions", "agreement"}},
}

var inventoryDisplays = []any{"DISPLAY_ABSOLUTE_STOCK_COUNT", "HIDDEN_STOCK", "DISPLAY_LOW_STOCK"}

// itemValues are the members of an item that have a few values only.
var itemValues = []struct {
	path   []string
	values []any
}{
	{[]string{"itemType"}, []any{"NORMAL", "PRE_ORDER", "BUYING_CLUB", "SUBSCRIPTION"}},
	{[]string{"payment", "taxRate"}, []any{"0", "0.08", "0.1"}},
	{[]string{"features", "searchVisibility"}, []any{"ALWAYS_VISIBLE", "ALWAYS_HIDDEN"}},
	{[]string{"features", "inventoryDisplay"}, inventoryDisplays},
	{[]string{"features", "review"}, []any{"SHOP_SETTING", "VISIBLE", "HIDDEN"}},
}

// skuValues are those of a SKU.
var skuValues = []struct {
	path   []string
	values []any
}{
	{[]string{"articleNumber", "exemptionReason"}, []any{1.0, 2.0, 3.0, 4.0, 5.0, 6.0}},
	{[]string{"referencePrice", "type"}, []any{1.0, 2.0, 4.0}},
	{[]string{"shipping", "singleItemShipping"}, []any{0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0}},
}

// faults collects what is wrong with a value.
type faults []apiError

func (f *faults) add(code, message, path string) { *f = append(*f, problem(code, message, path)) }

// oneOf wants a member, where it is there, to have one of the values.
func (f *faults) oneOf(v any, within string, path []string, values []any) {
	name := within + strings.Join(path, ".")
	if got := member(v, path...); got != nil && !slices.Contains(values, got) {
		f.add(codeParameter, path[len(path)-1]+" is invalid", name)
	}
}

func checkItem(number string, item object) []apiError {
	var f faults
	if len(number) > 32 {
		f.add(codeTooLong, "manageNumber is too long", "manageNumber")
	} else if !keyForm.MatchString(number) {
		f.add(codeParameter, "manageNumber is invalid", "manageNumber")
	}
	if title, _ := item["title"].(string); title == "" {
		f.add(codeParameter, "title is required", "title")
	}
	if genre, _ := item["genreId"].(string); !genreForm.MatchString(genre) {
		f.add(codeParameter, "genreId is invalid", "genreId")
	}
	for _, rule := range textLengths {
		if s, _ := member(item, rule.path...).(string); utf8.RuneCountInString(s) > rule.most {
			f.add(codeParameter, fmt.Sprintf("more than %d characters", rule.most), strings.Join(rule.path, "."))
		}
	}
	for _, rule := range itemValues {
		f.oneOf(item, "", rule.path, rule.values)
	}
	f.dates(item)
	f.lists(item)
	f.threshold(item)
	f.variants(item)
	return f
}

// threshold wants one of 1 to 20 where low stock is displayed.
func (f *faults) threshold(item any) {
	low, _ := member(item, "features", "lowStockThreshold").(float64)
	if member(item, "features", "inventoryDisplay") == "DISPLAY_LOW_STOCK" && (low < 1 || low > 20) {
		f.add(codeParameter, "lowStockThreshold must be between 1 and 20", "features.lowStockThreshold")
	}
}

// dates wants +09:00 of all times; +0900 is refused, and so are fractions of a second.
func (f *faults) dates(item object) {
	if v := item["releaseDate"]; v != nil && !spelt(v, "2006-01-02+09:00") {
		f.add(codeParameter, "the date is invalid", "releaseDate")
	}
	for _, period := range [][]string{{"purchasablePeriod"}, {"pointCampaign", "applicablePeriod"}} {
		for _, end := range []string{"start", "end"} {
			path := append(slices.Clone(period), end)
			if v := member(item, path...); v != nil && !spelt(v, "2006-01-02T15:04:05+09:00") {
				f.add(codeParameter, "the date is invalid", strings.Join(path, "."))
			}
		}
	}
}

// spelt reports whether v is a time in a layout, to the letter.
func spelt(v any, layout string) bool {
	s, _ := v.(string)
	at, err := time.Parse(layout, s)
	return err == nil && at.Format(layout) == s
}

func (f *faults) lists(item object) {
	if tags, _ := item["tags"].([]any); len(tags) > 32 {
		f.add(codeKeys, "at most 32 are allowed", "tags")
	}
	images, _ := item["images"].([]any)
	if len(images) > 20 {
		f.add(codeKeys, "at most 20 are allowed", "images")
	}
	for i, image := range images {
		f.oneOf(image, fmt.Sprintf("images[%d].", i), []string{"type"}, []any{"CABINET", "GOLD"})
	}
	options, _ := item["customizationOptions"].([]any)
	for i, option := range options {
		f.oneOf(option, fmt.Sprintf("customizationOptions[%d].", i), []string{"inputType"}, []any{"SINGLE_SELECTION", "MULTIPLE_SELECTION", "FREE_TEXT"})
	}
}

func (f *faults) variants(item object) {
	variants, _ := item["variants"].(object)
	if len(variants) == 0 || len(variants) > maxItemVariants {
		f.add(codeKeys, "variants must have 1 to 400 SKUs", "variants")
	}
	for _, id := range slices.Sorted(maps.Keys(variants)) {
		path := "variants." + id
		if len(id) > 32 {
			f.add(codeTooLong, "variantId is too long", path)
		} else if !keyForm.MatchString(id) {
			f.add(codeParameter, "variantId is invalid", path)
		}
		if price := member(variants[id], "standardPrice"); price != nil {
			if s, _ := price.(string); !priceForm.MatchString(s) {
				f.add(codeParameter, "standardPrice is invalid", path+".standardPrice")
			}
		}
		for _, rule := range skuValues {
			f.oneOf(variants[id], path+".", rule.path, rule.values)
		}
	}
}
