/**
 * The one script, for live updates: the page works without it. While something may still change it looks every few
 * seconds, and loads the page again when it did, but never under somebody who is typing. It goes there again: the page
 * of an answer that lost came from a POST, and to reload that would send the answer again.
 */
export const SCRIPT = `
(() => {
  const main = document.querySelector('main[data-state]');
  if (!main || main.dataset.live !== 'yes') return;
  const isTyping = () => [...document.querySelectorAll('textarea, input')].some((one) =>
    one.value !== one.defaultValue || one.checked !== one.defaultChecked);
  const look = async () => {
    try {
      const response = await fetch(location.href, { headers: { accept: 'application/json', 'x-in-sight': document.hidden ? 'no' : 'yes' }, cache: 'no-store' });
      const { ask } = await response.json();
      const state = ask.state + ' ' + ask.result + ' ' + ask.hook_end;
      if (state !== main.dataset.state && (ask.state !== 'pending' || !isTyping())) return location.replace(location.pathname);
    } catch {}
    setTimeout(look, document.hidden ? 15000 : 2500);
  };
  look();
})();
`
