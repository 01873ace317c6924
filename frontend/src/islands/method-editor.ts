/**
 * `<method-editor>` around the textarea of a method file: line numbers, and the problems at their lines in the margin.
 *
 * The server checks (htmx, as one types) and writes its list of problems into the page; every item carries
 * `data-line` and `data-severity`. The margin only repeats that list, so it is hidden from screen readers. Without
 * this script the form has a button 检查, and each problem names its line.
 */

const MARKS: Record<string, string> = { error: "✕", warning: "!" };

interface Mark {
  severity: string;
  text: string;
}

class MethodEditor extends HTMLElement {
  private area: HTMLTextAreaElement | null = null;
  private margin: HTMLElement | null = null;
  private lines = 0;

  connectedCallback(): void {
    this.area = this.querySelector("textarea");
    if (!this.area || this.margin) {
      return;
    }
    this.margin = document.createElement("div");
    this.margin.className = "editor__margin";
    this.margin.setAttribute("aria-hidden", "true");
    this.insertBefore(this.margin, this.firstChild);
    this.classList.add("editor--ready");
    this.area.addEventListener("input", () => this.number());
    this.area.addEventListener("scroll", () => this.follow());
    this.area.addEventListener("keydown", (event) => this.indent(event));
    document.addEventListener("htmx:afterSettle", this.redraw);
    document.addEventListener("click", this.goTo);
    this.redraw();
  }

  disconnectedCallback(): void {
    document.removeEventListener("htmx:afterSettle", this.redraw);
    document.removeEventListener("click", this.goTo);
  }

  /** Draws numbers and marks anew from the list of problems that the server wrote. */
  private redraw = (): void => {
    const marks = new Map<number, Mark>();
    document.querySelectorAll<HTMLElement>(`[data-problems-of="${this.id}"] [data-line]`).forEach((item) => {
      const line = Number(item.dataset["line"]);
      const before = marks.get(line);
      const severity = before?.severity === "error" ? "error" : (item.dataset["severity"] ?? "error");
      const text = item.textContent?.replace(/\s+/g, " ").trim() ?? "";
      marks.set(line, { severity, text: before ? `${before.text}\n${text}` : text });
    });
    this.draw(marks);
  };

  private draw(marks: Map<number, Mark>): void {
    if (!this.area || !this.margin) {
      return;
    }
    this.lines = this.area.value.split("\n").length;
    const rows = document.createDocumentFragment();
    for (let number = 1; number <= this.lines; number += 1) {
      const row = document.createElement("span");
      const mark = marks.get(number);
      row.textContent = mark ? `${MARKS[mark.severity] ?? "!"} ${number}` : String(number);
      if (mark) {
        row.className = `is-${mark.severity}`;
        row.title = mark.text;
      }
      rows.appendChild(row);
    }
    this.margin.replaceChildren(rows);
    this.follow();
  }

  /** While one types, only the count of lines can change at once; the marks wait for the next check. */
  private number(): void {
    if (this.area && this.area.value.split("\n").length !== this.lines) {
      this.redraw();
    }
  }

  private follow(): void {
    if (this.area && this.margin) {
      this.margin.scrollTop = this.area.scrollTop;
    }
  }

  /** Enter keeps the indentation of the line: YAML stands on it. Tab stays what it is for keyboard users. */
  private indent(event: KeyboardEvent): void {
    const area = this.area;
    if (!area || event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) {
      return;
    }
    const head = area.value.slice(0, area.selectionStart);
    const blanks = /^ */.exec(head.slice(head.lastIndexOf("\n") + 1))?.[0] ?? "";
    if (!blanks) {
      return;
    }
    event.preventDefault();
    area.setRangeText(`\n${blanks}`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** A problem's “第 12 行” puts the cursor there. */
  private goTo = (event: Event): void => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-go-to-line]") : null;
    if (!link || !this.area) {
      return;
    }
    event.preventDefault();
    const line = Number(link.dataset["goToLine"]);
    const before = this.area.value.split("\n").slice(0, line - 1);
    const start = before.reduce((sum, text) => sum + text.length + 1, 0);
    const end = this.area.value.indexOf("\n", start);
    this.area.focus();
    this.area.setSelectionRange(start, end < 0 ? this.area.value.length : end);
    const height = this.area.scrollHeight / Math.max(this.lines, 1);
    this.area.scrollTop = Math.max(0, (line - 6) * height);
    this.follow();
  };
}

customElements.define("method-editor", MethodEditor);
