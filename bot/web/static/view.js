// The conversation as DOM. Nothing that anybody wrote becomes markup: texts
// become text nodes, styles become elements.
import { request } from './api.js';

export const texts = JSON.parse(document.body.dataset.texts);
const language = document.body.dataset.lang;
export const byId = (id) => document.getElementById(id);
const log = byId('log');

export function make(tag, className, ...kids) {
  const el = document.createElement(tag);
  if (className) el.className = className;
  el.append(...kids);
  return el;
}

export function button(className, label, onclick) {
  const el = make('button', className);
  el.type = 'button';
  el.append(label);
  el.onclick = onclick;
  return el;
}

export function icon(path) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const p = document.createElementNS(ns, 'path');
  p.setAttribute('d', path);
  svg.append(p);
  return svg;
}

const tags = { bold: 'strong', heading: 'strong', italic: 'em', code: 'code', pre: 'pre', link: 'a' };

function nodes(list) {
  return (list || []).map((n) => {
    if (typeof n === 'string') return n;
    const web = n.s !== 'link' || /^https?:\/\//i.test(n.u);
    const el = make(web ? tags[n.s] || 'span' : 'span', '', ...nodes(n.k));
    if (n.s === 'link' && web) {
      el.href = n.u;
      el.target = '_blank';
      el.rel = 'noopener noreferrer';
    }
    return el;
  });
}

// size words a number of bytes.
export const size = (bytes) => {
  const mega = bytes >= 1e6;
  return new Intl.NumberFormat(language, { style: 'unit', unit: mega ? 'megabyte' : 'kilobyte', maximumFractionDigits: mega ? 1 : 0 })
    .format(mega ? bytes / 1e6 : Math.max(1, bytes / 1e3));
};

const blobs = new Map();

// blob returns an address of a file. Frames and images can't prove who they
// are, so the script fetches it.
function blob(file) {
  if (!blobs.has(file.id)) {
    blobs.set(file.id, request('GET', 'files/' + file.id).then((res) => res.blob()).then((b) => URL.createObjectURL(b)));
    blobs.get(file.id).catch(() => blobs.delete(file.id));
  }
  return blobs.get(file.id);
}

function attachment(file) {
  const photo = file.kind === 'photo';
  const name = file.name || texts.download;
  const el = button(photo ? 'file photo' : 'file', '', async () => {
    try {
      const a = make('a');
      a.href = await blob(file);
      a.download = file.name || '';
      a.click();
    } catch {
      // The notice says that there is no connection.
    }
  });
  el.setAttribute('aria-label', `${texts.download}: ${name}`);
  const label = () => el.replaceChildren(icon('M12 4v11m-5-4l5 5 5-5M5 20h14'), make('span', '', `${name} (${size(file.size)})`));
  label();
  if (photo) {
    blob(file).then((src) => {
      const img = make('img');
      img.alt = name;
      img.onerror = label;
      img.onload = () => { if (atEnd(400)) toEnd(); };
      img.src = src;
      el.replaceChildren(img);
    }).catch(() => {});
  }
  return el;
}

const time = (at) => {
  const el = make('time', '', new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(new Date(at)));
  el.dateTime = at;
  el.title = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at));
  return el;
};

// message makes the element of a message, or of one that is being sent: then m
// is {id, by, body, files, at, status, retry}.
function message(m, press) {
  const el = make('div', `message ${m.by}`);
  el.id = 'm-' + m.id;
  el.dataset.n = m.n || '';
  if (!m.n) el.classList.add('pending');
  if (m.deleted) el.classList.add('deleted');
  el.append(make('span', 'vh', (m.by === 'asker' ? texts.you : texts.title) + ': '));
  if (m.deleted) el.append(make('div', 'bubble', texts.deleted));
  else if (m.body?.length) el.append(make('div', 'bubble', ...nodes(m.body)));
  if (m.files?.length) el.append(make('div', 'attachments', ...m.files.map(attachment)));
  if (m.choices?.length) {
    const group = make('div', 'choices', ...m.choices.map((c) => button('', c.label, () => press(m, c))));
    if (m.choices.every((c) => /^\d$/.test(c.label))) group.classList.add('scale');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', texts.choices);
    el.append(group);
  }
  const meta = make('div', 'meta');
  if (m.n) meta.append(time(m.at));
  if (m.edited) meta.append(make('span', '', texts.edited));
  if (m.status) meta.append(make('span', m.retry ? 'bad' : '', m.status));
  if (m.retry) meta.append(button('', texts.retry, m.retry));
  el.append(meta);
  return el;
}

// show puts a message in its place: by its number, pending ones last. Of the past
// nothing is read out, and nothing is scrolled to.
export function show(m, press, past = false) {
  const follow = atEnd(80);
  const focused = document.activeElement;
  const old = byId('m-' + m.id);
  if (old && old.dataset.n && !m.n) return old; // the server's is newer
  const el = message(m, press);
  if (old || past || m.by === 'asker') el.setAttribute('aria-live', 'off'); // nobody needs to hear it
  const had = old?.contains(focused);
  old?.remove();
  const n = m.n || Infinity;
  let before = null;
  for (const other of [...log.querySelectorAll('[id^="m-"]')].reverse()) {
    if (Number(other.dataset.n || Infinity) <= n) break;
    before = other;
  }
  log.insertBefore(el, before);
  if (had) byId('text').focus();
  if (past) return el;
  if (m.by === 'asker' && !m.n) toEnd();
  else if (follow && m.by === 'team' && !old) toEnd(el); // a long answer is read from its beginning
  else if (follow) toEnd();
  else if (!old && m.by === 'team') byId('newest').hidden = false;
  return el;
}

export const drop = (id) => byId('m-' + id)?.remove();

export const empty = () => {
  for (const el of log.querySelectorAll('[data-n]:not([data-n=""])')) el.remove();
};

// keepPlace leaves what the person sees where it is while change puts something
// before it.
export function keepPlace(change) {
  const top = log.getBoundingClientRect().top;
  const seen = [...log.querySelectorAll('[id^="m-"]')].find((el) => el.getBoundingClientRect().bottom > top);
  const at = seen?.getBoundingClientRect().top;
  log.style.overflowAnchor = 'none'; // or the browser does the same once more
  change();
  if (seen) log.scrollTop += seen.getBoundingClientRect().top - at;
  requestAnimationFrame(() => { log.style.overflowAnchor = ''; });
}

const atEnd = (slack) => log.scrollHeight - log.scrollTop - log.clientHeight < slack;

// toEnd shows the end, or as much before it as shows a message's beginning.
export function toEnd(beginning) {
  const end = log.scrollHeight - log.clientHeight;
  log.scrollTop = beginning ? Math.min(end, beginning.offsetTop - log.offsetTop - 12) : end;
  byId('newest').hidden = true;
}

log.addEventListener('scroll', () => { if (atEnd(40)) byId('newest').hidden = true; }, { passive: true });
byId('newest').onclick = () => toEnd();
