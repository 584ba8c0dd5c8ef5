// The columns of the case page: their edges are dragged, or moved by arrow keys, and stay where they were put. The page
// has the columns of its style sheet without this file.
(() => {
  'use strict';
  const root = document.documentElement, KEPT = 'imr-columns', STEP = 16, LEAST = 180, LEAST_DRAFT = 320;
  const wide = matchMedia('(min-width: 1340px)');
  const edges = () => Array.from(document.querySelectorAll('.edge'));
  const pane = (edge) => document.getElementById(edge.dataset.pane);
  const shown = (edge) => edge.getClientRects().length > 0;
  const layout = () => (wide.matches ? 'wide' : 'middle');
  root.classList.add('scripted');
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(KEPT)) || {}; } catch { /* widths last for this page */ }

  const name = (edge) => `--${layout()}-${edge.dataset.pane}`;
  const other = (edge) => edges().find((one) => one !== edge && shown(one));
  function most(edge) {
    const across = edge.parentElement.getBoundingClientRect().width, beside = other(edge);
    return Math.max(LEAST, across - LEAST_DRAFT - (beside ? pane(beside).getBoundingClientRect().width : 0));
  }
  function put(edge, width) {
    const held = Math.round(Math.min(Math.max(width, LEAST), most(edge)));
    root.style.setProperty(name(edge), `${held}px`);
    kept[name(edge)] = held;
    tell();
  }
  function keep() { try { localStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* see above */ } }
  function back(edge) {
    root.style.removeProperty(name(edge));
    delete kept[name(edge)];
    keep();
    tell();
  }
  function tell() {
    edges().filter(shown).forEach((edge) => {
      edge.setAttribute('aria-valuemin', LEAST);
      edge.setAttribute('aria-valuemax', Math.round(most(edge)));
      edge.setAttribute('aria-valuenow', Math.round(pane(edge).getBoundingClientRect().width));
    });
  }
  // The record grows to the right in the wide layout, every other pane to the left.
  const towards = (edge) => (layout() === 'wide' && edge.dataset.pane === 'record' ? 1 : -1);

  document.addEventListener('pointerdown', (event) => {
    const edge = event.target.closest('.edge');
    if (!edge || event.button !== 0) return;
    event.preventDefault();
    edge.focus();
    edge.setPointerCapture(event.pointerId);
    const from = event.clientX, width = pane(edge).getBoundingClientRect().width;
    const move = (moved) => put(edge, width + towards(edge) * (moved.clientX - from));
    const end = () => { edge.removeEventListener('pointermove', move); keep(); };
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', end, { once: true });
  });
  document.addEventListener('keydown', (event) => {
    const edge = event.target.closest?.('.edge');
    if (!edge || event.ctrlKey || event.metaKey || event.altKey) return;
    const width = pane(edge).getBoundingClientRect().width, by = towards(edge) * (event.shiftKey ? 4 * STEP : STEP);
    const to = { ArrowRight: width + by, ArrowLeft: width - by, Home: LEAST, End: most(edge) }[event.key];
    if (to === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopImmediatePropagation(); // Enter is the sentence's elsewhere on the page
    if (event.key === 'Enter') back(edge); else { put(edge, to); keep(); }
  }, true);
  document.addEventListener('dblclick', (event) => { const edge = event.target.closest('.edge'); if (edge) back(edge); });

  // Widths of a larger screen would leave the draft no room on a smaller one.
  function fit() {
    Object.entries(kept).forEach(([key, width]) => { if (Number.isFinite(width)) root.style.setProperty(key, `${width}px`); });
    edges().filter(shown).forEach((edge) => {
      if (pane(edge).getBoundingClientRect().width > most(edge)) root.style.setProperty(name(edge), `${most(edge)}px`);
    });
    tell();
  }
  fit();
  addEventListener('resize', fit);
  document.addEventListener('htmx:afterSettle', tell);
})();
