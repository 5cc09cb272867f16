/** Style of the API reference. A file of its own, because nothing inline is allowed to have an effect. */
export const REFERENCE_CSS = `
:root { color-scheme: light dark; --ink: light-dark(#1c2433, #e6e9ef); --soft: light-dark(#5b6577, #9aa4b5);
  --line: light-dark(#dfe3ea, #2c3442); --paper: light-dark(#fff, #12161d); --panel: light-dark(#f6f7f9, #191f29);
  --accent: light-dark(#1d5fd0, #7db0ff); }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 20rem minmax(0, 1fr); color: var(--ink); background: var(--paper);
  font: 15px/1.55 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.25rem; background: var(--panel);
  border-right: 1px solid var(--line); font-size: 13px; }
nav h2 { font-size: 13px; margin: 1rem 0 .25rem; } nav ul { list-style: none; margin: 0; padding: 0; }
nav a { color: inherit; text-decoration: none; } nav a:hover { text-decoration: underline; }
nav li { margin: .2rem 0; overflow-wrap: anywhere; }
main { padding: 2rem 2.5rem; max-width: 62rem; min-width: 0; } a { color: var(--accent); }
article { border: 1px solid var(--line); border-radius: 8px; padding: .25rem 1.1rem 1rem; margin: 1rem 0; }
h3 { font-size: 1rem; overflow-wrap: anywhere; } .access { color: var(--soft); font-size: 13px; margin-left: .5rem; }
b[class] { font: 600 12px ui-monospace, monospace; color: var(--accent); } b.delete { color: light-dark(#b3261e, #ff8a80); }
b.post, b.put { color: light-dark(#0b6b45, #6fdba8); }
table { width: 100%; border-collapse: collapse; font-size: 13.5px; } th { text-align: left; color: var(--soft); font-weight: 600; }
td, th { border-top: 1px solid var(--line); padding: .4rem .6rem .4rem 0; vertical-align: top; overflow-wrap: anywhere; }
@media (min-width: 56rem) { td, th { min-width: 4.5rem; } td:first-child { min-width: 9rem; } }
em { color: light-dark(#9a5b00, #ffc266); font-style: normal; font-size: 12px; }
pre { background: var(--panel); padding: .75rem; border-radius: 6px; overflow: auto; max-height: 26rem; font-size: 12.5px; }
summary { cursor: pointer; margin-top: .5rem; }
@media (max-width: 56rem) { body { display: block; } nav { position: static; height: auto; } main { padding: 1rem; } }
@media print { nav { display: none; } body { display: block; } }
`;
