package lang

import (
	_ "embed"
	"strings"
	"sync"
)

// vocabulary holds words a line, after the language, or the languages with
// commas between, that have them: what people write alone in a wallet's chat,
// and for the rarer languages their function words.
// An apostrophe at an end stands for what is joined there (l', 're).
//
//go:embed vocabulary.txt
var vocabulary string

// neutralWords say nothing about the language of a message.
const neutralWords = `bitcoin bitcoins btc eth ethereum ether usdt usdc tether tron trx bnb sol solana xrp ltc litecoin doge
	dogecoin ada dai ton matic polygon avax shib binance metamask coinbase ledger trezor kraken bybit okx huobi kucoin
	tpwallet trustwallet telegram discord whatsapp google apple android iphone ipad samsung huawei xiaomi ios windows mac
	macbook linux chrome safari firefox gmail yahoo outlook facebook instagram twitter youtube tiktok paypal visa mastercard
	revolut wise skrill swift iban sepa kyc aml otp pin sms qr app apps bot token tokens email emails e-mail mail blockchain
	crypto web online offline internet ok okay admin info bonus nft nfts defi dex cex staking spam vip txid tx hash memo tag
	wallet wallets login gas usd eur gbp cny satoshi satoshis segwit taproot faq api url html pdf csv id uid vpn wifi usb erc bep trc
	testnet mainnet xpub hd ios beta demo pro plus video radio hotel taxi mb gb lol haha hahaha xd emoji link pc sd`

// loanWords are English words that people write in sentences of any language,
// as their app or an error message shows them. Alone they make a guess.
const loanWords = `password account accounts deposit deposits withdraw withdrawal withdrawals pending support update
	fee fees scam scammer hacker error code hello hi hey bye thanks sorry please cash exchange swap transfer backup
	reset status failed success balance seed phrase private key keys ticket chat team server download upload screen screenshot
	live limit start stop market trading trade airdrop bridge hardware software firmware store cancel verify
	confirm network recovery user username bug feedback community mining node browser tablet laptop smartphone
	security service business report help shop chip`

// words turns the lists round: each word in lower case, as written and without
// its accents, with the languages that it speaks for.
var words = sync.OnceValue(learnWords)

func learnWords() map[string]set {
	m := make(map[string]set, 8000)
	add := func(l string, ws []string) {
		bit := setOf(l)
		for _, w := range ws {
			m[w] |= bit
			if p := plain(w); p != w {
				m[p] |= bit
			}
			if l == "de" {
				if s := umlauts.Replace(w); s != w {
					m[s] |= bit
				}
			}
		}
	}
	for l, ws := range functionWords {
		add(l, ws)
	}
	for w := range m {
		m[w] |= function
	}
	for line := range strings.Lines(vocabulary) {
		if ws := strings.Fields(line); len(ws) > 0 {
			for l := range strings.SplitSeq(ws[0], ",") {
				add(l, ws[1:])
			}
		}
	}
	for _, w := range strings.Fields(loanWords) {
		m[w] = m[w]&^setOf("en", "fr", "de") | setOf("en") | loan
	}
	for _, w := range strings.Fields(neutralWords) {
		m[w] = neutral
	}
	return m
}

// umlauts writes German words as people do who have no umlauts.
var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// weight is what a listed word is worth for the languages that have it. Short
// ones turn up in any language, as names and typing errors.
func weight(s set, runes int) float32 {
	switch runes {
	case 1:
		return 0.5
	case 2:
		return 1.3
	case 3:
		return 1.9
	}
	if s&function != 0 {
		return 2.8 // a list of nouns can't hold all that other languages have too
	}
	return 2.3
}
