// The page: what the person does, what the server tells, and the widget that we
// may be framed by.
import { forget, identified, scope } from './api.js';
import { add, any, take } from './attach.js';
import * as earlier from './earlier.js';
import { known, Live } from './live.js';
import { newID, Outbox } from './outbox.js';
import { local, session as tab } from './store.js';
import { byId, drop, empty, show, texts, toEnd } from './view.js';

const text = byId('text');
const log = byId('log');
const embedded = 'embed' in document.body.dataset && window.parent !== window;
const keep = identified() ? tab : local;
const SEEN = 'firstline-chat-seen' + scope;
const DRAFT = 'firstline-chat-draft' + scope;
const title = document.title;

let connected = true;
let said = ''; // a notice that passes
let timer = 0;

function notice() {
  const words = said || (connected ? '' : texts.offline);
  if (byId('notice').textContent !== words) byId('notice').textContent = words;
}

function say(words) {
  said = words;
  clearTimeout(timer);
  timer = setTimeout(() => { said = ''; notice(); }, 8000);
  notice();
}

const tell = (message) => { if (embedded) window.parent.postMessage({ firstline: message.name, ...message }, '*'); };

// Unread messages are counted while nobody can see them.
let shown = !embedded;
let unread = 0;
let newestSeen = Number(keep.get(SEEN)) || 0;
let newest = 0;
const looking = () => shown && document.visibilityState === 'visible';

function seen() {
  if (!looking()) return;
  unread = 0;
  if (newest > newestSeen) keep.set(SEEN, String((newestSeen = newest)));
  count();
}

function count() {
  document.title = unread ? `(${unread}) ${title}` : title;
  tell({ name: 'unread', count: unread });
}

const on = {
  state(yes, problem) {
    connected = yes;
    if (problem?.code === 'too_fast') say(texts.too_fast);
    notice();
  },
  message(m) {
    if (earlier.past(m)) return;
    const old = byId('m-' + m.id);
    show(m, press);
    if (m.by === 'team') {
      typing(false);
      if (m.n > newest) newest = m.n;
      if (!old && m.n > newestSeen && !looking()) {
        unread++;
        count();
      }
    }
    seen();
  },
  ready() {
    if (log.getAttribute('aria-live') === 'off') toEnd();
    log.setAttribute('aria-live', 'polite'); // not before, or all of the past is read out
    document.body.dataset.state = 'live';
  },
  typing: () => typing(true),
  earlier: (page) => earlier.begin(page.before),
  reset() {
    empty();
    earlier.begin(0);
  },
  lost() {
    forget();
    live.version = 0;
    on.reset();
  },
  pending: (item) => pending(item, texts.sending),
  stored: (item, { n }) => { if (n) earlier.known('u' + item.id, n); },
  session: () => live.start(),
  failed(item, problem) {
    if (item.choice) {
      drop('u' + item.id);
      return;
    }
    const why = problem.code === 'too_long' ? texts.too_long : texts.refused;
    pending(item, why, () => {
      pending(item, texts.sending);
      outbox.retry(item);
    });
  },
};

function pending(item, status, retry) {
  show({ id: 'u' + item.id, by: 'asker', body: item.text ? [item.text] : item.label ? [item.label] : [], files: item.files, status, retry }, press);
}

let typingTimer = 0;
function typing(yes) {
  byId('typing').hidden = !yes;
  clearTimeout(typingTimer);
  if (yes) typingTimer = setTimeout(() => typing(false), 6000);
}

function press(m, choice) {
  show({ ...m, choices: [] }, press);
  text.focus();
  outbox.add({ id: newID(), label: choice.label, choice: { message: m.id, data: choice.data } });
}

const outbox = new Outbox(document.body.dataset.lang, on);
const live = new Live(on);

let submitting = false;
byId('form').onsubmit = async (e) => {
  e.preventDefault();
  const words = text.value.trim();
  if (submitting || !words && !any()) return;
  submitting = true;
  const files = await take();
  submitting = false;
  if (!words && !files.length) return;
  if (text.value.trim() === words) text.value = '';
  keep.set(DRAFT, text.value || null);
  outbox.add({ id: newID(), text: words, files });
  text.focus();
};

text.onkeydown = (e) => {
  if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    byId('form').requestSubmit();
  }
};
text.oninput = () => keep.set(DRAFT, text.value || null);
text.value = keep.get(DRAFT) || '';

byId('attach').onclick = () => byId('file').click();
byId('file').onchange = () => {
  add(byId('file').files, say);
  byId('file').value = '';
  text.focus();
};
text.onpaste = (e) => {
  if (e.clipboardData?.files.length) {
    e.preventDefault();
    add(e.clipboardData.files, say);
  }
};
document.ondragover = (e) => e.preventDefault();
document.ondrop = (e) => {
  e.preventDefault();
  add(e.dataTransfer?.files || [], say);
};
document.addEventListener('visibilitychange', seen);

byId('earlier').onclick = () => earlier.load(press);
log.addEventListener('scroll', () => {
  const reached = byId('earlier').matches(':focus-visible'); // by keyboard, which scrolls: it is theirs to press
  if (log.scrollTop < 200 && !reached && document.body.dataset.state === 'live') earlier.load(press);
}, { passive: true });

if (embedded) {
  const close = () => tell({ name: 'close' });
  byId('close').onclick = close;
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape' && !e.isComposing) close(); });
  window.addEventListener('message', (e) => {
    if (e.source !== window.parent || e.data?.firstline !== 'shown') return;
    shown = e.data.open === true;
    seen();
    if (shown) {
      toEnd();
      text.focus();
      tell({ name: 'focused' });
    }
  });
  tell({ name: 'ready' });
} else {
  if (byId('close')) byId('close').hidden = true;
  text.focus();
}

if (await known(on)) {
  live.start();
} else {
  on.ready(); // there is no past
}
outbox.begin();
