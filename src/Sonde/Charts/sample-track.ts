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
        rttMs: columns.rttMs[place] ?? null, loss: columns.loss[place] ?? null,
        suspect: columns.suspect[place] ?? false,
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

/** From the last answer before a loss or a gap to the first one after it: no line may cross. */
interface Break { readonly from: number; readonly to: number }

function findBreaks(points: readonly Point[], intervalMs: number): Break[] {
  const breaks: Break[] = [];
  let answeredAt: number | undefined;
  let isLost = false;
  for (const point of points) {
    if (point.rttMs === null) {
      isLost = true;
      continue;
    }
    if (answeredAt !== undefined && (isLost || point.at - answeredAt > 2.5 * intervalMs)) {
      breaks.push({ from: answeredAt, to: point.at });
    }
    answeredAt = point.at;
    isLost = false;
  }
  return breaks;
}

/** What uPlot draws: times in seconds, a row for each family, and the sample that stands at each place. */
export interface ChartColumns {
  readonly data: [number[], ...(number | null | undefined)[][]];
  readonly points: readonly (Point | null)[];
}

/** In a row null breaks the line, and undefined (a sample of the other family) does not. */
export function toColumns(track: SampleTrack, intervalMs: number): ChartColumns {
  const families = track.families();
  const breaks = families.map(family => findBreaks(track.points.filter(point => point.family === family), intervalMs));
  const places: { readonly at: number; readonly point: Point | null }[] =
    track.points.map(point => ({ at: point.at, point }));
  for (const one of breaks.flat()) {
    places.push({ at: (one.from + one.to) / 2, point: null });
  }
  places.sort((one, other) => one.at - other.at);
  const rows = families.map((family, row) => {
    const own = breaks[row] ?? [];
    let next = 0;
    return places.map(({ at, point }) => {
      if (point?.family === family) {
        return point.rttMs;
      }
      while (next < own.length && (own[next]?.to ?? 0) <= at) {
        next++;
      }
      return (own[next]?.from ?? Infinity) < at ? null : undefined;
    });
  });
  return { data: [places.map(place => place.at / 1000), ...rows], points: places.map(place => place.point) };
}
