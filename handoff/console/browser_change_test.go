package console_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"testing"

	"firstline/handoff"
	"firstline/handoff/console/browsertest"
)

// picturesAndChanges: a picture is seen in the story, and a reply is changed while
// the story goes on.
func picturesAndChanges(t *testing.T, b *browsertest.Browser) {
	c := newCabinet(t)
	c.abilities = handoff.Abilities{Edit: true, Delete: true}
	id := c.ask(question{name: "Ada", text: "It says error 7."})
	var picture bytes.Buffer
	img := image.NewRGBA(image.Rect(0, 0, 640, 300))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	for x := range 640 {
		img.Set(x, x*300/640, color.RGBA{R: 200, A: 255})
	}
	c.must(png.Encode(&picture, img))
	c.attach(id, "error.png", picture.String(), handoff.File{State: handoff.FileKept, Type: "image/png"})
	c.attach(id, "all.zip", "", handoff.File{State: handoff.FileRefused, Reason: "type: application/zip"})
	path := c.reply(id, "ann", "It takes 3 hours")
	c.deliver(sent)

	w := c.window(b, 390, 844)
	w.signIn("ann")
	w.open(id)
	w.Eval(`document.querySelector(".picture img").scrollIntoView()`, nil)
	w.Wait(`document.querySelector(".picture img").naturalWidth === 640`)
	w.fits()
	w.TabTo(".change summary")
	w.Press("Enter")
	w.TabTo(".change textarea")
	w.Press("Control+a")
	w.Type("It takes 30 hours")
	c.more(id, handoff.Entry{Text: "Are you there?"})
	w.shows("Are you there?")
	w.Wait(`document.activeElement.matches(".change textarea") && document.activeElement.value === "It takes 30 hours"`)
	w.Screenshot("change")
	w.TabTo(".change button")
	w.Press("Enter")
	w.Wait(`document.querySelector(".entry.agent .text").textContent === "It takes 30 hours" && !document.querySelector(".change").open`)
	c.deliver(sent)
	w.shows("Changed for the asker too")
	w.fits()

	// It went while the form was open: the text stays, and the page says why.
	w.Eval(`document.querySelector(".change").open = true`, nil)
	w.Eval(`document.querySelector(".change textarea").value = "my card is `+cardNumber+`"`, nil)
	w.Eval(`document.querySelector(".change button").click()`, nil)
	w.Wait(`document.querySelector("#flash").textContent.includes("looks like it holds a secret")`)
	w.Wait(fmt.Sprintf(`document.querySelector(".change textarea").value.includes(%q)`, cardNumber))
	c.as("ann").post(path+"delete", nil).expect(t, http.StatusSeeOther)
	c.deliver(sent)
	w.shows("Deleted for the asker")
	w.Wait(`!document.querySelector(".change")`)
	w.Screenshot("changed")
}
