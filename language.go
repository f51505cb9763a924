package shotengai

import "strings"

// Language is the language of a text for people: [Japanese] or [English]. Tags of regions and
// locales of an environment are languages too: ja-JP and ja_JP.UTF-8 are Japanese. Whatever is
// not Japanese is English.
type Language string

// Values of Language.
const (
	Japanese Language = "ja"
	English  Language = "en"
)

// Pick returns the text that is in the language.
func (l Language) Pick(japanese, english string) string {
	primary := string(l)
	if end := strings.IndexAny(primary, "-_.@"); end >= 0 {
		primary = primary[:end]
	}
	if strings.EqualFold(primary, string(Japanese)) {
		return japanese
	}
	return english
}
