// The portfolio's table in a page: columns that sort, a field that searches. Without it the table
// is as it was made, the most urgent client first.

for (const portfolio of document.querySelectorAll(".fk-portfolio")) {
  const table = portfolio.querySelector("table");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows].filter((row) => row.cells.length > 1);
  const plain = (text) =>
    text.normalize("NFKC").toLocaleLowerCase().replaceAll("ё", "е").replace(/\s+/g, " ");

  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell?.dataset.value;
    if (value === undefined) return { missing: true };
    const isText = column === 0;
    return { group: cell.dataset.group ?? "", value: isText ? value : Number(value), isText };
  };

  // What is missing stays last, whichever way; sums of one currency stay together.
  const compare = (one, other, way) => {
    if (one.missing || other.missing) return Number(!!one.missing) - Number(!!other.missing);
    if (one.group !== other.group) return one.group < other.group ? -1 : 1;
    if (one.isText) return way * one.value.localeCompare(other.value, document.documentElement.lang);
    return way * (one.value - other.value);
  };

  const sort = (column) => {
    const head = heads[column];
    const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
    const keyed = rows.map((row, place) => ({ row, place, key: key(row, column) }));
    keyed.sort((a, b) => compare(a.key, b.key, way) || a.place - b.place);
    body.append(...keyed.map(({ row }) => row));
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(column));
    head.replaceChildren(button);
  });
  heads[1].setAttribute("aria-sort", "ascending");

  const tools = document.createElement("div");
  tools.className = "fk-tools";
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = portfolio.dataset.search;
  field.setAttribute("aria-label", portfolio.dataset.search);
  const found = document.createElement("p");
  found.setAttribute("role", "status");
  const texts = new Map(rows.map((row) => [row, plain(row.textContent)]));

  const search = () => {
    const wanted = plain(field.value).split(" ").filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !wanted.every((word) => texts.get(row).includes(word));
      shown += Number(!row.hidden);
    }
    found.textContent = portfolio.dataset.found
      .replace("{shown}", shown)
      .replace("{all}", rows.length);
  };

  field.addEventListener("input", search);
  tools.append(field, found);
  table.before(tools);
  search();
}
