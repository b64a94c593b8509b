package guard

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// trial is a text with one secret in it.
type trial struct {
	text, secret string
	part         int // so many characters of the secret in a row must not be left
}

// frames are sentences around a secret; %s is its place.
var frames = []string{
	"%s", "%s", "here it is: %s", "I can't log in, my wallet uses this:\n%s\nplease help me!", "%s is that ok?", "为什么导入失败？%s 谢谢",
	"No puedo entrar: %s. ¿Me ayudan?", "Hi team,\n\nyour colleague asked for it.\n\n%s\n\nThanks, Bob",
}

func framed(m maker, secret string) string { return fmt.Sprintf(m.pick(frames...), secret) }

// TestRecall measures how many generated secrets are found whole, and holds
// each way of writing them to a floor.
func TestRecall(t *testing.T) {
	t.Parallel()
	const n = 60
	tests := []struct {
		name  string
		kind  Kind
		floor float64
		make  func(m maker) trial
	}{
		{"hex key with cue", PrivateKey, 1, func(m maker) trial {
			key := m.pick("", "0x") + m.hexKey()
			return trial{m.pick("my private key is ", "private key: ", "私钥：", "私钥是", "clave privada: ", "key: ", "clé privée : ", "Privater Schlüssel: ", "приватный ключ: ", "المفتاح الخاص: ", "secret key = ", "PRIVATE_KEY=") + key + m.pick("", " help", "\nthanks"), key, 6}
		}},
		{"hex key before its cue", PrivateKey, 1, func(m maker) trial {
			key := m.hexKey()
			return trial{key + m.pick(" is my private key", "\n^ my private key", " 这是我的私钥", " es mi clave privada"), key, 6}
		}},
		{"hex key in groups", PrivateKey, 1, func(m maker) trial {
			key := m.hexKey()
			return trial{"private key: " + groupsOf(key, 8, m.pick(" ", "\n", "-")) + " ok", key, 6}
		}},
		{"wallet import format", PrivateKey, 1, func(m maker) trial { k := m.wif(); return trial{framed(m, k), k, 5} }},
		{"wallet import format, hidden", PrivateKey, 1, func(m maker) trial {
			k := m.wif()
			return trial{framed(m, m.pick(wide(k), sprinkle(k))), k, 5}
		}},
		{"wallet import format, mistyped", PrivateKey, 1, func(m maker) trial {
			k := m.wif()
			k = k[:20] + "x" + k[21:]
			return trial{"my private key: " + k, k, 5}
		}},
		{"extended key", PrivateKey, 1, func(m maker) trial { k := m.extendedKey(); return trial{framed(m, k), k, 5} }},
		{"solana", PrivateKey, 1, func(m maker) trial { k := m.solana(); return trial{framed(m, k), k, 5} }},
		{"byte array", PrivateKey, 1, func(m maker) trial { k := m.byteArray(); return trial{framed(m, k), k, 12} }},
		{"stellar", PrivateKey, 1, func(m maker) trial { k := m.stellar(); return trial{framed(m, k), k, 5} }},
		{"xrp", PrivateKey, 1, func(m maker) trial { k := m.xrp(); return trial{framed(m, k), k, 5} }},
		{"pem", PrivateKey, 1, func(m maker) trial { k := m.pem(); return trial{framed(m, k), k, 20} }},
		{"pem without end", PrivateKey, 1, func(m maker) trial { k := m.pem(); k = k[:len(k)-30]; return trial{k, k, 20} }},
		{"keystore", PrivateKey, 1, func(m maker) trial { k := m.keystore(); return trial{framed(m, k), k, 20} }},
		{"card", Card, 1, func(m maker) trial {
			k := m.cardNumber()
			return trial{framed(m, m.pick(k, cardGroups(k, " "), cardGroups(k, "-"), wide(cardGroups(k, " ")), spread(k, " "), sprinkle(k))), k, 6}
		}},
		{"card with date and code", Card, 1, func(m maker) trial {
			k := m.cardNumber()
			code := m.chars(digitChars, 3)
			return trial{"card " + cardGroups(k, " ") + m.pick(" ", ", ", "\n") + m.pick("12/27 ", "exp 03/2029, ", "01-28 cvv ") + code, k + code, 6}
		}},
		{"card code", Card, 1, func(m maker) trial {
			k := m.chars(digitChars, 3)
			return trial{m.pick("cvv ", "CVV: ", "the cvc is ", "安全码 ", "code de sécurité ") + k + m.pick("", " ok"), k, 3}
		}},
		{"password", Password, 0.99, func(m maker) trial {
			k := m.password()
			return trial{m.pick("password: ", "Password:", "pwd=", "my password is ", "pass: ", "密码是", "密码：", "登录密码:", "contraseña: ", "mi contraseña es ", "mot de passe : ", "mon mot de passe est ",
				"Passwort: ", "mein Passwort ist ", "пароль: ", "мой пароль: ", "كلمة المرور: ", "PASSWORD = ", "login bob@x.example password: ") + k + m.pick("", "\nplease help", ", why?"), k, 4}
		}},
		{"password without sign", Password, 0.99, func(m maker) trial {
			k := m.pick("Hunter", "sun", "xY") + m.chars(digitChars, 4) + m.pick("", "!", "x")
			return trial{m.pick("password ", "my password ", "密码", "пароль ", "contraseña ", "mot de passe ") + k + m.pick("", " does not work", "\n"), k, 4}
		}},
		{"pass phrase", Password, 1, func(m maker) trial {
			return trial{m.pick("password: ", "my password is ", "passphrase: ") + "purple monkey dishwasher" + m.pick("", "\n", ", ok?"), "purple monkey dishwasher", 4}
		}},
		{"code", Code, 1, func(m maker) trial {
			k := m.chars(digitChars, 6)
			return trial{m.pick("my code is ", "code: ", "the code is ", "code ", "验证码", "验证码 ", "验证码是", "动态码：", "2fa code ", "OTP ", "otp: ", "verification code: ", "código de verificación: ", "el código es ", "code de vérification : ",
				"Bestätigungscode: ", "der Code lautet ", "код подтверждения: ", "код ", "رمز التحقق: ", "I got the code ", "your code: G-", "SMS code = ", "otp for login is ", "the verification code that I got is ", "收到的验证码是", "验证码收到了是") +
				m.pick(k, k[:3]+" "+k[3:], k[:3]+"-"+k[3:], wide(k)) + m.pick("", " not working", " 不对", "\n"), k, 5}
		}},
		{"pin", Code, 1, func(m maker) trial {
			k := m.chars(digitChars, 4)
			return trial{m.pick("my pin is ", "PIN: ", "pin code ") + k, k, 4}
		}},
		{"code first", Code, 1, func(m maker) trial {
			k := m.chars(digitChars, 6)
			return trial{k + m.pick(" is my code", " is the verification code", " 是我的验证码", " es mi código"), k, 5}
		}},
		{"backup codes", Code, 1, func(m maker) trial {
			k := []string{}
			for range 4 {
				k = append(k, m.chars(digitChars, 1)+m.chars(digitChars+lowerChars, 3)+m.pick("-", "")+m.chars(digitChars, 4))
			}
			return trial{m.pick("my backup codes: ", "recovery codes:\n", "恢复码：") + strings.Join(k, m.pick(" ", "\n", ", ")), strings.Join(k, " "), 6}
		}},
		{"authenticator secret", Code, 1, func(m maker) trial {
			k := m.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32)
			return trial{m.pick("2fa secret: ", "setup key ", "谷歌密钥：", "otpauth://totp/x?secret=") + m.pick(k, k), k, 6}
		}},
		{"token", Token, 1, func(m maker) trial { k := m.token(); return trial{framed(m, k), k, 8} }},
		{"token with cue", Token, 1, func(m maker) trial {
			k := m.chars(wordChars, 62) + "7x"
			return trial{m.pick("api key: ", "API_SECRET=", "my api secret is ", "access token: ") + k, k, 8}
		}},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newMaker(uint64(i))
			caught, shown := 0, 0
			for range n {
				tr := tt.make(m)
				clean, found := Clean(tr.text)
				if slices.Contains(found, tt.kind) && !left(clean, tr.secret, tr.part) {
					caught++
				} else if shown++; shown <= 3 {
					t.Logf("missed: %q → %q %v", tr.text, clean, found)
				}
			}
			report(t, caught, n, tt.floor)
		})
	}
}

func report(t *testing.T, caught, n int, floor float64) {
	t.Helper()
	share := float64(caught) / float64(n)
	t.Logf("recall %.4f of %d", share, n)
	if share < floor {
		t.Errorf("recall %.4f is below %.4f", share, floor)
	}
}
