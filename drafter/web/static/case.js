// The case page: light up what a sentence stands on, walk by keys, keep what is typed. The page works without this file.
(() => {
  'use strict';
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const one = (selector, within = document) => within.querySelector(selector);
  const numbers = (text) => (text || '').split(' ').filter(Boolean);
  const typing = (target) => target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select');
  let current = null; // the sentence that is lit, by its number

  document.documentElement.classList.add('scripted');

  // Scroll the pane an element sits in, never the page.
  function reveal(element) {
    const box = element.closest('.scroll, .critbox');
    if (!box) return;
    const frame = box.getBoundingClientRect(), place = element.getBoundingClientRect();
    if (place.top < frame.top + 34) box.scrollTop += place.top - frame.top - 40;
    else if (place.bottom > frame.bottom - 8) box.scrollTop += Math.min(place.bottom - frame.bottom + 24, place.top - frame.top - 40);
  }

  function pick(sentence, move) {
    if (!sentence) return;
    const number = sentence.dataset.n, shown = new Set();
    current = number;
    all('.sent').forEach((row) => {
      row.classList.toggle('is-on', row === sentence);
      row.classList.remove('uses');
      const link = one('.no', row);
      if (row === sentence) link?.setAttribute('aria-current', 'true'); else link?.removeAttribute('aria-current');
    });
    all('#work mark').forEach((mark) => {
      const on = numbers(mark.dataset.s).includes(number), against = numbers(mark.dataset.against).includes(number);
      mark.classList.toggle('lit', on && !against);
      mark.classList.toggle('lit-against', against);
      const why = one('.why', mark);
      if (why) why.textContent = against ? `against ${number}` : on ? `used in ${number}` : '';
      if ((on || against) && mark.getClientRects().length) {
        const pane = mark.closest('.pane')?.id;
        if (pane && !shown.has(pane)) { shown.add(pane); reveal(mark); }
      }
    });
    all('.pass').forEach((passage) => {
      const used = numbers(passage.dataset.s).includes(number);
      passage.classList.toggle('uses', used);
      if (used && !shown.has('guide')) { shown.add('guide'); reveal(passage); }
    });
    let row = null;
    all('.crit tbody tr').forEach((line) => {
      const on = numbers(line.dataset.s).includes(number);
      line.classList.toggle('is-on', on);
      if (on && !row) row = line;
    });
    if (row) reveal(row);
    if (move) { reveal(sentence); one('.no', sentence)?.focus({ preventScroll: true }); }
  }

  const sentences = () => all('.sent[data-n]');
  const lit = () => one('.sent.is-on');
  function step(by) {
    const rows = sentences(), at = rows.indexOf(lit());
    pick(rows[Math.min(rows.length - 1, Math.max(0, at + by))] || rows[0], true);
  }
  function stepFinding(by) {
    const finds = all('#draft .find:not(.done)');
    if (!finds.length) return;
    const at = finds.indexOf(document.activeElement.closest('.find'));
    const next = finds[(at + by + finds.length) % finds.length];
    const row = next.closest('.sent');
    if (row) pick(row);
    reveal(next);
    next.focus();
  }
  function stepPane(by) {
    const panes = all('.pane .scroll, .critbox, footer.bar input').filter((box) => box.getClientRects().length);
    const at = panes.findIndex((box) => box === document.activeElement || box.contains(document.activeElement));
    panes[(at + by + panes.length) % panes.length]?.focus();
  }
  function stepItem(by) {
    const links = all('.items a'), at = links.findIndex((link) => link.hasAttribute('aria-current'));
    links[at + by]?.click();
  }

  document.addEventListener('click', (event) => {
    const mark = event.target.closest('mark');
    const use = event.target.closest('.use, .no');
    if (use && one(use.hash)) { event.preventDefault(); pick(one(use.hash), true); return; }
    const place = event.target.closest('.src a, .find a[href^="#"], .crit a[href^="#"], .outline a');
    if (place && one(place.hash)) {
      event.preventDefault();
      const row = place.closest('.sent');
      if (row) pick(row);
      const target = one(place.hash);
      reveal(target);
      if (target.matches('.rec, .pass')) target.closest('.scroll').scrollTop += target.getBoundingClientRect().top - target.closest('.scroll').getBoundingClientRect().top;
      return;
    }
    if (mark && (mark.dataset.s || mark.dataset.against)) {
      const uses = [...numbers(mark.dataset.s), ...numbers(mark.dataset.against)];
      pick(one(`#s${uses[0]}`), true);
      uses.slice(1).forEach((number) => one(`#s${number}`)?.classList.add('uses'));
      return;
    }
    const row = event.target.closest('.sent[data-n]');
    if (row && !event.target.closest('a, button, textarea, summary, input')) pick(row);
    const fold = event.target.closest('[data-collapse]');
    if (fold) {
      const folded = one(`#${fold.dataset.collapse}`).classList.toggle('one');
      fold.setAttribute('aria-expanded', String(!folded));
    }
    if (event.target.closest('#keys-open')) {
      event.preventDefault();
      const sheet = one('#keysheet');
      sheet.hidden = !sheet.hidden;
      if (!sheet.hidden) one('#h-keys').focus();
    }
  });

  const keys = {
    j: () => step(1), k: () => step(-1), n: () => stepFinding(1), N: () => stepFinding(-1),
    '[': () => stepItem(-1), ']': () => stepItem(1),
    w: () => { const row = lit() || document; const with_ = one('.answer-with', row); if (with_) { with_.open = true; one('textarea', with_)?.focus(); } },
    // To the choice, never the choice itself: no single key sets an outcome.
    d: () => (one('.choice input:checked') || one('.choice input'))?.focus(),
    p: () => one('.pass.uses button[value=pin], .pass.uses button[value=unpin], .pass button[value=pin]')?.click(),
  };

  // Before the frame's own keys: this page has more than one kind of row.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'F6') { event.preventDefault(); stepPane(event.shiftKey ? -1 : 1); return; }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      (one('#approve') || one('.todo a'))?.click();
      return;
    }
    if (event.target.id === 'sentence-text') {
      if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); event.target.form.requestSubmit(); }
      if (event.key === 'Escape') { event.preventDefault(); event.stopImmediatePropagation(); leave(event.target); }
      return;
    }
    if (event.key === 'Escape') { const sheet = one('#keysheet'); if (sheet && !sheet.hidden) sheet.hidden = true; const open = event.target.closest('details[open]'); if (open) { open.open = false; one('summary', open).focus(); } return; }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.documentElement.classList.contains('keys-off')) return;
    if (event.key === 'Enter' && !event.target.closest('a, button, summary, input')) { one('[data-edit]', lit() || document)?.click(); event.preventDefault(); return; }
    if (event.key === 'Enter' && event.target.closest('.no')) { one('[data-edit]', event.target.closest('.sent'))?.click(); event.preventDefault(); return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); event.stopImmediatePropagation(); act(); }
  }, true);

  // Esc leaves a sentence and keeps its text: it is saved as it stands.
  function leave(field) {
    if (field.value === field.defaultValue) { one('.editor .btn.quiet')?.click(); return; }
    field.form.requestSubmit();
  }

  // What is typed is kept on the server every two seconds, apart from the record, so that a lost session loses nothing.
  let keeping = null;
  document.addEventListener('input', (event) => {
    if (event.target.id === 'find-record') { find(event.target.value); return; }
    if (event.target.id !== 'sentence-text') return;
    clearTimeout(keeping);
    keeping = setTimeout(() => keep(event.target.form), 2000);
  });
  async function keep(form) {
    if (!form.isConnected) return;
    const sent = await fetch(`${one('#work').dataset.here}/unsaved`, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { 'HX-Request': 'true' } }).catch(() => null);
    const saved = one('#saved');
    if (saved) saved.textContent = sent && sent.ok ? 'Kept, not yet saved' : 'Not kept. Copy your text before you leave';
  }

  // The record is searched in the page; nothing of it travels.
  function find(words) {
    all('mark.hit').forEach((hit) => hit.replaceWith(document.createTextNode(hit.textContent)));
    all('#record .page p').forEach((text) => text.normalize());
    const sought = words.trim().toLowerCase();
    if (sought.length < 2) return;
    let first = null;
    all('#record .page p').forEach((text) => {
      const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      nodes.forEach((node) => {
        const at = node.data.toLowerCase().indexOf(sought);
        if (at < 0) return;
        const found = node.splitText(at);
        found.splitText(sought.length);
        const hit = document.createElement('mark');
        hit.className = 'hit';
        hit.textContent = found.data;
        found.replaceWith(hit);
        first ||= hit;
      });
    });
    if (first) reveal(first);
  }

  // A swap renews the whole page: panes keep their place, the sentence stays lit, the field gets the caret.
  let places = {};
  document.addEventListener('htmx:beforeSwap', () => {
    places = Object.fromEntries(all('.pane').map((pane) => [pane.id, one('.scroll', pane)?.scrollTop || 0]));
  });
  document.addEventListener('htmx:afterSettle', (event) => {
    if (event.target.id === 'live' || event.target.id === 'found') return;
    all('.pane').forEach((pane) => { const box = one('.scroll', pane); if (box) box.scrollTop = places[pane.id] || 0; });
    ready(true);
  });
  function ready(swapped) {
    all('[data-collapse], .finder').forEach((part) => part.removeAttribute('hidden'));
    if (window.innerWidth < 1340) one('#crit')?.classList.add('one');
    const field = one('#sentence-text');
    const asked = location.hash.startsWith('#s') ? one(location.hash) : null;
    const row = field?.closest('.sent') || (current && one(`#s${current}`)) || asked || sentences()[0];
    if (row) pick(row);
    if (field) { reveal(field); field.focus(); field.setSelectionRange(field.value.length, field.value.length); }
    else if (swapped && current) one(`#s${current} .no`)?.focus({ preventScroll: true });
  }
  ready();
})();
