import uPlot from "uplot";
import type { ChartSamples, Mark } from "./api";
import { ms } from "./figures";
import { onLive } from "./live";
import { SampleTrack, toColumns, type Point } from "./sample-track";

const span = 15 * 60_000;
const hint = "Point at a sample to read it.";

/**
 * `<latency-chart data-id data-interval>`: replaces the server's drawing by a live one. Losses stand as red ticks over
 * the plot, gaps stay empty, suspect samples are hollow. Without script the drawing stays.
 */
class LatencyChart extends HTMLElement {
  readonly #track = new SampleTrack();
  #marks: Mark[] = [];
  #points: readonly (Point | null)[] = [];
  #plot: uPlot | undefined;
  #families = "";
  #isDue = false;
  #words: HTMLElement | undefined;

  connectedCallback(): void {
    const id = this.dataset["id"] ?? "";
    onLive("samples", samples => {
      const own = samples.filter(sample => sample.target === id);
      if (own.length > 0) {
        this.#track.addSamples(own);
        this.dataset["newest"] = String(own.at(-1)?.sentAtMs ?? "");
        this.#redraw();
      }
    });
    onLive("reset", () => void this.#fetch(id, span));
    void this.#fetch(id, span);
    // What was on its way into the store during the first fetch and arrived before the live connection stood:
    setTimeout(() => void this.#fetch(id, 30_000), 3_000);
    document.addEventListener("theme-change", () => this.#rebuild());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#rebuild());
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this);
    setInterval(() => { if (this.#plot) { this.#redraw(); } }, 1_000);
  }

  async #fetch(id: string, length: number): Promise<void> {
    const from = new Date(Date.now() - length).toISOString();
    try {
      const response = await fetch(`api/v1/targets/${encodeURIComponent(id)}/samples?${new URLSearchParams({ from })}`);
      if (!response.ok) {
        return;
      }
      const chart = await response.json() as ChartSamples;
      chart.series.forEach(series => this.#track.addColumns(series));
      if (length === span) {
        this.#marks = chart.marks;
      }
      this.#redraw();
    } catch {
      // the server is away: the light says so, and a reset follows when it is back
    }
  }

  /** Draws at most once a frame, whatever arrives. */
  #redraw(): void {
    if (this.#isDue || document.hidden) {
      return;
    }
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw(): void {
    const now = Date.now();
    this.#track.forgetBefore(now - span - 5_000);
    const families = this.#track.families().join();
    if (families !== this.#families || !this.#plot) {
      this.#families = families;
      this.#rebuild();
      return;
    }
    this.dataset["drawn"] = String(this.#track.points.length);
    const { data, points } = toColumns(this.#track, Number(this.dataset["interval"] ?? 1) * 1000);
    this.#points = points;
    this.#plot.setData(data as uPlot.AlignedData, false);
    const plot = this.#plot;
    plot.batch(() => {
      plot.setScale("x", { min: (now - span) / 1000, max: now / 1000 });
      plot.setScale("y", { min: 0, max: ceiling(this.#track.points) });
    });
  }

  #rebuild(): void {
    this.#plot?.destroy();
    const place = document.createElement("div");
    this.#words = document.createElement("p");
    this.#words.className = "chart-words";
    this.#words.textContent = hint;
    this.replaceChildren(place, this.#words);
    this.#plot =
      new uPlot(this.#options(), [[], ...this.#track.families().map(() => [])] as unknown as uPlot.AlignedData, place);
    this.#draw();
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(this.clientWidth, 240), height: this.clientWidth < 560 ? 220 : 300 };
  }

  #options(): uPlot.Options {
    const colour = (name: string): string => this.#colour(name);
    const [ink, line] = [colour("--chart-ink"), colour("--chart-line")];
    const axis =
      { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    return {
      ...this.#size(),
      padding: [22, 24, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { time: true, auto: false }, y: { auto: false } },
      axes: [
        { ...axis, size: 28, values: (_, times) =>
          times.map(time => new Date(time * 1000).toLocaleTimeString("en-GB").slice(0, 5)) },
        { ...axis, size: 46, values: (_, values) =>
          values.map(value => value === 0 ? "0" : Number(value.toPrecision(3)).toString()) },
      ],
      series: [{}, ...this.#track.families().map((family): uPlot.Series => ({
        stroke: colour(`--family-${family}`), width: 1.25, spanGaps: false,
        points: { show: this.#track.points.length < this.clientWidth, size: 3.5, fill: colour(`--family-${family}`),
          width: 0 },
      }))],
      hooks: {
        draw: [plot => this.#drawMarks(plot, ink), plot =>
          this.#drawLosses(plot, colour("--down")), plot => this.#drawSuspect(plot, colour)],
        setCursor: [plot => this.#say(plot)],
      },
    };
  }

  /** A colour of the page for the canvas, which knows neither variables nor `light-dark()`. */
  #colour(name: string): string {
    this.style.color = `var(${name})`;
    const colour = getComputedStyle(this).color;
    this.style.color = "";
    return colour;
  }

  #drawLosses(plot: uPlot, red: string): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = red;
    ctx.lineWidth = Math.max(1.5, 1.5 * devicePixelRatio);
    ctx.beginPath();
    for (const point of this.#track.points) {
      const x = plot.valToPos(point.at / 1000, "x", true);
      if (point.loss !== null && x >= bbox.left) {
        ctx.moveTo(x, bbox.top - 15 * devicePixelRatio);
        ctx.lineTo(x, bbox.top - 3 * devicePixelRatio);
      }
    }
    ctx.stroke();
    ctx.restore();
  }

  #drawSuspect(plot: uPlot, colour: (name: string) => string): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = colour("--panel");
    ctx.strokeStyle = colour("--suspect");
    ctx.lineWidth = 1.25 * devicePixelRatio;
    for (const point of this.#track.points) {
      const x = plot.valToPos(point.at / 1000, "x", true);
      if (point.suspect && point.rttMs !== null && x >= bbox.left) {
        ctx.beginPath();
        ctx.arc(x, plot.valToPos(point.rttMs, "y", true), 2.8 * devicePixelRatio, 0, 2 * Math.PI);
        ctx.fill();
        ctx.stroke();
      }
    }
    ctx.restore();
  }

  #drawMarks(plot: uPlot, ink: string): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = ink;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    for (const mark of this.#marks) {
      const x = plot.valToPos(mark.atMs / 1000, "x", true);
      if (x >= bbox.left && x <= bbox.left + bbox.width) {
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
      }
    }
    ctx.restore();
  }

  /** Says in words what lies under the pointer: the sample, and a mark nearby. */
  #say(plot: uPlot): void {
    const place = plot.cursor.idx;
    const point = place === null || place === undefined ? null : this.#points[place];
    if (!this.#words) {
      return;
    }
    if (!point) {
      this.#words.textContent = hint;
      return;
    }
    const time = `${new Date(point.at).toLocaleTimeString("en-GB")}.${String(point.at % 1000).padStart(3, "0")}`;
    const value = point.rttMs === null ? `lost: ${point.loss ?? ""}`
      : `${ms(point.rttMs)} ms${point.suspect ? ", suspect" : ""}`;
    const near =
      this.#marks.find(mark => Math.abs(plot.valToPos(mark.atMs / 1000, "x") - (plot.cursor.left ?? -99)) < 6);
    const over = this.dataset["kind"] === "push" ? "job" : `IPv${point.family}`;
    this.#words.textContent = `${time}  ${over}  ${value}${near ? `  ·  ${near.text}` : ""}`;
  }
}

/** The top of the scale: a little over the highest point, and never so low that noise looks like a mountain. */
function ceiling(points: readonly Point[]): number {
  let highest = 0;
  for (const point of points) {
    highest = Math.max(highest, point.rttMs ?? 0);
  }
  return highest === 0 ? 1 : highest * 1.08;
}

customElements.define("latency-chart", LatencyChart);
