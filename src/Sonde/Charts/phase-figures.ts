import type { PhaseSummary } from "./api";
import { count, ms } from "./figures";
import { setText } from "./state-mark";

const figures = ["last", "median", "p95", "lost"];

/**
 * Shows the phases in the bars and tables that the server drew, as PhasePanel.razor does.
 * False when they are others than drawn: then the server must draw anew.
 */
export function showPhases(root: ParentNode, phases: readonly PhaseSummary[]): boolean {
  const parts = new Map([...root.querySelectorAll<SVGRectElement>("[data-phase-part]")]
    .map(part => [part.dataset["phasePart"], part]));
  if (parts.size !== phases.length || phases.some(phase => !parts.has(keyOf(phase)))) {
    return false;
  }
  const sums = new Map<number, number>();
  for (const phase of phases) {
    sums.set(phase.family, (sums.get(phase.family) ?? 0) + (phase.medianMs ?? 0));
  }
  const longest = Math.max(...sums.values());
  const starts = new Map<number, number>();
  for (const phase of phases) {
    const start = starts.get(phase.family) ?? 0;
    const width = longest > 0 ? (phase.medianMs ?? 0) * 1_000 / longest : 0;
    parts.get(keyOf(phase))?.setAttribute("x", place(start));
    parts.get(keyOf(phase))?.setAttribute("width", place(width));
    starts.set(phase.family, start + width);
    for (const figure of figures) {
      const cell = root.querySelector(`[data-phase="${keyOf(phase)}/${figure}"]`);
      setText(cell, textOf(phase, figure));
      cell?.classList.toggle("lost",
        figure === "last" ? phase.lastLoss !== null : figure === "lost" && phase.lost > 0);
    }
  }
  for (const [family, sum] of sums) {
    const isMeasured = phases.some(phase => phase.family === family && phase.medianMs !== null);
    setText(root.querySelector(`[data-phase-sum="${family}"]`), ms(isMeasured ? sum : null));
  }
  return true;
}

function keyOf(phase: PhaseSummary): string {
  return `${phase.family}/${phase.phase}`;
}

function place(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function textOf(phase: PhaseSummary, figure: string): string {
  switch (figure) {
    case "last": return phase.lastLoss === null ? ms(phase.lastMs) : "lost";
    case "median": return ms(phase.medianMs);
    case "p95": return ms(phase.p95Ms);
    default: return phase.lost === 0 ? "0"
      : phase.losses.map(loss => `${count(loss.count)} ${loss.reason}`).join(", ");
  }
}
