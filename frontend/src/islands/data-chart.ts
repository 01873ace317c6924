/**
 * <data-chart data-kind="bars|lines" data-table="id">: draws the numbers of a table that stands beside it.
 *
 * The table is the truth and stays readable without scripts; the chart takes its heads, rows and numbers. Drawn as
 * SVG, so that it prints sharp; in the page's own colours, redrawn when they change or the page is refreshed.
 */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

interface Numbers {
  names: string[];
  series: { name: string; values: (number | null)[] }[];
}

/** Reads a table: its first column names, every other column with numbers is a series. */
function read(table: HTMLTableElement): Numbers {
  const heads = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent?.trim() ?? "");
  const rows = [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")];
  const cells = rows.map((row) => [...row.cells].map((cell) => cell.textContent?.trim() ?? ""));
  const number = (text: string): number | null => {
    const value = Number.parseFloat(text.replace(/,/g, ""));
    return Number.isFinite(value) ? value : null;
  };
  return {
    names: cells.map((row) => row[0] ?? ""),
    series: heads.slice(1).map((name, index) => ({ name, values: cells.map((row) => number(row[index + 1] ?? "")) })),
  };
}

class DataChart extends HTMLElement {
  private chart: ECharts | null = null;
  private stop: AbortController | null = null;
  private drawn = "";

  connectedCallback(): void {
    this.stop = new AbortController();
    const { signal } = this.stop;
    const draw = (): void => this.draw();
    window.addEventListener("resize", () => this.chart?.resize(), { signal });
    // Once it is drawn its table folds away; on paper both stand.
    let folded = false;
    window.addEventListener(
      "beforeprint",
      () => {
        this.chart?.resize();
        const table = this.table();
        folded = table !== null && !table.open;
        if (table) table.open = true;
      },
      { signal },
    );
    window.addEventListener("afterprint", () => { const table = this.table(); if (table && folded) table.open = false; }, { signal });
    document.addEventListener("htmx:afterSwap", draw, { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw(true), { signal });
    const looks = new MutationObserver(() => this.draw(true));
    looks.observe(document.documentElement, { attributes: true });
    signal.addEventListener("abort", () => looks.disconnect());
    draw();
  }

  disconnectedCallback(): void {
    this.stop?.abort();
    this.chart?.dispose();
    this.chart = null;
  }

  /** What folds the table beside it. */
  private table(): HTMLDetailsElement | null {
    return document.getElementById(this.dataset["table"] ?? "")?.closest("details") ?? null;
  }

  private draw(again = false): void {
    const table = document.getElementById(this.dataset["table"] ?? "");
    if (!(table instanceof HTMLTableElement)) return;
    const numbers = read(table);
    const key = JSON.stringify(numbers);
    if (!numbers.names.length || (!again && key === this.drawn)) return;
    this.drawn = key;
    this.hidden = false;
    if (!this.chart) {
      this.chart = init(this, null, { renderer: "svg" });
      const around = this.table();
      if (around) around.open = false;
    }
    const style = getComputedStyle(this);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const bars = this.dataset["kind"] === "bars";
    const category = { type: "category" as const, data: numbers.names, axisTick: { show: false } };
    const value = {
      type: "value" as const,
      minInterval: 1,
      splitLine: { lineStyle: { color: colour("--rule") } },
    };
    const label = { color: colour("--ink-soft"), fontFamily: style.fontFamily };
    this.chart.setOption(
      {
        animation: false,
        color: [colour("--accent"), colour("--ink-soft")],
        textStyle: { fontFamily: style.fontFamily, color: colour("--ink") },
        grid: { left: 8, right: 16, top: numbers.series.length > 1 ? 36 : 12, bottom: 8, containLabel: true },
        legend: { show: numbers.series.length > 1, top: 0, left: 0, textStyle: label },
        tooltip: { trigger: "axis", confine: true },
        xAxis: { ...(bars ? value : category), axisLabel: label },
        yAxis: { ...(bars ? { ...category, inverse: true } : value), axisLabel: label },
        series: numbers.series.map((one, index) => ({
          name: one.name,
          type: bars ? ("bar" as const) : ("line" as const),
          data: one.values,
          barMaxWidth: 22,
          symbol: index ? "emptyCircle" : "circle",
          symbolSize: 7,
          lineStyle: { type: index ? ("dashed" as const) : ("solid" as const), width: 2 },
          label: { show: bars, position: "right" as const, color: colour("--ink") },
        })),
      },
      true,
    );
  }
}

customElements.define("data-chart", DataChart);
