/** The desk's navigation on a phone: one row that shows the page one is on; the button lays all groups open. */
export function foldSide(side: HTMLElement): void {
  const toggle = side.querySelector<HTMLButtonElement>(".side__toggle");
  const list = side.querySelector<HTMLElement>(".side__list");
  if (!toggle || !list) return;
  const set = (open: boolean): void => {
    side.classList.toggle("side--open", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  toggle.addEventListener("click", () => set(!side.classList.contains("side--open")));
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !side.classList.contains("side--open")) return;
    set(false);
    toggle.focus();
  });
  const here = list.querySelector<HTMLElement>("[aria-current]");
  if (here) list.scrollLeft += here.getBoundingClientRect().left - list.getBoundingClientRect().left - 16;
}
