// Keys, rows and the token of the session. Every page works without this file.
(() => {
  'use strict';
  const OFF = 'desk.keys-off';
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const typing = (target) => target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');
  const keysOff = () => { try { return localStorage.getItem(OFF) === '1'; } catch { return false; } };
  const showKeys = () => document.documentElement.classList.toggle('keys-off', keysOff());

  // A key stands on the element it presses: data-key="i". Fields are focused, everything else is clicked.
  function press(key) {
    const found = all('[data-key]').find((one) => one.dataset.key === key && one.getClientRects().length);
    if (!found) return false;
    if (typing(found)) { found.focus(); found.select?.(); } else found.click();
    return true;
  }

  // A table whose rows are walked with j and k and opened with Enter: data-rows on its body.
  function walk(step) {
    const rows = all('[data-rows] > tr').filter((row) => row.querySelector('a[href]'));
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row.classList.contains('is-on'));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
    rows.forEach((row) => row.classList.toggle('is-on', row === next));
    next.querySelector('th a[href], a[href]').focus();
    next.scrollIntoView({ block: 'nearest' });
    return true;
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target) || keysOff() && event.key !== '?') return;
    const done = event.key === 'j' ? walk(1) : event.key === 'k' ? walk(-1) : press(event.key);
    if (done) event.preventDefault();
  });

  document.addEventListener('focusin', (event) => {
    const row = event.target.closest('[data-rows] > tr');
    if (row) all('[data-rows] > tr').forEach((one) => one.classList.toggle('is-on', one === row));
  });

  document.addEventListener('change', (event) => {
    if (!event.target.matches('[data-keys-switch]')) return;
    try { localStorage.setItem(OFF, event.target.checked ? '0' : '1'); } catch { /* the setting lasts for this page */ }
    showKeys();
  });

  // A form that changes something is sent once.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === 'post' && !form.hasAttribute('hx-post')) form.dataset.sent = '1';
  });
  window.addEventListener('pageshow', () => all('form[data-sent]').forEach((form) => delete form.dataset.sent));

  // Where no process of the desk answers (502 and 504 are the proxy's), the page stays as it is, with what was typed in
  // it, and says so until one answers again.
  function away(event) {
    const status = event.detail.xhr?.status;
    if (event.type === 'htmx:responseError' && status !== 502 && status !== 504) return;
    const problem = document.getElementById('problem');
    problem.dataset.away = '1';
    const said = document.createElement('p');
    said.className = 'problem';
    said.textContent = 'The desk did not answer. What you typed is still here: send it again in a moment. No case comes in twice and no letter is signed twice.';
    problem.replaceChildren(said);
  }
  document.addEventListener('htmx:responseError', away);
  document.addEventListener('htmx:sendError', away);
  document.addEventListener('htmx:afterRequest', (event) => {
    const problem = document.getElementById('problem');
    if (event.detail.successful && problem.dataset.away) { delete problem.dataset.away; problem.textContent = ''; }
  });

  showKeys();
  all('[data-keys-switch]').forEach((box) => { box.checked = !keysOff(); box.closest('[hidden]')?.removeAttribute('hidden'); });
})();
