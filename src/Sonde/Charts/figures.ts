// Numbers as the server's Figure.cs writes them: a test compares the two.

export function ms(value: number | null): string {
  return value === null ? "–"
    : value < 0.9995 ? value.toFixed(3)
    : value < 9.995 ? value.toFixed(2)
    : value < 99.95 ? value.toFixed(1)
    : value.toFixed(0);
}

export function percent(ratio: number | null): string {
  return ratio === null ? "–"
    : ratio === 0 ? "0 %"
    : ratio === 1 ? "100 %"
    : ratio < 0.001 ? "< 0.1 %"
    : ratio > 0.999 ? "> 99.9 %"
    : `${(ratio * 100).toFixed(1)} %`;
}

export function uptime(ratio: number | null): string {
  return ratio === null ? "–" : ratio === 1 ? "100 %" : `${(Math.floor(ratio * 100_000) / 1_000).toFixed(3)} %`;
}

export function count(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
