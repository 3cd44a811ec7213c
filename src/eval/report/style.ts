/** The look of the page: system colours, so that light and dark are the reader's choice. */

export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --quiet: color-mix(in srgb, CanvasText 62%, Canvas); --tint: color-mix(in srgb, CanvasText 5%, Canvas); }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 80rem; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .5rem; padding-top: .6rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .2rem; }
p { margin: .3rem 0 .6rem; max-width: 48rem; }
.about, .notes, small, dt { color: var(--quiet); }
.about { font-size: .9rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; padding: 0; margin: .8rem 0; list-style: none; }
nav.tables { font-size: .88rem; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .15rem 1rem; font-size: .9rem; }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; max-width: max-content; }
table { border-collapse: separate; border-spacing: 0; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; text-align: right; vertical-align: top; border-bottom: 1px solid var(--line); white-space: nowrap; }
th.text, td.text { text-align: left; white-space: normal; min-width: 9rem; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { white-space: normal; min-width: 4.5rem; max-width: 9rem; vertical-align: bottom; font-weight: 600; background: var(--tint); line-height: 1.25; overflow-wrap: break-word; }
th:first-child { position: sticky; left: 0; z-index: 1; text-align: left; font-weight: 500; background: Canvas; border-right: 1px solid var(--line); white-space: normal; min-width: 7.5rem; max-width: 16rem; overflow-wrap: anywhere; }
thead th:first-child, .published th { background: var(--tint); }
.published { background: var(--tint); color: var(--quiet); }
small { display: block; font-size: .76rem; }
.flag { white-space: nowrap; }
.tag { font-size: .72rem; border: 1px solid var(--line); border-radius: 4px; padding: 0 .3em; white-space: nowrap; }
sup { line-height: 0; margin-left: .2em; }
.notes { font-size: .82rem; list-style: none; padding: 0; margin: .4rem 0; max-width: 60rem; }
.plots { display: grid; gap: 1.5rem 2rem; margin-top: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr)); }
figure { margin: 0; min-width: 0; }
figcaption { font-weight: 600; }
figure svg.plot { width: 100%; max-width: 36rem; height: auto; overflow: visible; }
figure p { font-size: .85rem; margin: .1rem 0 .4rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0 .9rem; font-size: .8rem; padding: 0; margin: .2rem 0; list-style: none; }
.legend svg { width: 1.7em; height: .8em; margin-right: .35em; }
@media (max-width: 40rem) {
  body { padding: .75rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .35rem; }
  th, td { padding: .3rem .5rem; }
  th:first-child { max-width: 8.5rem; }
}
@media print { .wide { overflow: visible; border: 0; } th:first-child { position: static; } }
`;
