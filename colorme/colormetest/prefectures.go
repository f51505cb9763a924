package colormetest

// prefectures are the platform's names by pref_id - 1. The numbers are not the
// JIS codes; 48 is overseas.
var prefectures = [...]string{
	"北海道", "青森県", "岩手県", "秋田県", "宮城県", "山形県", "福島県", "茨城県",
	"栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "福井県",
	"石川県", "富山県", "静岡県", "山梨県", "長野県", "愛知県", "岐阜県", "三重県",
	"和歌山県", "滋賀県", "奈良県", "京都府", "大阪府", "兵庫県", "岡山県", "広島県",
	"鳥取県", "島根県", "山口県", "香川県", "徳島県", "愛媛県", "高知県", "福岡県",
	"佐賀県", "長崎県", "大分県", "熊本県", "宮崎県", "鹿児島県", "沖縄県", "海外",
}

// prefectureName is the name of a pref_id, or "" for an unknown one.
func prefectureName(id int64) string {
	if id < 1 || id > int64(len(prefectures)) {
		return ""
	}
	return prefectures[id-1]
}
