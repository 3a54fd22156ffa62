import type { LiveRows, Sample } from "./api";

/** What the connection tells its pages. */
export type LiveMessage =
  | { readonly kind: "samples"; readonly samples: Sample[] }
  | { readonly kind: "rows"; readonly rows: LiveRows }
  | { readonly kind: "reset" }
  | { readonly kind: "status"; readonly status: "live" | "waiting" };

/** What a page wants to hear. */
export interface LiveWish {
  /** Whose samples. */
  readonly targets: readonly string[];
  /** True for the rows of all targets. */
  readonly rows: boolean;
}

/** The one connection of a browser: follows what its pages want, and resumes after the last event that it has seen. */
export class LiveConnection {
  #source: EventSource | undefined;
  #address = "";
  #after = "";
  readonly #base: string;
  readonly #tell: (message: LiveMessage) => void;

  constructor(base: string, tell: (message: LiveMessage) => void) {
    this.#base = base;
    this.#tell = tell;
  }

  /** Connects for these wishes; closes when there are none. */
  follow(wishes: readonly LiveWish[]): void {
    const address = wishes.length === 0 ? "" : this.#addressFor(wishes);
    if (address === this.#address) {
      return;
    }
    this.#source?.close();
    this.#source = undefined;
    this.#address = address;
    if (address !== "") {
      this.#open(address);
    }
  }

  #addressFor(wishes: readonly LiveWish[]): string {
    const query = new URLSearchParams();
    for (const target of [...new Set(wishes.flatMap(wish => wish.targets))].sort().slice(0, 16)) {
      query.append("target", target);
    }
    if (wishes.some(wish => wish.rows)) {
      query.set("rows", "all");
    }
    return `${this.#base}api/v1/live?${query}`;
  }

  #open(address: string): void {
    const source = new EventSource(this.#after === "" ? address : `${address}&after=${this.#after}`);
    this.#source = source;
    source.onopen = () => this.#tell({ kind: "status", status: "live" });
    source.onerror = () => {
      this.#tell({ kind: "status", status: "waiting" });
      if (source.readyState === EventSource.CLOSED && this.#source === source) {
        setTimeout(() => { if (this.#source === source) { this.#open(address); } }, 5_000);
      }
    };
    source.addEventListener("samples", event =>
      this.#take(event, samples => ({ kind: "samples", samples: samples as Sample[] })));
    source.addEventListener("targets", event => this.#take(event, rows => ({ kind: "rows", rows: rows as LiveRows })));
    source.addEventListener("reset", event => this.#take(event, () => ({ kind: "reset" })));
  }

  #take(event: MessageEvent<string>, read: (content: unknown) => LiveMessage): void {
    if (event.lastEventId !== "") {
      this.#after = event.lastEventId;
    }
    this.#tell(read(JSON.parse(event.data)));
  }
}
