package console_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/console/browsertest"
)

// TestScreenshots takes pictures of every page, for people to look at, when
// they are asked for.
func TestScreenshots(t *testing.T) {
	if os.Getenv(browsertest.EnvScreenshots) == "" {
		t.Skipf("set %s to a folder to have screenshots taken", browsertest.EnvScreenshots)
	}
	d := newDesk(t)
	main, arabic, solved := fillGallery(d)
	b := browsertest.Start(t)
	for _, look := range []struct {
		name          string
		width, height int
		scheme        string
	}{
		{"wide-light", 1280, 800, "light"}, {"wide-dark", 1280, 800, "dark"},
		{"narrow-light", 390, 844, "light"}, {"narrow-dark", 390, 844, "dark"},
	} {
		w := d.window(b, look.width, look.height)
		w.Scheme(look.scheme)
		shot := func(name string) {
			w.fits()
			w.Screenshot(name + "-" + look.name)
		}
		w.Navigate(d.server.URL + "/sign-in")
		shot("help")
		w.Navigate(d.server.URL + "/sign-in/" + d.link("lea"))
		shot("sign-in")
		w.signIn("lea")
		shot("queue")
		for _, view := range []string{"mine", "all", "solved"} {
			w.Navigate(d.server.URL + "/desk/?view=" + view)
			w.live()
			shot("queue-" + view)
		}
		w.open(main)
		shot("ticket")
		w.Eval(`window.scrollTo(0, 0)`, nil)
		shot("ticket-top")
		w.Eval(`document.querySelector("#history").open = true; document.querySelector("#note").scrollIntoView({block: "center"})`, nil)
		shot("ticket-note")
		w.open(arabic)
		w.Eval(`window.scrollTo(0, 0)`, nil)
		shot("arabic")
		w.open(4) // a very long name
		shot("long")
		w.open(solved)
		shot("solved")
		d.trouble(main, "unreachable: the bot was removed from the group")
		w.Navigate(d.server.URL + "/desk/")
		w.live()
		shot("queue-room-in-trouble")
		d.trouble(main, "")
		w.Navigate(d.server.URL + "/desk/staff")
		w.live()
		w.Eval(`document.querySelector(".sure").open = true`, nil)
		shot("staff")
		w.Eval(`document.querySelector("#agent-ann form button").click()`, nil)
		w.Wait(`document.querySelector("#link")`)
		shot("staff-link")
		w.Navigate(d.server.URL + "/desk/nowhere")
		shot("missing")
		w.Complaints() // the page that is missing
	}
}

// trouble has a staff room that can't show a ticket, and why; "": it can again.
func (d *desk) trouble(id handoff.TicketID, why string) {
	d.t.Helper()
	err := d.store.Update(d.t.Context(), func(tx handoff.Tx) error {
		return tx.SaveCard(&handoff.Card{Room: chat.ConversationID{Network: chat.Telegram, ID: "-100"}, Ticket: id, Problem: why})
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func fillGallery(d *desk) (main, arabic, solved handoff.TicketID) {
	ctx := d.t.Context()
	act := func(_ *handoff.Ticket, err error) { d.t.Helper(); d.must(err) }
	main = d.ask(question{
		name: "Marie Dubois", language: "fr", reason: handoff.ReasonUnknown, redacted: []string{"seed_phrase"},
		text: "Bonjour, mon dépôt de 250 USDT n'est toujours pas arrivé. Voici ma phrase : [removed: seed phrase]",
		answer: "Un dépôt apparaît après le nombre de confirmations que son réseau demande.\n\n" +
			"1. Ouvrez Portefeuille, puis Historique.\n2. Touchez le dépôt et copiez son identifiant.\n3. Cherchez-le dans l'explorateur du réseau.",
		attachments: []chat.Attachment{{Kind: "photo", Name: "capture.png", Size: 184_000}},
	})
	d.clock.pass(14 * time.Minute)
	d.more(main, handoff.Entry{Text: "C'est urgent, j'en ai besoin aujourd'hui !"})
	act(d.rules.Claim(ctx, main, "lea"))
	act(d.rules.Note(ctx, main, "bob", "0000000000000001", "Same network as #3: the TRON node was behind this morning. Ops say it catches up by noon."))
	act(d.rules.Reply(ctx, main, "lea", "0000000000000002", "Bonjour Marie, merci pour votre patience. Nous voyons votre dépôt : le réseau TRON a du retard ce matin, il sera crédité avant midi."))
	d.deliver(sent)
	act(d.rules.Reply(ctx, main, "lea", "0000000000000003", "Gardez votre phrase secrète pour vous : nous ne la demandons jamais."))
	d.deliver(func(del outbox.Delivery) outbox.Result {
		return outbox.Result{State: outbox.Failed, Error: "unreachable: the person blocked the bot"}
	})
	d.clock.pass(2 * time.Minute)
	d.more(main, handoff.Entry{Text: "D'accord, j'attends alors. Merci de votre réponse rapide."})
	act(d.rules.Reply(ctx, main, "lea", "0000000000000004", "Avec plaisir. Je vous écris dès que c'est fait."))

	d.clock.pass(9 * time.Minute)
	arabic = d.ask(question{
		name: "فاطمة الزهراء", language: "ar", text: "مرحبا، لا أستطيع سحب أموالي من المحفظة. تظهر رسالة خطأ 403 عند الضغط على Withdraw، ماذا أفعل؟",
		answer: "يمكنك سحب أموالك من صفحة السحب بعد تفعيل المصادقة الثنائية (2FA).",
	})
	d.clock.pass(6 * time.Minute)
	d.ask(question{
		name: "李伟", language: "zh", network: chat.Discord, shared: true, reason: handoff.ReasonUnanswered,
		text: "我的充值已经等了三个小时还没到账，交易哈希已经确认了，请问是什么问题？",
	})
	d.clock.pass(5 * time.Minute)
	d.ask(question{
		name: strings.Repeat("Very long name ", 8), reason: handoff.ReasonAlways, article: "stolen-funds",
		text: "Somebody took everything out of my wallet last night, I did not do this!! " + strings.Repeat("Please help me. ", 12),
	})
	d.clock.pass(3 * time.Minute)
	taken := d.ask(question{name: "Иван", language: "ru", text: "Не приходит код подтверждения на почту", network: chat.Web})
	act(d.rules.Claim(ctx, taken, "bob"))
	d.ask(question{name: "", text: "", attachments: []chat.Attachment{{Kind: "voice", Size: 88_000}}})
	solved = d.ask(question{name: "Tomás", language: "es", text: "¿Hay una comisión por retirar?"})
	act(d.rules.Reply(ctx, solved, "ann", "0000000000000005", "Depende de la red: 1 USDT en TRON."))
	act(d.rules.Solve(ctx, solved, "ann"))
	d.deliver(sent)
	d.must(d.rules.EnsureAgent(ctx, "max", handoff.RoleAgent))
	d.must(d.rules.DisableAgent(ctx, "", "max"))
	return main, arabic, solved
}
