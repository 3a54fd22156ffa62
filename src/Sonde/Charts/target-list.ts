import type { LatestFigures, LiveRow } from "./api";
import { count, ms, percent } from "./figures";
import { onLive, wantRows } from "./live";
import { showState, setText } from "./state-mark";

/**
 * `<target-list>`: moves the rows that the server wrote, and filters while one types, by the same addresses as without
 * script.
 */
class TargetList extends HTMLElement {
  #rows = new Map<string, HTMLElement[]>();
  /** What was heard since the stream last began: the server's picture may be a second older. */
  readonly #heard = new Map<string, LiveRow>();
  #fetching = new AbortController();
  #typing: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    this.classList.add("scripted");
    this.#findRows();
    this.addEventListener("input", event => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) {
        clearTimeout(this.#typing);
        this.#typing = setTimeout(() => void this.#filter(), event.target instanceof HTMLInputElement ? 80 : 0);
      }
    });
    this.addEventListener("submit", event => { event.preventDefault(); void this.#filter(); });
    onLive("rows", live => {
      for (const row of live.rows) {
        this.#heard.set(row.id, row);
        this.#show(row);
      }
      for (const total of this.querySelectorAll<HTMLElement>("[data-count]")) {
        const number = live.totals[total.dataset["count"] ?? ""] ?? 0;
        setText(total, count(number));
        total.closest(".total")?.classList.toggle("zero", number === 0);
      }
    });
    onLive("reset", () => {
      this.#heard.clear();
      void this.#replace(new URL(location.href), false);
    });
    wantRows();
  }

  disconnectedCallback(): void { this.#fetching.abort(); }

  #findRows(): void {
    this.#rows = Map.groupBy(this.querySelectorAll<HTMLElement>("tr[data-id]"), row => row.dataset["id"] ?? "");
  }

  async #filter(): Promise<void> {
    const form = this.querySelector("form");
    if (!form) {
      return;
    }
    const address = new URL(document.baseURI);
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && value !== "") {
        address.searchParams.set(name, value);
      }
    }
    await this.#replace(address, true);
  }

  /** Fetches the page of an address and takes over its rows: the server filters, so that there is one rule. */
  async #replace(address: URL, isNew: boolean): Promise<void> {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    try {
      const response = await fetch(address, { signal: this.#fetching.signal, headers: { accept: "text/html" } });
      if (!response.ok) {
        return;
      }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of ["rows", "summary"]) {
        const fresh = page.querySelector(`target-list [data-part=${part}]`);
        if (fresh) {
          this.querySelector(`[data-part=${part}]`)?.replaceWith(document.adoptNode(fresh));
        }
      }
      this.#findRows();
      this.#heard.forEach(row => this.#show(row));
      if (isNew) {
        history.replaceState(null, "", address);
      }
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) {
        return;   // the server is away: what stands here stays, and the light says so
      }
    }
  }

  #show(row: LiveRow): void {
    for (const element of this.#rows.get(row.id) ?? []) {
      showState(element, row.state);
      setText(element.querySelector("[data-figure=problem]"), row.problem ?? "");
      (row.families.length > 0 ? row.families : [row]).forEach((line, place) => showLine(element, line, place));
      row.traces?.forEach((trace, place) => {
        const drawing = element.querySelectorAll(".trace")[place];
        drawing?.querySelector(".line")?.setAttribute("d", trace.line);
        drawing?.querySelector(".suspect")?.setAttribute("d", trace.suspect);
        drawing?.querySelector(".lost")?.setAttribute("d", trace.lost);
      });
    }
  }
}

/** Shows the figures of one line of a row: a target over both IP versions has two. */
function showLine(row: HTMLElement, line: LatestFigures, place: number): void {
  const cell = (figure: string): Element | null =>
    row.querySelectorAll(`[data-figure=${figure}] > span`)[place] ?? null;
  const last = cell("last");
  setText(last, line.lastLoss === null ? ms(line.lastRttMs) : "lost");
  if (last) {
    last.className = line.lastLoss !== null ? "lost" : line.lastSuspect ? "suspect" : "";
  }
  setText(cell("median"), ms(line.medianMs));
  setText(cell("p95"), ms(line.p95Ms));
  setText(cell("jitter"), ms(line.jitterMs));
  setText(cell("loss"), percent(line.lossRatio));
  cell("loss")?.classList.toggle("some", (line.lossRatio ?? 0) > 0);
}

customElements.define("target-list", TargetList);
