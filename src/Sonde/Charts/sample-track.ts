import type { Sample, SampleColumns } from "./api";

/** One sample as the chart keeps it; times in milliseconds since 1970. */
export interface Point {
  readonly family: number;
  readonly round: number;
  readonly index: number;
  readonly at: number;
  readonly rttMs: number | null;
  readonly loss: string | null;
  readonly suspect: boolean;
}

/** The samples of one target in time order, each once: what is fetched and what arrives live may overlap. */
export class SampleTrack {
  points: Point[] = [];
  readonly #known = new Set<string>();

  addColumns(columns: SampleColumns): void {
    for (const [place, at] of columns.sentAtMs.entries()) {
      this.#add({
        family: columns.family, round: columns.round[place] ?? 0, index: columns.index[place] ?? 0, at,
        rttMs: columns.rttMs[place] ?? null, loss: columns.loss[place] ?? null, suspect: columns.suspect[place] ?? false,
      });
    }
    this.#sort();
  }

  addSamples(samples: readonly Sample[]): void {
    for (const sample of samples) {
      this.#add({ ...sample, at: sample.sentAtMs });
    }
    this.#sort();
  }

  /** Forgets what is older than this instant. */
  forgetBefore(at: number): void {
    const first = this.points.findIndex(point => point.at >= at);
    for (const point of this.points.splice(0, first < 0 ? this.points.length : first)) {
      this.#known.delete(keyOf(point));
    }
  }

  families(): number[] {
    return [...new Set(this.points.map(point => point.family))].sort();
  }

  #add(point: Point): void {
    const key = keyOf(point);
    if (!this.#known.has(key)) {
      this.#known.add(key);
      this.points.push(point);
    }
  }

  #sort(): void {
    this.points.sort((one, other) => one.at - other.at);
  }
}

function keyOf(point: Point): string {
  return `${point.family}/${point.round}/${point.index}`;
}

/**
 * What uPlot draws: times in seconds, and a row for each family. In a row null breaks the line (a loss, or the place of a gap) and
 * undefined does not (a sample of the other family).
 */
export function toColumns(track: SampleTrack, intervalMs: number): { data: [number[], ...(number | null | undefined)[][]]; points: (Point | null)[] } {
  const families = track.families();
  const times: number[] = [];
  const rows: (number | null | undefined)[][] = families.map(() => []);
  const points: (Point | null)[] = [];
  const lastAt = new Map<number, number>();
  const push = (at: number, row: number, value: number | null, point: Point | null): void => {
    times.push(at / 1000);
    points.push(point);
    rows.forEach((values, place) => values.push(place === row ? value : undefined));
  };
  for (const point of track.points) {
    const row = families.indexOf(point.family);
    const before = lastAt.get(point.family);
    if (before !== undefined && point.at - before > 2.5 * intervalMs) {
      push(before + 1, row, null, null);
      if (times.length > 1 && (times.at(-2) ?? 0) > (times.at(-1) ?? 0)) {
        times[times.length - 1] = times.at(-2) ?? 0;
      }
    }
    push(point.at, row, point.rttMs, point);
    lastAt.set(point.family, point.at);
  }
  return { data: [times, ...rows], points };
}
