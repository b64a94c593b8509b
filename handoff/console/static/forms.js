// Forms of a ticket: sent without leaving the page, so that the other form's
// text stays, and their texts kept until they are stored for sure.
import { apply, flash, gone, signedOut, toEnd } from './live.js';
import { texts } from './time.js';

const byId = (id) => document.getElementById(id);
const writers = () => document.querySelectorAll('form.write');
const field = (form, name) => form.elements.namedItem(name);
const slot = (form) => `draft ${document.body.dataset.agent} ${location.pathname} ${form.id}`;
const flat = (s) => s.split(/\s+/).filter(Boolean).join(' ');
const storedUnder = (key) => [...document.querySelectorAll('[data-key]')].find((el) => el.dataset.key === key)?.querySelector('.text').textContent;

// A draft is kept with its form's key: sent again after a reload, it is still
// the same message. Drafts outlive the end of a session, not signing out.
function keep(form) {
  const text = field(form, 'text').value;
  if (text) sessionStorage.setItem(slot(form), JSON.stringify({ key: field(form, 'key').value, text }));
  else sessionStorage.removeItem(slot(form));
}

function restore(form) {
  const saved = sessionStorage.getItem(slot(form));
  if (!saved || field(form, 'text').value) return;
  const { key, text } = JSON.parse(saved);
  const stored = storedUnder(key);
  if (stored !== undefined && flat(stored) === flat(text)) {
    sessionStorage.removeItem(slot(form));
    return;
  }
  field(form, 'text').value = text;
  if (stored === undefined) field(form, 'key').value = key;
}

function error(form, text) {
  byId(`${form.id}-error`).textContent = text;
}

// settle clears a form whose key is in the story: its text is stored. If the
// text was changed meanwhile, it is another message and gets another key. doc
// is a newer rendering of the page, which has a new key.
function settle(form, doc) {
  const key = field(form, 'key');
  const text = field(form, 'text');
  const stored = storedUnder(key.value);
  const fresh = doc.getElementById(form.id);
  if (stored === undefined || !fresh) return;
  if (flat(text.value) === flat(stored)) {
    text.value = '';
    error(form, '');
  }
  key.value = field(fresh, 'key').value;
  keep(form);
}

// block disables a form that can't be sent now; what is in it stays.
function block(form) {
  const state = form.querySelector('[data-blocked]');
  if (!state) return;
  const blocked = state.dataset.blocked !== '';
  form.querySelector('button:not([type])').disabled = blocked;
  form.classList.toggle('blocked', blocked);
}

async function send(form) {
  if (form.ariaBusy === 'true') return;
  const unsent = form.dataset.unsent && byId(form.dataset.unsent);
  if (unsent?.value.trim() && !window.confirm(texts.unsent)) return;
  const report = form.matches('.write') ? (text) => error(form, text) : flash;
  form.ariaBusy = 'true';
  try {
    const res = await fetch(form.action, {
      method: 'POST', body: new URLSearchParams(new FormData(form)), signal: AbortSignal.timeout(30000),
    });
    const doc = new DOMParser().parseFromString(await res.text(), 'text/html');
    if (!res.ok || gone(res)) {
      if (gone(res)) signedOut();
      const failed = form.matches('.write') && doc.getElementById(form.id);
      if (failed) field(form, 'key').value = field(failed, 'key').value;
      apply(doc);
      report(doc.querySelector('[data-error]')?.textContent || texts.offline);
      return;
    }
    flash('');
    apply(doc); // settles the form
    if (form.matches('.write')) toEnd();
    byId(form.dataset.then)?.focus();
  } catch {
    report(texts.offline);
  } finally {
    form.ariaBusy = null;
  }
}

// start makes the forms work.
export function start() {
  document.addEventListener('submit', (e) => {
    if (e.target.matches('[data-forget]')) sessionStorage.clear();
    if (!e.target.matches('[data-async]')) return;
    e.preventDefault();
    send(e.target);
  });
  document.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || e.isComposing) return;
    const form = e.target.closest?.('form.write');
    if (!form || form.classList.contains('blocked')) return;
    e.preventDefault();
    form.requestSubmit();
  });
  document.addEventListener('input', (e) => {
    const form = e.target.closest('form.write');
    if (!form) return;
    error(form, '');
    keep(form);
  });
  document.addEventListener('click', async (e) => {
    if (e.target.id === 'below') toEnd();
    const copy = e.target.closest('[data-copy]');
    if (!copy) return;
    await navigator.clipboard.writeText(byId(copy.dataset.copy).value);
    copy.textContent = texts.copied;
  });
  document.addEventListener('applied', (e) => {
    for (const form of writers()) {
      settle(form, e.detail);
      block(form);
    }
  });
  for (const form of writers()) {
    restore(form);
    block(form);
  }
  for (const button of document.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard;
}
