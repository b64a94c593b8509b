package lang_test

import (
	"slices"
	"strings"
	"testing"

	"firstline/knowledge/lang"
)

func TestWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		language, text string
		want           []string
	}{
		{"en", "I can't log in, what's wrong?", []string{"i", "cant", "log", "in", "what", "wrong"}},
		{"en", "the users' keys; 'quoted' words", []string{"the", "users", "keys", "quoted", "words"}},
		{"fr", "Je n'arrive pas à l'app, aujourd'hui qu'il", []string{"je", "arrive", "pas", "a", "app", "aujourdhui", "il"}},
		{"en", "l'app", []string{"lapp"}},
		{"zh", "我的USDT没到账2小时", []string{"我", "的", "usdt", "没", "到", "账", "2", "小", "时"}},
		{"ja", "スマホを2fa", []string{"ス", "マ", "ホ", "を", "2fa"}},
		{"ko", "비밀번호 분실", []string{"비밀번호", "분실"}},
		{"hi", "पासवर्ड भूल", []string{"पासवर्ड", "भूल"}},
		{"de", "2FA-Code/Schlüssel", []string{"2fa", "code", "schlussel"}},
		{"ar", "كَلِمة السّر", []string{"كلمه", "السر"}},
		{"en", strings.Repeat("a", 64) + " " + strings.Repeat("b", 65), []string{strings.Repeat("a", 64)}},
		{"en", "' '' …", nil},
		{"en", "", nil},
	}
	for _, tt := range tests {
		if got := lang.Words(tt.language, lang.Normalize(tt.language, tt.text)); !slices.Equal(got, tt.want) {
			t.Errorf("Words(%q, %.40q) = %q, want %q", tt.language, tt.text, got, tt.want)
		}
	}
	if got := lang.Words("en", "a\xffb\xe4"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("Words of bytes that aren't UTF-8: %q", got)
	}
}

func TestIsCharacter(t *testing.T) {
	t.Parallel()
	for w, want := range map[string]bool{"币": true, "の": true, "パ": true, "々": true, "가": false, "a": false, "": false, "\xff": false, "2": false} {
		if got := lang.IsCharacter(w); got != want {
			t.Errorf("IsCharacter(%q) = %v", w, got)
		}
	}
}
