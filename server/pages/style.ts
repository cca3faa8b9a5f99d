/** The one style sheet. Sizes are for a thumb, colours for the dark as well. */
export const STYLE = `
:root { color-scheme: light dark; --back: #f6f6f4; --card: #fff; --text: #1c1c1a; --soft: #5c5c57; --line: #d8d8d2;
  --yes: #1d6b3a; --always: #2b5a94; --no: #a3271f; --on: #fff; --focus: #b35c00; --warn: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --back: #131412; --card: #1d1f1c; --text: #ecece7; --soft: #a8a89f;
  --line: #3a3c38; --yes: #27804a; --always: #3a74b8; --no: #c2433a; --focus: #ffb454; --warn: #ffcf8f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 17px/1.45 system-ui, sans-serif;
  -webkit-text-size-adjust: 100%; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
h1 { font-size: 1.3rem; line-height: 1.25; margin: .25rem 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; }
.soft { color: var(--soft); font-size: .9rem; }
.deed { font-size: 1.15rem; overflow-wrap: anywhere; } .particular { overflow-wrap: anywhere; }
.agent { border-left: 4px solid var(--line); padding-left: .75rem; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem; margin: .5rem 0;
  font: 15px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
  unicode-bidi: plaintext; }
.ours { font: .85em system-ui, sans-serif; background: var(--warn); color: var(--back); border-radius: .3rem; padding: 0 .25rem; }
pre.diff { padding-left: 0; } pre.diff > span { display: block; padding: 0 .8rem 0 1.9rem; text-indent: -1.1rem; }
pre.diff i { display: inline-block; width: 1.1rem; text-indent: 0; font-style: normal; font-weight: 700; }
.gone { background: color-mix(in srgb, var(--no) 18%, transparent); } .new { background: color-mix(in srgb, var(--yes) 18%, transparent); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
pre.screen { white-space: pre; overflow-x: auto; font-size: 12px; }
.plan { background: var(--card); padding: .5rem .8rem; border-radius: .6rem; overflow-wrap: anywhere; }
.plan .heading { font-weight: 650; margin-top: 1rem; } .plan .text, .plan .quote { white-space: pre-line; }
.plan .quote { border-left: 3px solid var(--line); padding-left: .6rem; } .plan .item { margin: .25rem 0 .25rem .4rem; }
.plan .item[data-depth="1"] { margin-left: 1.4rem; } .plan .item[data-depth="2"] { margin-left: 2.4rem; }
.plan .item[data-depth="3"], .plan .item[data-depth="4"] { margin-left: 3.4rem; } code { font: .93em ui-monospace, monospace; }
details { margin: .75rem 0; border: 1px solid var(--line); border-radius: .8rem; padding: 0 .9rem; }
summary { min-height: 3rem; padding: .75rem 0; cursor: pointer; font-weight: 600; }
summary:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; } details form { margin: 0 0 .5rem; }
.keys { display: grid; grid-template-columns: repeat(3, 1fr); gap: .5rem; } .keys button { margin: 0; }
textarea.code { font-family: ui-monospace, monospace; font-size: 15px; }
form { margin: 1rem 0 0; }
button { display: block; width: 100%; min-height: 3.6rem; margin: .6rem 0; border: 0; border-radius: .8rem;
  font: inherit; font-size: 1.2rem; font-weight: 650; color: var(--on); background: var(--always); touch-action: manipulation; }
button.long { font-size: 1rem; padding: .6rem .8rem; overflow-wrap: anywhere; }
button.plain { background: var(--card); color: var(--text); border: 1px solid var(--soft); font-size: 1rem; min-height: 3rem; }
.apart { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .5rem; }
button.yes { background: var(--yes); } button.no { background: var(--no); }
button.quiet { background: transparent; color: var(--no); border: 2px solid var(--no); font-size: 1.05rem; }
@media (prefers-color-scheme: dark) { button.quiet { color: #ff9b93; border-color: #ff9b93; } }
button:focus-visible, textarea:focus-visible, input:focus-visible, pre:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
label { display: block; margin: .5rem 0; }
label.choice { display: flex; gap: .75rem; align-items: flex-start; min-height: 3rem; padding: .6rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .6rem; }
label.choice input { width: 1.4rem; height: 1.4rem; flex: none; margin: .1rem 0 0; }
textarea, input:not([type=radio], [type=checkbox], [type=hidden]) { width: 100%; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft);
  border-radius: .6rem; padding: .7rem; margin-top: .3rem; }
textarea { min-height: 6rem; resize: vertical; }
fieldset { border: 0; padding: 0; margin: 1rem 0; } legend { font-weight: 650; padding: 0; }
.end { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: 1rem; margin: 1rem 0; font-size: 1.1rem; }
.others { margin-top: 2rem; padding-top: .5rem; border-top: 1px solid var(--line); } .others a { display: inline-block; padding: .7rem 1rem .7rem 0; color: inherit; }
.object { font-size: 1.5rem; font-weight: 700; line-height: 1.25; overflow-wrap: anywhere; margin: .5rem 0 1rem; }
a.button { display: block; text-align: center; min-height: 3rem; padding: .75rem; border-radius: .8rem; border: 1px solid var(--soft);
  color: var(--text); font-weight: 650; text-decoration: none; }
.notice { border-left: 4px solid var(--warn); padding: .25rem .75rem; color: var(--warn); }
`
