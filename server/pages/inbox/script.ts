/**
 * The script of the inbox: everything works without it, by form and reload. It follows what changes, replaces a card by
 * its id unless somebody types in it, and answers without leaving the page.
 */
export const INBOX_SCRIPT = `
(() => {
  const cards = document.getElementById('cards');
  const byId = (id) => document.getElementById(id);
  const isTyping = (card) => card.contains(document.activeElement) && document.activeElement.matches('textarea, input')
    || [...card.querySelectorAll('textarea, input')].some((one) => one.value !== one.defaultValue);
  const toElement = (html) => {
    const template = document.createElement('template');
    template.innerHTML = html.trim();
    return template.content.firstElementChild;
  };
  const setCount = (count) => {
    byId('count').textContent = count;
    byId('count').nextSibling.textContent = count === 1 ? ' waits' : ' wait';
    document.title = (count > 0 ? '(' + count + ') ' : '') + 'Remote Claude';
    byId('empty').hidden = count > 0;
    if (navigator.setAppBadge) (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
  };
  const place = (card) => {
    const after = [...cards.children].find((one) => one !== card && Number(one.dataset.deadline) > Number(card.dataset.deadline));
    cards.insertBefore(card, after || null);
  };
  const say = (card, words) => {
    let line = card.querySelector('.taken');
    if (!line) {
      line = document.createElement('p');
      line.className = 'taken';
      line.setAttribute('role', 'status');
      card.append(line);
    }
    line.textContent = words;
  };
  const put = ({ id, html }) => {
    const old = byId(id);
    if (html === null) {
      if (!old) return;
      if (isTyping(old)) {
        old.classList.add('over');
        for (const button of old.querySelectorAll('button')) button.disabled = true;
        return say(old, 'This is over. Your words are still here; copy them if you need them.');
      }
      return old.remove();
    }
    if (old && isTyping(old)) return;
    const card = toElement(html);
    if (old) old.replaceWith(card);
    place(card);
  };
  let waiting = null;
  const below = () => {
    if (waiting !== null) return;
    waiting = setTimeout(async () => {
      waiting = null;
      try {
        const response = await fetch('/below', { cache: 'no-store' });
        if (response.ok) byId('below').innerHTML = await response.text();
      } catch {}
    }, 1000);
  };
  const sync = async () => {
    const response = await fetch('/', { cache: 'no-store' });
    if (response.redirected || response.status === 401) return location.reload();
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const ids = new Set();
    for (const card of fresh.querySelectorAll('.card')) {
      ids.add(card.id);
      put({ id: card.id, html: card.outerHTML });
    }
    for (const card of [...cards.children]) if (!ids.has(card.id)) put({ id: card.id, html: null });
    for (const id of ['below', 'more', 'empty']) {
      byId(id).replaceWith(fresh.getElementById(id));
    }
    cards.dataset.more = fresh.getElementById('cards').dataset.more;
    setCount(Number(fresh.getElementById('count').textContent));
  };
  const follow = () => {
    const source = new EventSource('/events');
    let wasAway = false;
    source.addEventListener('card', ({ data }) => {
      const change = JSON.parse(data);
      put(change);
      setCount(change.count);
      below();
      if (Number(cards.dataset.more) > 0 && cards.children.length < 10) sync().catch(() => {});
    });
    source.addEventListener('below', below);
    source.addEventListener('gone', () => location.reload());
    source.onopen = () => {
      byId('away').hidden = true;
      if (wasAway) sync().catch(() => {});
      wasAway = false;
    };
    source.onerror = () => {
      byId('away').hidden = false;
      wasAway = true;
      if (source.readyState === EventSource.CLOSED) setTimeout(follow, 5000);
    };
  };
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    const card = form.closest('.card');
    if (!card || form.method !== 'post' || form.dataset.plain) return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form, event.submitter));
    const buttons = [...card.querySelectorAll('button')];
    const again = (words) => {
      for (const button of buttons) button.disabled = false;
      if (words) say(card, words);
    };
    for (const button of buttons) button.disabled = true;
    say(card, 'On its way …');
    try {
      const response = await fetch(form.action, { method: 'POST', body: data, headers: { accept: 'application/json' } });
      const { error } = response.ok ? {} : await response.json();
      if (response.ok) {
        for (const field of card.querySelectorAll('textarea, input')) field.value = field.defaultValue;
        if (document.activeElement && card.contains(document.activeElement)) document.activeElement.blur();
        return say(card, 'Taken.');
      }
      // The page for it asks once more, or says why not.
      if (error && error.code === 'sure-missing') {
        form.dataset.plain = 'yes';
        again();
        return form.requestSubmit(event.submitter);
      }
      again(error ? error.message : 'It was not taken.');
    } catch {
      again('Your machine did not answer. Nothing may have been taken: try again.');
    }
  });
  setCount(Number(byId('count').textContent));
  follow();
})();
`
