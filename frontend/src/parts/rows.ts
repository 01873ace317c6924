/** Tables whose rows are matters: arrow keys (or j and k) go from row to row, a click anywhere in one opens it. */

function rowOf(target: EventTarget | null): HTMLTableRowElement | null {
  return target instanceof Element ? target.closest<HTMLTableRowElement>("tbody tr") : null;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
}

function linkOf(row: Element | null): HTMLAnchorElement | null {
  return row ? row.querySelector<HTMLAnchorElement>("a[href]") : null;
}

function mark(row: HTMLTableRowElement): void {
  row.parentElement?.querySelectorAll(".is-at").forEach((other) => other.classList.remove("is-at"));
  row.classList.add("is-at");
}

export function keyboardRows(table: HTMLElement): void {
  table.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    if (row) mark(row);
  });
  table.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target instanceof Element && event.target.closest("a, button, input, select, label, summary")) return;
    if (window.getSelection()?.toString()) return;
    linkOf(rowOf(event.target))?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (!table.isConnected || typing(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
    const inside = table.contains(document.activeElement);
    const down = event.key === "j" || (inside && event.key === "ArrowDown");
    const up = event.key === "k" || (inside && event.key === "ArrowUp");
    if (!down && !up) return;
    if (!inside && document.querySelector("[data-rows]") !== table) return;
    const rows = Array.from(table.querySelectorAll<HTMLTableRowElement>("tbody tr"));
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = at < 0 ? 0 : at + (down ? 1 : -1);
    const link = linkOf(rows[next] ?? null);
    if (!link) return;
    event.preventDefault();
    link.focus();
    rows[next]?.scrollIntoView({ block: "nearest" });
  });
}

/** `<button data-fill="id_place" value="12号楼">`: fills the field instead of asking the server again. */
export function fillField(button: HTMLElement): void {
  button.addEventListener("click", (event) => {
    const field = document.getElementById(button.dataset["fill"] ?? "");
    if (!(field instanceof HTMLInputElement) || !(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    field.value = button.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });
}
