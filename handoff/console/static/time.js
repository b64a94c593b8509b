// Times: what the server wrote in UTC becomes local, and waits keep growing.
export const texts = JSON.parse(document.body.dataset.texts);

let skew = 0; // the server's clock minus ours, in milliseconds

// setNow learns the server's clock from a page that was just fetched.
export function setNow(doc) {
  const now = Date.parse(doc.body.dataset.now);
  if (now) skew = now - Date.now();
}

const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const today = new Intl.DateTimeFormat('en-GB', time);
const thisYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...time });
const anyYear = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });

// showTimes writes the times within root.
export function showTimes(root) {
  const now = new Date(Date.now() + skew);
  for (const el of root.querySelectorAll('time[data-clock], time[data-since]')) {
    const at = new Date(el.dateTime);
    let text;
    if ('since' in el.dataset) text = ago(now - at);
    else if (at.toDateString() === now.toDateString()) text = today.format(at);
    else text = (at.getFullYear() === now.getFullYear() ? thisYear : anyYear).format(at);
    if (el.textContent !== text) el.textContent = text;
    el.title = whole.format(at);
  }
}

function ago(ms) {
  const m = Math.floor(ms / 60000);
  if (m < 1) return texts['time.now'];
  if (m < 60) return fill('time.minutes', m);
  if (m < 1440) return fill('time.hours', Math.floor(m / 60), m % 60);
  return fill('time.days', Math.floor(m / 1440), Math.floor(m / 60) % 24);
}

function fill(key, ...numbers) {
  return texts[key].replace(/%d/g, () => numbers.shift());
}
