/**
 * The style sheet and the script of the page of a class.
 *
 * @module
 */

/** Its style. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d);
  --soft: light-dark(#57606a, #9198a1); --ok: light-dark(#116329, #3fb950);
  --bad: light-dark(#a40e26, #ff7b72); --back: light-dark(#f6f8fa, #151b23);
  --page: light-dark(#ffffff, #0d1117); --bar: light-dark(#0969da, #4493f8); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  background: var(--page); color: light-dark(#1f2328, #f0f6fc); }
a { color: var(--bar); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: right;
  white-space: nowrap; }
tbody th { font-weight: 400; }
#overview { width: 100%; }
#overview th:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere;
  min-width: 8rem; }
th button { all: unset; cursor: pointer; font-weight: 600; }
button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
th[aria-sort=ascending] button::after { content: " ▲" / ""; }
th[aria-sort=descending] button::after { content: " ▼" / ""; }
.ok { color: var(--ok); } .bad { color: var(--bad); } .soft { color: var(--soft); }
.charts { display: flex; flex-wrap: wrap; align-items: start; gap: 1rem 3rem; }
.charts th { text-align: left; }
@media (max-width: 40rem) { .charts th, .charts td { padding: .3rem .3rem; white-space: normal; }
  .charts tbody th { overflow-wrap: anywhere; } }
.charts svg { display: block; width: min(10rem, 18vw); height: .8rem; background: var(--back); }
.charts rect { fill: var(--bar); }
.tools { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; margin: 1rem 0; }
input, select, .tools button { font: inherit; padding: .3rem .5rem; max-width: 100%; }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; overflow-wrap: anywhere; }
summary { cursor: pointer; }
h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
h3 span { font-weight: 400; }
pre { background: var(--back); padding: .6rem; white-space: pre-wrap; overflow-wrap: anywhere;
  margin: .3rem 0 .8rem; }
.scroll { overflow-x: auto; }
@media print {
  :root { color-scheme: light; }
  .tools { display: none; }
  .scroll { overflow: visible; }
  th, td { padding: .1rem .25rem; font-size: .7rem; }
  h3, tr { break-inside: avoid; }
}
`;

/** The page's script: it sorts, searches, opens what a link leads to, opens all for print. */
export const SCRIPT = `
const overview = document.querySelector("#overview");
const body = overview.tBodies[0];
const heads = [...overview.tHead.rows[0].cells];
const collator = new Intl.Collator("en", { numeric: true });
const valueOf = (row, column) => row.cells[column].dataset.value;
heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
  const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  heads.forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
  const byName = (a, b) => collator.compare(valueOf(a, 0), valueOf(b, 0));
  const compare = (a, b) => column === 0
    ? sign * byName(a, b)
    : sign * (valueOf(a, column) - valueOf(b, column)) || byName(a, b);
  body.append(...[...body.rows].sort(compare));
}));
const search = document.querySelector("#search");
const filter = document.querySelector("#filter");
const shown = document.querySelector("#shown");
const each = [...document.querySelectorAll("[data-name]")];
function choose() {
  const sought = search.value.trim().toLowerCase();
  for (const element of each) {
    const { name, kinds } = element.dataset;
    element.hidden = !name.toLowerCase().includes(sought) ||
      filter.value !== "" && !kinds.split(" ").includes(filter.value);
  }
  const count = [...body.rows].filter((row) => !row.hidden).length;
  shown.textContent = count + " of " + body.rows.length + " shown";
}
search.addEventListener("input", choose);
filter.addEventListener("change", choose);
choose();
const details = [...document.querySelectorAll("details")];
function openLinked() {
  const target = location.hash === "" ? null : document.getElementById(location.hash.slice(1));
  if (target?.tagName !== "DETAILS") return;
  target.open = true;
  target.scrollIntoView();
  target.querySelector("summary").focus();
}
addEventListener("hashchange", openLinked);
body.addEventListener("click", ({ target }) => {
  if (target.hash === location.hash && target.hash) openLinked();
});
openLinked();
document.querySelector("#all").addEventListener("click", () => {
  const open = details.some((each) => !each.hidden && !each.open);
  for (const each of details) if (!each.hidden) each.open = open;
});
let closed = [];
addEventListener("beforeprint", () => {
  closed = details.filter((each) => !each.open);
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => closed.forEach((each) => each.open = false));
`;
