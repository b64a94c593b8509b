package phrases_test

import (
	"strings"
	"testing"
	"time"

	. "firstline/bot/phrases"
	"firstline/knowledge/site"
)

func TestDuration(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	const day = 24 * time.Hour
	for _, c := range []struct {
		lang string
		d    time.Duration
		want string
	}{
		{"en", -time.Hour, "1 minute"},
		{"en", 0, "1 minute"},
		{"en", time.Second, "1 minute"},
		{"en", time.Minute, "1 minute"},
		{"en", time.Minute + 1, "2 minutes"},
		{"en", 10 * time.Minute, "10 minutes"},
		{"en", 10*time.Minute + time.Second, "15 minutes"},
		{"en", 59 * time.Minute, "1 hour"},
		{"en", 61 * time.Minute, "65 minutes"},
		{"en", 90 * time.Minute, "90 minutes"},
		{"en", 90*time.Minute + 1, "2 hours"},
		{"en", 2*time.Hour + 1, "3 hours"},
		{"en", 48 * time.Hour, "48 hours"},
		{"en", 48*time.Hour + 1, "3 days"},
		{"en", 1<<63 - 1, "106752 days"},
		{"zh", 5 * time.Minute, "5分钟"},
		{"es", 3 * day, "3 días"},
		{"fr", time.Minute, "1 minute"},
		{"fr", 2 * time.Hour, "2 heures"},
		{"de", 5 * day, "5 Tage"},
		{"ru", time.Minute, "1 минуту"},
		{"ru", 3 * time.Minute, "3 минуты"},
		{"ru", 5 * time.Minute, "5 минут"},
		{"ru", 21 * time.Hour, "21 час"},
		{"ru", 22 * time.Hour, "22 часа"},
		{"ru", 11 * day, "11 дней"},
		{"ru", 21 * day, "21 день"},
		{"ar", time.Minute, "دقيقة واحدة"},
		{"ar", 2 * time.Minute, "دقيقتين"},
		{"ar", 5 * time.Minute, "5 دقائق"},
		{"ar", 15 * time.Minute, "15 دقيقة"},
		{"ar", 11 * day, "11 يومًا"},
		{"ar", 100 * day, "100 يوم"},
	} {
		if got := b.Duration(c.lang, c.d); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.lang, c.d, got, c.want)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	three := []string{"seed_phrase", "card", "token"}
	for _, c := range []struct {
		lang  string
		kinds []string
		want  string
	}{
		{"en", []string{"card"}, "a card number"},
		{"en", []string{"seed_phrase", "private_key"}, "a seed phrase and a private key"},
		{"en", []string{"password", "code", "password", "token"}, "a password, a security code and an access token"},
		{"en", []string{"removed"}, "something secret"},
		{"en", []string{"one", "two"}, "something secret"},
		{"en", nil, "something secret"},
		{"zh", three, "助记词、银行卡号和访问令牌"},
		{"es", three, "una frase semilla, un número de tarjeta y un token de acceso"},
		{"fr", three, "une phrase de récupération, un numéro de carte et un jeton d’accès"},
		{"de", three, "eine Seed-Phrase, eine Kartennummer und ein Zugangstoken"},
		{"ru", three, "seed-фразу, номер карты и токен доступа"},
		{"ar", three, "عبارة استرداد، \u2068رقم بطاقة\u2069 ورمز وصول"},
	} {
		if got := b.Kinds(c.lang, c.kinds); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.lang, c.kinds, got, c.want)
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	for lang, want := range map[string]string{
		"en": "English", "zh": "中文", "es": "Español", "fr": "Français", "de": "Deutsch",
		"ru": "Русский", "ar": "العربية", "ja": "日本語", "pt-BR": "Português", "": "", "no language": "no language",
	} {
		if got := b.LanguageName(lang); got != want {
			t.Errorf("LanguageName(%q) = %q, want %q", lang, got, want)
		}
	}
	for lang, want := range map[string]string{
		"en": "English, 中文, Español, Français, Deutsch, Русский, العربية",
		"zh": "English、中文、Español、Français、Deutsch、Русский、العربية",
		"ar": "English، \u2068中文\u2069، \u2068Español\u2069، \u2068Français\u2069، \u2068Deutsch\u2069، \u2068Русский\u2069، \u2068العربية\u2069",
	} {
		if got := b.LanguageList(lang); got != want {
			t.Errorf("LanguageList(%q) = %q, want %q", lang, got, want)
		}
		if got := b.Values(lang)["languages"]; got != want {
			t.Errorf("Values(%q): languages are %q, want %q", lang, got, want)
		}
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	const mon, tue, wed, thu, fri, sat, sun = time.Monday, time.Tuesday, time.Wednesday,
		time.Thursday, time.Friday, time.Saturday, time.Sunday
	span := func(from, to site.Clock, days ...time.Weekday) site.Span {
		return site.Span{Days: days, From: from * 60, To: to * 60}
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	week := site.Hours{Location: berlin, Spans: []site.Span{span(9, 18, mon, tue, wed, thu, fri), span(10, 14, sat)}}
	for _, c := range []struct {
		name  string
		lang  string
		hours site.Hours
		want  string
	}{
		{"always", "en", site.Hours{Always: true}, "24 hours a day, every day"},
		{"always", "ru", site.Hours{Always: true}, "круглосуточно, без выходных"},
		{"week", "en", week, "Mon–Fri 09:00–18:00; Sat 10:00–14:00 (Europe/Berlin time)"},
		{"week", "zh", week, "周一至周五 09:00–18:00；周六 10:00–14:00（时区：Europe/Berlin）"},
		{"week", "es", week, "lun a vie 09:00–18:00; sáb 10:00–14:00 (zona horaria Europe/Berlin)"},
		{"week", "fr", week, "lun. au ven. 09:00–18:00\u00A0; sam. 10:00–14:00 (fuseau horaire Europe/Berlin)"},
		{"week", "de", week, "Mo–Fr 09:00–18:00 Uhr; Sa 10:00–14:00 Uhr (Zeitzone Europe/Berlin)"},
		{"week", "ru", week, "пн–пт 09:00–18:00; сб 10:00–14:00 (часовой пояс Europe/Berlin)"},
		{"week", "ar", week, "من الإثنين إلى الجمعة من الساعة 09:00 إلى 18:00؛ السبت من الساعة 10:00 إلى 14:00 (بتوقيت \u2068Europe/Berlin\u2069)"},
		{"two spans with the same times", "en",
			site.Hours{Location: newYork, Spans: []site.Span{span(9, 12, mon), span(13, 17, mon, tue), span(9, 12, tue)}},
			"Mon, Tue 09:00–12:00; Mon, Tue 13:00–17:00 (America/New York time)"},
		{"over Sunday", "en", site.Hours{Location: time.UTC, Spans: []site.Span{span(8, 16, sun, mon, tue, wed, thu)}},
			"Sun–Thu 08:00–16:00 (UTC time)"},
		{"days apart, in no order", "en", site.Hours{Location: time.UTC, Spans: []site.Span{span(0, 24, sat, mon, wed)}},
			"Mon, Wed, Sat 00:00–24:00 (UTC time)"},
		{"every day, over midnight", "en", site.Hours{Location: time.UTC, Spans: []site.Span{span(22, 6, sun, mon, tue, wed, thu, fri, sat)}},
			"Mon–Sun 22:00–06:00 (UTC time)"},
	} {
		t.Run(c.name+" "+c.lang, func(t *testing.T) {
			t.Parallel()
			s := shippedSite(t)
			s.Hours = c.hours
			b := load(t, content(), s)
			if got := b.Hours(c.lang); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if got := b.Values(c.lang)["hours"]; got != c.want {
				t.Errorf("Values: %q", got)
			}
			if closed := b.Text(c.lang, ClosedNow, Data{Hours: b.Hours(c.lang)}); !strings.Contains(closed, c.want) {
				t.Errorf("closed_now: %q", closed)
			}
		})
	}
}
