// Files beside the text that is being written: uploaded at once, sent with it.
import { make as makeSession, request } from './api.js';
import { button, byId, icon, make, size, texts } from './view.js';

const max = Number(document.body.dataset.maxFile);
const most = 10;
let chosen = []; // {name, id, kind, size, row, gone, done}

const reason = (e) => ({ file_size: `${texts.file_size} (≤ ${size(max)})`, file_type: texts.file_type, file_secret: texts.file_secret }[e.code] || texts.file_failed);

function remove(file) {
  file.gone = true;
  file.row.remove();
  chosen = chosen.filter((o) => o !== file);
}

async function upload(file, content, say) {
  for (let n = 0; !file.gone; n++) {
    try {
      await makeSession();
      const res = await request('POST', 'files', content, { headers: { 'Content-Type': 'application/octet-stream' } });
      Object.assign(file, await res.json(), { name: file.name });
      file.row.removeAttribute('aria-busy');
      return;
    } catch (e) {
      if (!e.temporary || n === 6) {
        remove(file);
        say(reason(e));
        return;
      }
      await new Promise((resolve) => { setTimeout(resolve, Math.max(1000 * e.retryAfter || 0, 500 * 2 ** n)); });
    }
  }
}

// add takes files of an input, a drop or the clipboard.
export function add(files, say) {
  for (const content of files) {
    if (chosen.length >= most) return;
    const file = { name: content.name, size: content.size };
    if (content.size > max) {
      say(reason({ code: 'file_size' }));
      continue;
    }
    const x = button('icon', icon('M6 6l12 12M18 6L6 18'), () => {
      remove(file);
      byId('text').focus();
    });
    x.setAttribute('aria-label', `${texts.detach}: ${content.name}`);
    file.row = make('li', '', make('span', '', content.name), x);
    file.row.setAttribute('aria-busy', 'true');
    byId('files').append(file.row);
    chosen.push(file);
    file.done = upload(file, content, say);
  }
}

// take waits for the uploads and hands them over.
export async function take() {
  const mine = chosen;
  await Promise.all(mine.map((f) => f.done));
  const ready = mine.filter((f) => f.id && !f.gone);
  for (const f of ready) remove(f);
  return ready.map(({ id, name, kind, size }) => ({ id, name, kind, size }));
}

export const any = () => chosen.length > 0;
