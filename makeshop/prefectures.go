package makeshop

import "strconv"

// Prefecture is the platform's own number of a prefecture: Tokyo is split in two, so that
// from Kanagawa on it is the JIS code plus one, and two numbers follow for places that
// are no prefecture.
type Prefecture int

// The prefectures.
const (
	PrefHokkaido      Prefecture = 1  // 北海道
	PrefAomori        Prefecture = 2  // 青森県
	PrefIwate         Prefecture = 3  // 岩手県
	PrefMiyagi        Prefecture = 4  // 宮城県
	PrefAkita         Prefecture = 5  // 秋田県
	PrefYamagata      Prefecture = 6  // 山形県
	PrefFukushima     Prefecture = 7  // 福島県
	PrefIbaraki       Prefecture = 8  // 茨城県
	PrefTochigi       Prefecture = 9  // 栃木県
	PrefGunma         Prefecture = 10 // 群馬県
	PrefSaitama       Prefecture = 11 // 埼玉県
	PrefChiba         Prefecture = 12 // 千葉県
	PrefTokyoWards    Prefecture = 13 // 東京都, the 23 wards
	PrefTokyoOutside  Prefecture = 14 // 東京都, outside the wards
	PrefKanagawa      Prefecture = 15 // 神奈川県
	PrefNiigata       Prefecture = 16 // 新潟県
	PrefToyama        Prefecture = 17 // 富山県
	PrefIshikawa      Prefecture = 18 // 石川県
	PrefFukui         Prefecture = 19 // 福井県
	PrefYamanashi     Prefecture = 20 // 山梨県
	PrefNagano        Prefecture = 21 // 長野県
	PrefGifu          Prefecture = 22 // 岐阜県
	PrefShizuoka      Prefecture = 23 // 静岡県
	PrefAichi         Prefecture = 24 // 愛知県
	PrefMie           Prefecture = 25 // 三重県
	PrefShiga         Prefecture = 26 // 滋賀県
	PrefKyoto         Prefecture = 27 // 京都府
	PrefOsaka         Prefecture = 28 // 大阪府
	PrefHyogo         Prefecture = 29 // 兵庫県
	PrefNara          Prefecture = 30 // 奈良県
	PrefWakayama      Prefecture = 31 // 和歌山県
	PrefTottori       Prefecture = 32 // 鳥取県
	PrefShimane       Prefecture = 33 // 島根県
	PrefOkayama       Prefecture = 34 // 岡山県
	PrefHiroshima     Prefecture = 35 // 広島県
	PrefYamaguchi     Prefecture = 36 // 山口県
	PrefTokushima     Prefecture = 37 // 徳島県
	PrefKagawa        Prefecture = 38 // 香川県
	PrefEhime         Prefecture = 39 // 愛媛県
	PrefKochi         Prefecture = 40 // 高知県
	PrefFukuoka       Prefecture = 41 // 福岡県
	PrefSaga          Prefecture = 42 // 佐賀県
	PrefNagasaki      Prefecture = 43 // 長崎県
	PrefKumamoto      Prefecture = 44 // 熊本県
	PrefOita          Prefecture = 45 // 大分県
	PrefMiyazaki      Prefecture = 46 // 宮崎県
	PrefKagoshima     Prefecture = 47 // 鹿児島県
	PrefOkinawa       Prefecture = 48 // 沖縄県
	PrefRemoteIslands Prefecture = 49 // 離島
	PrefOverseas      Prefecture = 50 // 海外
)

var prefectureNames = [...]string{
	"北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県",
	"埼玉県", "千葉県", "東京都", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県",
	"長野県", "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県",
	"和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県",
	"福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県", "離島", "海外",
}

// Valid reports whether p is one of the 50 numbers that the platform uses.
func (p Prefecture) Valid() bool { return p >= 1 && int(p) <= len(prefectureNames) }

// JIS returns the code of JIS X 0401, 1 to 47, and false for remote islands, overseas and
// unknown numbers. Both parts of Tokyo are 13.
func (p Prefecture) JIS() (int, bool) {
	switch {
	case !p.Valid() || p >= PrefRemoteIslands:
		return 0, false
	case p >= PrefTokyoOutside:
		return int(p) - 1, true
	}
	return int(p), true
}

// PrefectureOfJIS returns the number of a code of JIS X 0401, and false for a code that
// does not exist. Tokyo (13) is [PrefTokyoWards]: the code does not separate the
// wards from what is outside of them.
func PrefectureOfJIS(code int) (Prefecture, bool) {
	switch {
	case code < 1 || code > 47:
		return 0, false
	case code > 13:
		return Prefecture(code + 1), true
	}
	return Prefecture(code), true
}

// String is the name in Japanese, such as 東京都 for both parts of it; the number itself
// when it is unknown.
func (p Prefecture) String() string {
	if !p.Valid() {
		return strconv.Itoa(int(p))
	}
	return prefectureNames[p-1]
}
