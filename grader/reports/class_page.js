// Sorts, searches and filters the submissions, opens what a link leads to, and opens all for print.

const overview = document.querySelector("#overview");
const body = overview.tBodies[0];
const heads = [...overview.tHead.rows[0].cells];
const details = [...document.querySelectorAll("details")];

const collator = new Intl.Collator("en", { numeric: true });
const valueOf = (row, column) => row.cells[column].dataset.value;
heads.forEach((head, column) => {
  head.querySelector("button").addEventListener("click", () => {
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
    const byName = (a, b) => collator.compare(valueOf(a, 0), valueOf(b, 0));
    const compare = (a, b) => {
      if (column === 0) return sign * byName(a, b);
      return sign * (valueOf(a, column) - valueOf(b, column)) || byName(a, b);
    };
    body.append(...[...body.rows].sort(compare));
  });
});

const search = document.querySelector("#search");
const filter = document.querySelector("#filter");
function choose() {
  const sought = search.value.trim().toLowerCase();
  for (const element of document.querySelectorAll("[data-name]")) {
    const { name, kinds } = element.dataset;
    element.hidden = !name.toLowerCase().includes(sought) ||
      filter.value !== "" && !kinds.split(" ").includes(filter.value);
  }
  const count = [...body.rows].filter((row) => !row.hidden).length;
  document.querySelector("#shown").textContent = `${count} of ${body.rows.length} shown`;
}
search.addEventListener("input", choose);
filter.addEventListener("change", choose);
choose();

function openLinked() {
  const target = location.hash === "" ? null : document.getElementById(location.hash.slice(1));
  if (target?.tagName !== "DETAILS") return;
  target.open = true;
  target.scrollIntoView();
  target.querySelector("summary").focus();
}
addEventListener("hashchange", openLinked);
body.addEventListener("click", ({ target }) => {
  if (target.hash && target.hash === location.hash) openLinked();
});
openLinked();

document.querySelector("#all").addEventListener("click", () => {
  const shown = details.filter((each) => !each.hidden);
  const open = shown.some((each) => !each.open);
  for (const each of shown) each.open = open;
});

let closed = [];
addEventListener("beforeprint", () => {
  closed = details.filter((each) => !each.open);
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => closed.forEach((each) => each.open = false));
