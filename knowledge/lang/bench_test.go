package lang_test

import (
	"testing"

	"firstline/knowledge/lang"
)

// typical are messages as they come in: one for each way through the package.
var typical = map[string]string{
	"english": "hi so i got a new iphone yesterday and now the codes are gone, how do i log in??",
	"german":  "Hallo, ich habe gestern 200 USDT über TRC20 eingezahlt und es ist noch nichts angekommen",
	"chinese": "你好，我的 USDT 提现 pending 两个小时了还没到账，怎么办？",
	"russian": "Здравствуйте, вчера отправил USDT на Binance, а деньги до сих пор не пришли",
	"arabic":  "مرحبا، أرسلت USDT أمس إلى محفظتي ولم يصل المبلغ حتى الآن",
}

func BenchmarkDetect(b *testing.B) {
	for name, text := range typical {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				lang.Detect(text)
			}
		})
	}
}

func BenchmarkNormalize(b *testing.B) {
	for name, text := range typical {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				lang.Normalize("", text)
			}
		})
	}
}

func BenchmarkWords(b *testing.B) {
	text := lang.Normalize("en", typical["english"])
	b.ReportAllocs()
	for b.Loop() {
		lang.Words("en", text)
	}
}
