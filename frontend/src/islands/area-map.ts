/**
 * <area-map>: pan, zoom and keyboard for a map that the server has already drawn as SVG.
 *
 * Without JavaScript the shapes are links and the list beside them says the same. What is added here:
 * zoom buttons, wheel and pinch, dragging, arrow keys from shape to shape, the list and the map pointing
 * at each other, and finer tiles when one has zoomed in. Coordinates are Web-Mercator pixels at zoom 18
 * from `data-left`/`data-top`, as the server made them.
 */

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

const SVG = "http://www.w3.org/2000/svg";
const ZOOM = 18;
const TILE = 256;
const MOST_TILES = 30;
const FINEST = 12; // how many times closer than the whole

class AreaMap extends HTMLElement {
  private svg: SVGSVGElement | null = null;
  private whole: Box = { x: 0, y: 0, w: 1, h: 1 };
  private view: Box = { x: 0, y: 0, w: 1, h: 1 };
  private pointers = new Map<number, { x: number; y: number }>();
  private dragged = 0;
  private drawn = "";
  private stop: AbortController | null = null;

  connectedCallback(): void {
    const svg = this.querySelector("svg");
    if (!svg || this.stop) return;
    this.svg = svg;
    const base = svg.viewBox.baseVal;
    this.whole = { x: base.x, y: base.y, w: base.width, h: base.height };
    this.view = { ...this.whole };
    this.stop = new AbortController();
    const signal = this.stop.signal;
    this.addButtons(signal);
    svg.addEventListener("wheel", (event) => this.onWheel(event), { passive: false, signal });
    svg.addEventListener("pointerdown", (event) => this.onDown(event), { signal });
    svg.addEventListener("pointermove", (event) => this.onMove(event), { signal });
    // One finger belongs to the page; two belong to the map, or the browser would scroll with them.
    const both = (event: TouchEvent): void => void (event.touches.length > 1 && event.preventDefault());
    svg.addEventListener("touchmove", both, { signal, passive: false });
    for (const end of ["pointerup", "pointercancel", "pointerleave"] as const) {
      svg.addEventListener(end, (event) => this.pointers.delete(event.pointerId), { signal });
    }
    svg.addEventListener("click", (event) => this.onClick(event), { capture: true, signal });
    svg.addEventListener("keydown", (event) => this.onKey(event), { signal });
    for (const kind of ["pointerover", "focusin"] as const) {
      document.addEventListener(kind, (event) => this.point(event.target), { signal });
    }
    this.classList.add("is-live");
  }

  disconnectedCallback(): void {
    this.stop?.abort();
    this.stop = null;
    this.querySelector(".area-map__tools")?.remove();
  }

  private addButtons(signal: AbortSignal): void {
    const tools = document.createElement("div");
    tools.className = "area-map__tools";
    const buttons: [string, string, () => void][] = [
      ["＋", this.dataset["zoomIn"] ?? "+", () => this.zoom(0.6)],
      ["－", this.dataset["zoomOut"] ?? "-", () => this.zoom(1 / 0.6)],
      ["⤢", this.dataset["zoomReset"] ?? "0", () => this.show(this.whole)],
    ];
    for (const [sign, name, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "area-map__tool";
      button.textContent = sign;
      button.setAttribute("aria-label", name);
      button.title = name;
      button.addEventListener("click", act, { signal });
      tools.append(button);
    }
    this.append(tools);
  }

  /** World units under a point of the screen. */
  private at(clientX: number, clientY: number): { x: number; y: number } {
    const matrix = this.svg?.getScreenCTM()?.inverse();
    if (!matrix) return { x: 0, y: 0 };
    const point = new DOMPoint(clientX, clientY).matrixTransform(matrix);
    return { x: point.x, y: point.y };
  }

  private zoom(factor: number, around?: { x: number; y: number }): void {
    const view = this.view;
    const centre = around ?? { x: view.x + view.w / 2, y: view.y + view.h / 2 };
    const w = Math.min(Math.max(view.w * factor, this.whole.w / FINEST), this.whole.w);
    const scale = w / view.w;
    this.show({
      x: centre.x - (centre.x - view.x) * scale,
      y: centre.y - (centre.y - view.y) * scale,
      w,
      h: view.h * scale,
    });
  }

  private show(box: Box): void {
    const whole = this.whole;
    this.view = {
      ...box,
      x: Math.min(Math.max(box.x, whole.x), whole.x + whole.w - box.w),
      y: Math.min(Math.max(box.y, whole.y), whole.y + whole.h - box.h),
    };
    const { x, y, w, h } = this.view;
    this.svg?.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
    this.classList.toggle("is-zoomed", w < whole.w - 1);
    this.drawTiles();
  }

  private onWheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return; // the page keeps its own scrolling
    event.preventDefault();
    this.zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, this.at(event.clientX, event.clientY));
  }

  private onDown(event: PointerEvent): void {
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.dragged = 0;
  }

  private onMove(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const is = Math.hypot(now.x - other.x, now.y - other.y);
      if (was > 0 && is > 0) this.zoom(was / is, this.at((now.x + other.x) / 2, (now.y + other.y) / 2));
      this.shift({ x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 }, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else this.shift(before, now);
    this.dragged += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    this.pointers.set(event.pointerId, now);
  }

  /** Move what is seen along with a finger or the mouse; the whole map stays where it is. */
  private shift(before: { x: number; y: number }, now: { x: number; y: number }): void {
    if (this.view.w >= this.whole.w) return;
    const from = this.at(before.x, before.y);
    const to = this.at(now.x, now.y);
    this.show({ ...this.view, x: this.view.x + from.x - to.x, y: this.view.y + from.y - to.y });
  }

  /** A drag that ends on a shape is not a click on it. */
  private onClick(event: MouseEvent): void {
    if (this.dragged > 8) event.preventDefault();
    this.dragged = 0;
  }

  private onKey(event: KeyboardEvent): void {
    const step: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const direction = step[event.key];
    const here = (event.target as Element | null)?.closest<SVGAElement>("a[data-code]");
    if (event.key === "+" || event.key === "=") this.zoom(0.6);
    else if (event.key === "-") this.zoom(1 / 0.6);
    else if (event.key === "0") this.show(this.whole);
    else if (direction && here) this.nearest(here, direction)?.focus();
    else return;
    event.preventDefault();
  }

  /** The closest shape in a direction: straight ahead counts more than aside. */
  private nearest(from: SVGAElement, [dx, dy]: [number, number]): SVGAElement | null {
    const a = from.getBBox();
    let best: SVGAElement | null = null;
    let least = Infinity;
    for (const shape of this.querySelectorAll<SVGAElement>("a[data-code]")) {
      const b = shape.getBBox();
      const x = b.x + b.width / 2 - a.x - a.width / 2;
      const y = b.y + b.height / 2 - a.y - a.height / 2;
      const ahead = x * dx + y * dy;
      if (shape === from || ahead <= 0) continue;
      const cost = ahead + 2.5 * Math.abs(x * dy - y * dx);
      if (cost < least) [best, least] = [shape, cost];
    }
    return best;
  }

  /** The same place in the list and on the map light up together. */
  private point(target: EventTarget | null): void {
    const code = target instanceof Element ? target.closest<HTMLElement>("[data-code]")?.getAttribute("data-code") : null;
    for (const element of document.querySelectorAll("[data-code].is-pointed")) {
      if (element.getAttribute("data-code") !== code) element.classList.remove("is-pointed");
    }
    if (!code) return;
    for (const element of document.querySelectorAll(`[data-code="${CSS.escape(code)}"]`)) {
      element.classList.add("is-pointed");
    }
  }

  private drawTiles(): void {
    const template = this.dataset["tiles"];
    const layer = this.svg?.querySelector("[data-layer=tiles]");
    if (!template || !layer) return;
    const left = Number(this.dataset["left"]);
    const top = Number(this.dataset["top"]);
    for (let zoom = ZOOM; zoom > 0; zoom -= 1) {
      const size = TILE * 2 ** (ZOOM - zoom);
      const x0 = Math.floor((left + this.view.x) / size);
      const x1 = Math.floor((left + this.view.x + this.view.w) / size);
      const y0 = Math.floor((top + this.view.y) / size);
      const y1 = Math.floor((top + this.view.y + this.view.h) / size);
      if ((x1 - x0 + 1) * (y1 - y0 + 1) > MOST_TILES) continue;
      const key = [zoom, x0, x1, y0, y1].join();
      if (key === this.drawn) return;
      this.drawn = key;
      const images: SVGImageElement[] = [];
      for (let y = y0; y <= y1; y += 1) {
        for (let x = x0; x <= x1; x += 1) {
          const image = document.createElementNS(SVG, "image");
          const href = template.replace("{x}", `${x}`).replace("{y}", `${y}`).replace("{z}", `${zoom}`);
          image.setAttribute("href", href);
          image.setAttribute("x", `${x * size - left}`);
          image.setAttribute("y", `${y * size - top}`);
          image.setAttribute("width", `${size}`);
          image.setAttribute("height", `${size}`);
          images.push(image);
        }
      }
      layer.replaceChildren(...images);
      return;
    }
  }
}

customElements.define("area-map", AreaMap);
