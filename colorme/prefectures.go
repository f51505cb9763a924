package colorme

import "strconv"

// Prefecture is the platform's number of a prefecture, pref_id. It is NOT the JIS code:
// Akita comes before Miyagi, and 48 stands for addresses overseas.
type Prefecture int

// The prefectures.
const (
	PrefHokkaido  Prefecture = 1  // 北海道
	PrefAomori    Prefecture = 2  // 青森県
	PrefIwate     Prefecture = 3  // 岩手県
	PrefAkita     Prefecture = 4  // 秋田県
	PrefMiyagi    Prefecture = 5  // 宮城県
	PrefYamagata  Prefecture = 6  // 山形県
	PrefFukushima Prefecture = 7  // 福島県
	PrefIbaraki   Prefecture = 8  // 茨城県
	PrefTochigi   Prefecture = 9  // 栃木県
	PrefGunma     Prefecture = 10 // 群馬県
	PrefSaitama   Prefecture = 11 // 埼玉県
	PrefChiba     Prefecture = 12 // 千葉県
	PrefTokyo     Prefecture = 13 // 東京都
	PrefKanagawa  Prefecture = 14 // 神奈川県
	PrefNiigata   Prefecture = 15 // 新潟県
	PrefFukui     Prefecture = 16 // 福井県
	PrefIshikawa  Prefecture = 17 // 石川県
	PrefToyama    Prefecture = 18 // 富山県
	PrefShizuoka  Prefecture = 19 // 静岡県
	PrefYamanashi Prefecture = 20 // 山梨県
	PrefNagano    Prefecture = 21 // 長野県
	PrefAichi     Prefecture = 22 // 愛知県
	PrefGifu      Prefecture = 23 // 岐阜県
	PrefMie       Prefecture = 24 // 三重県
	PrefWakayama  Prefecture = 25 // 和歌山県
	PrefShiga     Prefecture = 26 // 滋賀県
	PrefNara      Prefecture = 27 // 奈良県
	PrefKyoto     Prefecture = 28 // 京都府
	PrefOsaka     Prefecture = 29 // 大阪府
	PrefHyogo     Prefecture = 30 // 兵庫県
	PrefOkayama   Prefecture = 31 // 岡山県
	PrefHiroshima Prefecture = 32 // 広島県
	PrefTottori   Prefecture = 33 // 鳥取県
	PrefShimane   Prefecture = 34 // 島根県
	PrefYamaguchi Prefecture = 35 // 山口県
	PrefKagawa    Prefecture = 36 // 香川県
	PrefTokushima Prefecture = 37 // 徳島県
	PrefEhime     Prefecture = 38 // 愛媛県
	PrefKochi     Prefecture = 39 // 高知県
	PrefFukuoka   Prefecture = 40 // 福岡県
	PrefSaga      Prefecture = 41 // 佐賀県
	PrefNagasaki  Prefecture = 42 // 長崎県
	PrefOita      Prefecture = 43 // 大分県
	PrefKumamoto  Prefecture = 44 // 熊本県
	PrefMiyazaki  Prefecture = 45 // 宮崎県
	PrefKagoshima Prefecture = 46 // 鹿児島県
	PrefOkinawa   Prefecture = 47 // 沖縄県
	PrefOverseas  Prefecture = 48 // 海外
)

var prefectureNames = [...]string{
	"北海道", "青森県", "岩手県", "秋田県", "宮城県", "山形県", "福島県", "茨城県",
	"栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "福井県",
	"石川県", "富山県", "静岡県", "山梨県", "長野県", "愛知県", "岐阜県", "三重県",
	"和歌山県", "滋賀県", "奈良県", "京都府", "大阪府", "兵庫県", "岡山県", "広島県",
	"鳥取県", "島根県", "山口県", "香川県", "徳島県", "愛媛県", "高知県", "福岡県",
	"佐賀県", "長崎県", "大分県", "熊本県", "宮崎県", "鹿児島県", "沖縄県", "海外",
}

// Valid reports whether p is one of the 48 numbers that the platform uses.
func (p Prefecture) Valid() bool { return p >= 1 && int(p) <= len(prefectureNames) }

// String is the name in Japanese, such as 東京都; the number itself when it is unknown.
func (p Prefecture) String() string {
	if !p.Valid() {
		return strconv.Itoa(int(p))
	}
	return prefectureNames[p-1]
}
