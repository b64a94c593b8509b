// The console's script. Pages work without it; with it they keep themselves up
// to date and forms don't leave the page.
import * as forms from './forms.js';
import * as live from './live.js';
import { setNow, showTimes } from './time.js';

const { self, agent } = document.body.dataset;
if (self && location.pathname !== self) history.replaceState(null, '', self);
setNow(document);
showTimes(document);
if (agent) {
  forms.start();
  live.start();
  live.toEnd();
}
