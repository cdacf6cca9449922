import { createHash } from 'node:crypto';
import { html, type Markup } from './markup.ts';

/** The search box for checks. Without script it stays hidden: nothing on the page depends on it. */
export const FILTER_BOX: Markup = html`<p class="find" hidden><label>Find a check <input type="search" placeholder="id, word or verdict"></label> <span role="status"></span></p>`;

/** Shows the checks that contain every typed word, and unfolds the target of a link. It reads and changes only this page. */
export const SCRIPT = `(() => {
  const box = document.querySelector('.find');
  const unfold = () => {
    const target = document.querySelector(':target');
    for (let fold = target?.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
    target?.scrollIntoView();
  };
  addEventListener('hashchange', unfold);
  unfold();
  if (!box) return;
  const input = box.querySelector('input');
  const checks = [...document.querySelectorAll('#checks .check')].map((node) => [node, node.textContent.toLowerCase()]);
  const topics = [...document.querySelectorAll('#checks .topic')];
  box.hidden = false;
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let found = 0;
    for (const [node, text] of checks) {
      node.hidden = !words.every((word) => text.includes(word));
      if (!node.hidden) found++;
    }
    for (const topic of topics) {
      topic.hidden = !topic.querySelector('.check:not([hidden])');
      topic.open = words.length > 0 && !topic.hidden;
    }
    box.querySelector('[role=status]').textContent = words.length > 0 ? found + ' of ' + checks.length + ' checks' : '';
  });
})();`;

/** The content security policy of the page: nothing is fetched, and only {@link SCRIPT} runs, identified by its hash. */
export const POLICY = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`;
