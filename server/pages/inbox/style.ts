/** What the pages for paired devices have beside the one style sheet. */
export const INBOX_STYLE = `
.head { position: sticky; top: 0; z-index: 1; display: flex; justify-content: space-between; align-items: center; gap: 1rem;
  padding: .4rem max(1rem, env(safe-area-inset-left)); background: var(--back); border-bottom: 1px solid var(--line); }
.head .count { margin: 0; } .head nav { display: flex; }
.head nav a { display: inline-flex; align-items: center; min-height: 44px; padding: 0 .6rem; color: var(--soft); text-decoration: none; font-size: .95rem; }
.head nav a[aria-current] { color: var(--text); font-weight: 650; text-decoration: underline; text-underline-offset: .3rem; }
#away { margin: .5rem 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: .9rem; margin: 0 0 1rem; }
.card .who { margin: 0; overflow-wrap: anywhere; } .card h2 { margin: .15rem 0 .4rem; font-size: 1.1rem; }
.card pre { background: var(--back); } .card form { margin: .6rem 0 0; } .card p.whole { margin: .2rem 0; }
.card p.whole a, .lines a { display: inline-block; padding: .35rem 0; color: var(--always); }
@media (prefers-color-scheme: dark) { .card p.whole a, .lines a { color: #8ab4f0; } }
.card details.always { margin: .3rem 0 0; border: 0; padding: 0; } .card details.always summary { color: var(--soft); }
.card.over { opacity: .75; } .card .taken { margin: .6rem 0 0; font-weight: 650; }
.thumb { display: flex; gap: .6rem; } .thumb button { flex: 1; margin: 0; }
button.plain { background: var(--card); color: var(--text); border: 1px solid var(--soft); font-size: 1rem; min-height: 44px; }
a.button { display: block; text-align: center; min-height: 3rem; padding: .75rem; border-radius: .8rem; background: var(--always);
  color: var(--on); font-weight: 650; text-decoration: none; }
h2.part { margin: 2rem 0 .5rem; color: var(--soft); font-size: .85rem; text-transform: uppercase; letter-spacing: .06em; }
ul.lines { list-style: none; margin: 0; padding: 0; } ul.lines li { display: flex; gap: .7rem; padding: .55rem 0; border-top: 1px solid var(--line);
  overflow-wrap: anywhere; } ul.lines li > div { min-width: 0; } ul.lines p { margin: .1rem 0 0; }
.dot { flex: none; width: .7rem; height: .7rem; margin-top: .45rem; border-radius: 50%; background: var(--soft); }
.dot.waiting { background: var(--warn); } .dot.working { background: var(--yes); } .dot.idle { background: transparent; border: 2px solid var(--soft); }
.ticks { flex: none; width: 1.6rem; color: var(--soft); font-weight: 700; } .ticks.applied { color: var(--yes); }
@media (prefers-color-scheme: dark) { .ticks.applied { color: #63c987; } }
.ticks.applied.was-no { color: var(--no); } @media (prefers-color-scheme: dark) { .ticks.applied.was-no { color: #ff9b93; } }
a:focus-visible, .card:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
@media (min-width: 60rem) { #cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(24rem, 1fr)); gap: 1rem; align-items: start; }
  body:has(#cards) main { max-width: 72rem; } .card { margin: 0; } }
@media (prefers-reduced-motion: no-preference) { .card { transition: opacity .2s; } }
`
