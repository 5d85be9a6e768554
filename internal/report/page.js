// Everything can be read without this script. It enlarges and compares pictures, sorts and
// filters tables, and shows the field that a number was read from.
"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// A click on a picture enlarges it; a slider compares it with another of its block.
const dialog = make("dialog", {ariaLabel: "Picture"});
document.body.append(dialog);
function enlarge(img) {
  const others = all("figure img", img.closest(".block") ?? document.body).filter(other => other !== img && !other.closest("a"));
  const above = make("div", {className: "compare"}, make("img", {src: img.src, alt: img.alt}));
  above.style.setProperty("--ratio", img.width / img.height);
  const choice = make("select", {ariaLabel: "Compare with"}, make("option", {textContent: "compare with …"}),
    ...others.map(other => make("option", {textContent: labelOf(other)})));
  const slider = make("input", {type: "range", min: 0, max: 100, value: 50, ariaLabel: "Boundary of the two pictures", hidden: true});
  const raw = make("button", {type: "button", textContent: "pixels"});
  const move = () => above.style.setProperty("--at", slider.value + "%");
  slider.oninput = move;
  choice.onchange = () => {
    const other = others[choice.selectedIndex - 1];
    slider.hidden = !other;
    above.querySelector("img + img")?.remove();
    if (other) above.append(make("img", {src: other.src, alt: other.alt}));
    move();
  };
  raw.onclick = () => raw.ariaPressed = dialog.classList.toggle("raw");
  dialog.className = img.closest(".crops") ? "raw" : "";
  raw.ariaPressed = dialog.className === "raw";
  dialog.replaceChildren(above, make("form", {method: "dialog"}, make("span", {textContent: labelOf(img)}),
    ...(others.length ? [choice, slider] : []), raw, make("button", {type: "button", textContent: "close", onclick: () => dialog.close()})));
  dialog.showModal();
}
const labelOf = img => img.closest("figure").querySelector("figcaption").textContent;
dialog.onclick = event => event.target === dialog && dialog.close();
for (const img of all(".block figure img")) {
  img.tabIndex = 0;
  img.role = "button";
  img.onclick = () => enlarge(img);
  img.onkeydown = event => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    enlarge(img);
  };
}

// A click on the head of a column sorts by it, words choose among all runs. Rows are texts
// until they are shown, of many those that are asked for.
const several = 100;
const decoder = make("textarea");
const decoded = text => {
  if (!text.includes("&")) return text;
  decoder.innerHTML = text;
  return decoder.value;
};
const cellsOf = row => row.split(/<t[hd][^>]*>/).slice(1).map(cell => decoded(cell.replace(/<[^>]*>/g, "")).trim());
const valueOf = text => {
  const number = text.replaceAll("\u202f", "").replace("%", "");
  return number === "" || isNaN(number) ? text : Number(number);
};
const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : typeof a === typeof b ? a.localeCompare(b, "en", {numeric: true}) : typeof a === "number" ? -1 : 1;
function makeTable(table) {
  const scroll = table.closest(".scroll"), later = scroll.nextElementSibling, isLong = table.closest("#runs");
  const heads = all("thead th", table), words = make("input", {type: "search"}), said = make("output"), more = make("button", {type: "button", textContent: "more", hidden: true});
  let rows, shown = isLong ? several : Infinity;
  // read splits the rows when they are first needed.
  const read = () => rows ??= [...table.tBodies[0].rows].map(row => row.outerHTML)
    .concat(later?.matches("noscript") ? later.textContent.split(/\n(?=<tr)/).slice(1) : [])
    .map(html => ({html, cells: cellsOf(html)}));
  const show = () => {
    const wanted = words.value.toLowerCase().split(/\s+/);
    const chosen = read().filter(row => wanted.every(word => row.cells[0].toLowerCase().includes(word)));
    table.tBodies[0].innerHTML = chosen.slice(0, shown).map(row => row.html).join("");
    tell(chosen.length);
  };
  const tell = count => {
    said.textContent = `${Math.min(shown, count)} of ${count}`;
    more.hidden = count <= shown;
  };
  heads.forEach((head, column) => {
    const button = make("button", {type: "button", title: "sort"}, ...head.childNodes);
    head.append(button);
    button.onclick = () => {
      const falls = head.ariaSort === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.ariaSort = falls ? "descending" : "ascending";
      const keys = new Map(read().map(row => [row, valueOf(row.cells[column])]));
      rows.sort((a, b) => falls ? compare(keys.get(b), keys.get(a)) : compare(keys.get(a), keys.get(b)));
      show();
    };
  });
  if (!isLong) return;
  words.oninput = () => { shown = several; show(); };
  more.onclick = () => { shown += several; show(); };
  tell(Number(table.dataset.rows));
  scroll.before(make("p", {className: "filter"}, make("label", {textContent: "Only runs with "}, words), said));
  scroll.after(more);
}
all("table.numbers").filter(table => !table.closest("noscript")).forEach(makeTable);

// A number leads to its field in the file.
function showField(number) {
  const pre = document.getElementById(decodeURIComponent(number.hash.slice(1)));
  if (!pre) return;
  const wanted = number.title.split(".json: ")[1].split(/, | \/ /)[0];
  const path = [], lines = pre.textContent.split("\n");
  const at = lines.findIndex(line => {
    const [, indent, key] = line.match(/^( *)"([^"]+)":/) ?? [];
    if (key === undefined) return false;
    path.length = indent.length / 2 - 1;
    path.push(key);
    return path.join(".") === wanted;
  });
  pre.closest("details").open = true;
  if (at < 0) return;
  const mark = make("mark", {textContent: lines[at]});
  pre.replaceChildren(lines.slice(0, at).map(line => line + "\n").join(""), mark, lines.slice(at + 1).map(line => "\n" + line).join(""));
  mark.scrollIntoView({block: "center"});
}
document.addEventListener("click", event => {
  const number = event.target.closest("a.number");
  if (number) setTimeout(showField, 0, number);
});

// The contents say where the reader is.
const links = new Map(all("nav a").map(link => [document.getElementById(link.hash.slice(1)), link]));
const seen = new IntersectionObserver(entries => {
  for (const {target, isIntersecting} of entries) {
    if (!isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(target).setAttribute("aria-current", "true");
  }
}, {rootMargin: "-20% 0px -75% 0px"});
for (const section of links.keys()) seen.observe(section);
