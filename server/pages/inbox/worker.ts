/**
 * What makes the inbox an app: its manifest, and the worker that shows pushes. The worker keeps nothing: an inbox from
 * yesterday would tell what nobody knows.
 */

/** https://www.w3.org/TR/appmanifest/. Neither `id` nor `start_url` ever changes, or the app would be another one. */
export const MANIFEST = JSON.stringify({
  id: '/',
  start_url: '/',
  scope: '/',
  name: 'Remote Claude',
  short_name: 'Remote Claude',
  display: 'standalone',
  background_color: '#131412',
  theme_color: '#131412',
  icons: [192, 512].map((edge) => ({
    src: `/icon-${edge}.png`,
    sizes: `${edge}x${edge}`,
    type: 'image/png',
    purpose: 'any maskable',
  })),
})

/** Every push shows something. A button answers without a page, and shows only what went wrong. */
export const WORKER = `
const show = (title, options) => self.registration.showNotification(title, { icon: '/icon-192.png', badge: '/icon-192.png', ...options });
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => {
  let told = {};
  try { told = event.data.json() || {}; } catch {}
  const { title, body, navigate, tag, silent, app_badge: badge } = told.notification || {};
  const buttons = Array.isArray(told.buttons) ? told.buttons : [];
  const count = Number(badge);
  event.waitUntil(Promise.all([
    show(title || 'Remote Claude', {
      body: body || 'Something waits for you.',
      ...(tag && { tag, renotify: silent !== true }),
      silent: silent === true,
      data: { url: navigate || '/', codes: Object.fromEntries(buttons.map(({ action, code }) => [action, code])), tag },
      actions: buttons.slice(0, 2).map(({ action, title }) => ({ action, title })),
    }),
    self.navigator.setAppBadge ? self.navigator.setAppBadge(count || undefined).catch(() => {}) : null,
  ]));
});
self.addEventListener('notificationclick', (event) => {
  const { data, title } = event.notification;
  event.notification.close();
  const code = event.action && data && data.codes ? data.codes[event.action] : null;
  if (code) return event.waitUntil(answer(code, title, data));
  event.waitUntil(open((data && data.url) || '/'));
});
const answer = async (code, title, { url, tag }) => {
  try {
    const response = await fetch('/b/webpush', { method: 'POST', body: code, headers: { 'content-type': 'text/plain' } });
    if (response.ok) return;
    await show(title, { body: 'Not taken: ' + (await response.text()).trim(), tag, data: { url, codes: {}, tag } });
  } catch {
    await show(title, { body: 'Not taken: your machine did not answer. Tap to try again.', tag, data: { url, codes: {}, tag } });
  }
};
const open = async (url) => {
  const own = new URL(url, self.location.origin);
  const windows = await self.clients.matchAll({ type: 'window' });
  const there = windows.find((one) => new URL(one.url).pathname === own.pathname);
  return there ? there.focus() : self.clients.openWindow(own.origin === self.location.origin ? own.pathname : '/');
};
`

/** For the settings: rings this browser, or says why it cannot be rung. */
export const RING_SCRIPT = `
(() => {
  const part = document.getElementById('ring');
  const say = (words) => { part.querySelector('p').textContent = words; };
  const button = part.querySelector('button');
  if (!window.isSecureContext) return say('Pushes to this browser need https: run tailscale serve on your machine and set responder.public_url to its address.');
  if (!('serviceWorker' in navigator) || !('PushManager' in window))
    return say('This browser takes no pushes. On an iPhone put this page on the home screen first, and open it there.');
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
  const send = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const set = (isOn) => {
    button.hidden = false;
    button.textContent = isOn ? 'Ring this browser no more' : 'Ring this browser';
    button.dataset.on = isOn ? 'yes' : '';
    say(isOn ? 'This browser rings when something waits.' : 'This browser does not ring.');
  };
  const start = async () => {
    const registration = await navigator.serviceWorker.register('/sw.js');
    const known = await registration.pushManager.getSubscription();
    if (known) await send('/push/subscribe', known);
    set(known !== null);
    button.addEventListener('click', async () => {
      button.disabled = true;
      try {
        if (button.dataset.on) {
          await (await registration.pushManager.getSubscription())?.unsubscribe();
          await send('/push/unsubscribe', {});
          set(false);
        } else {
          const key = await (await fetch('/push/key')).text();
          const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
          const answer = await send('/push/subscribe', made);
          if (!answer.ok) throw new Error('your machine did not take it');
          set(true);
        }
      } catch (error) {
        say('It did not work: ' + error.message + '. Allow notifications for this page, and try again.');
      }
      button.disabled = false;
    });
  };
  start().catch((error) => say('It did not work: ' + error.message + '.'));
})();
`
