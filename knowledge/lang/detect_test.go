package lang_test

import (
	"strings"
	"testing"
	"time"

	"firstline/knowledge/lang"
)

// TestDetectMixed holds what is hard about messages in a chat: several
// languages in one, and what is no language.
func TestDetectMixed(t *testing.T) {
	t.Parallel()
	const sure, guess = true, false
	tests := []struct {
		text, want string
		sure       bool
	}{
		// Words and names of one language in a sentence of another.
		{"我的 USDT 提现 pending 了怎么办", "zh", sure},
		{"app 里 withdraw 按钮 disabled 是什么意思", "zh", sure},
		{"提示 Your withdrawal request has been rejected because of risk control 怎么办", "zh", guess},
		{"перевёл USDT с Binance на Trust Wallet", "ru", sure},
		{"ошибка Invalid address", "ru", guess},
		{"كيف أسحب USDT إلى Binance", "ar", sure},
		{"سحب", "ar", sure},
		{"mein Withdrawal ist pending, was tun mit dem Deposit", "de", sure},
		{"mi deposit sigue pending", "es", sure},
		{"mon withdrawal est toujours pending", "fr", sure},
		{"the 提现 button is grey in my app", "en", sure},
		// Without accents and without umlauts.
		{"como retiro mi dinero", "es", sure},
		{"no recibi el codigo de verificacion", "es", sure},
		{"ou est passe mon argent", "fr", sure},
		{"je n´arrive pas a me connecter", "fr", sure},
		{"Gebuehren fuer die Ueberweisung", "de", sure},
		// One to three words.
		{"password", "en", guess},
		{"hello", "en", guess},
		{"withdrawal fee", "en", guess},
		{"Gebühren", "de", sure},
		{"comisiones", "es", sure},
		{"frais de retrait", "fr", sure},
		{"kyc", "", guess},
		{"Bitcoin wallet", "", guess},
		{"no", "", guess},
		// Capitals.
		{"WHERE IS MY MONEY", "en", sure},
		{"DÓNDE ESTÁ MI DINERO", "es", sure},
		{"WO IST MEIN GELD???", "de", sure},
		{"ГДЕ МОИ ДЕНЬГИ", "ru", sure},
		{"BTC ETH SHIB PEPE", "", guess},
		// What must not vote.
		{"https://www.example.com/where/is/my/money", "", guess},
		{"where.is.my.money@example.com", "", guess},
		{"bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh", "", guess},
		{"0x7cB57B5A97eAbe94205C07890BE4c1aD31E486A8", "", guess},
		{"4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", "", guess},
		{"100 USDT 2.5 BTC $PEPE #help @where_is_my_money /start", "", guess},
		{"`const is = the.money()`", "", guess},
		{"user_not_found err=the", "", guess},
		{"Wo ist mein Geld? https://example.com/the/where/what/is/not/there", "de", sure},
		{"提现 https://example.com/where-is-my-money", "zh", sure},
		// Quotations: of another language, and of nothing but themselves.
		{`was heisst "Your transaction was not found on the network"`, "de", guess},
		{`no entiendo qué quiere decir «Your withdrawal has been rejected»`, "es", sure},
		{"> where is my money, i sent it yesterday\nici c'est pareil", "fr", sure},
		{`"where is my money"`, "en", sure},
		// Arabic, Russian and others in Latin letters: never sure.
		{"ana 3ayez as7ab el floos", "ar", guess},
		{"gde moi dengi", "ru", guess},
		{"mera paisa kab aayega", "hi", guess},
		// Look-alikes, full width, decomposed and Mathematical letters.
		{"is this a sсаm or not", "en", sure},
		{"пpиветик, гдe деньги", "ru", sure},
		{"ｗｈｅｒｅ ｉｓ ｍｙ ｍｏｎｅｙ", "en", sure},
		{"𝐰𝐡𝐞𝐫𝐞 𝐢𝐬 𝐦𝐲 𝐦𝐨𝐧𝐞𝐲", "en", sure},
		{"cua\u0301nto tarda el depo\u0301sito", "es", sure},
		// Neighbours.
		{"Я не можу увійти", "uk", sure},
		{"Не мога да вляза", "bg", sure},
		{"چرا پولم نرسیده", "fa", sure},
		{"我的钱の钱包", "zh", sure},
		{"手数料", "ja", guess},
		{"var är mina pengar", "sv", sure},
		{"hvor er mine penge", "da", sure},
	}
	for _, tt := range tests {
		if got, isSure := lang.Detect(tt.text); got != tt.want || isSure != tt.sure {
			t.Errorf("Detect(%.60q) = %q, %v, want %q, %v", tt.text, got, isSure, tt.want, tt.sure)
		}
	}
}

// TestDetectHostile holds that no message takes long, whatever is in it.
func TestDetectHostile(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`"`, "`", "«", "'", "a.", ".a", "<", "<@", ":", "e\u0301", "\u0301", "aа", "\xff", "A ", "ﷺ", "ー", "l'", "\n>", "a3b "} {
		begin := time.Now()
		lang.Detect(strings.Repeat(s, 200_000))
		if d := time.Since(begin); d > time.Second {
			t.Errorf("%q: %v", s, d)
		}
	}
}
