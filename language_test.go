package shotengai_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go"
)

func TestLanguagePicks(t *testing.T) {
	t.Parallel()
	for language, want := range map[shotengai.Language]string{
		shotengai.Japanese: "ja", "JA": "ja", "ja-JP": "ja", "ja_JP.UTF-8": "ja", "ja.eucJP": "ja", "ja@x": "ja",
		shotengai.English: "en", "en-US": "en", "": "en", "C.UTF-8": "en", "jam": "en", "fr": "en",
	} {
		assert.Equal(t, want, language.Pick("ja", "en"), language)
	}
}

func ExampleLanguage_Pick() {
	fmt.Println(shotengai.Language("ja-JP").Pick("受注", "orders"))
	// Output: 受注
}
