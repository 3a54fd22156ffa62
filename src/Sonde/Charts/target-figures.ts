import type { LiveRow, TargetDetails, WindowSummary } from "./api";
import { count, ms, percent, uptime } from "./figures";
import { onLive, wantTarget } from "./live";
import { localText } from "./local-time";
import { setText, showState } from "./state-mark";

/** `<target-figures data-id>`: keeps the state and the windows of a target's page up to date. */
class TargetFigures extends HTMLElement {
  #fetchedAt = 0;
  #isFetching = false;

  connectedCallback(): void {
    const id = this.dataset["id"] ?? "";
    onLive("rows", live => {
      const row = live.rows.find(one => one.id === id);
      if (row) {
        this.#showRow(row);
        void this.#fetchWindows(id);
      }
    });
    wantTarget(id);
  }

  #showRow(row: LiveRow): void {
    showState(this, row.state);
    setText(this.querySelector("[data-figure=uptime]"), uptime(row.uptimeRatio));
    setText(this.querySelector("[data-figure=since]"),
      row.stateSince === null ? "" : `since ${localText(new Date(row.stateSince))}`);
    setText(this.querySelector("[data-figure=problem]"), row.problem ?? "");
  }

  /** The windows move by themselves, too; every three seconds is often enough to read them. */
  async #fetchWindows(id: string): Promise<void> {
    if (this.#isFetching || Date.now() - this.#fetchedAt < 2_900) {
      return;
    }
    this.#isFetching = true;
    try {
      const response = await fetch(`api/v1/targets/${encodeURIComponent(id)}`);
      if (response.ok) {
        this.#showWindows(await response.json() as TargetDetails);
      }
    } catch {
      // the server is away: the light says so, and the next row asks again
    } finally {
      this.#fetchedAt = Date.now();
      this.#isFetching = false;
    }
  }

  #showWindows(details: TargetDetails): void {
    setText(this.querySelector("[data-figure=missed]"), missedAndLate(details.target));
    for (const series of details.series) {
      const panel = this.querySelector(`[data-series="${series.family}"]`);
      if (panel) {
        showState(panel, series.state);
        setText(panel.querySelector("[data-figure=family-uptime]"), uptime(series.uptimeRatio));
      }
      for (const window of series.windows) {
        for (const cell of this.querySelectorAll<HTMLElement>(`[data-window^="${series.family}/${window.minutes}/"]`)) {
          setText(cell, textOf(window, (cell.dataset["window"] ?? "").split("/")[2] ?? ""));
        }
      }
      this.#showLosses(series.family, series.windows.at(-1));
    }
  }

  #showLosses(family: number, hour: WindowSummary | undefined): void {
    const place = this.querySelector(`[data-losses="${family}"]`);
    if (!place || !hour || hour.losses.length === 0) {
      return;
    }
    const heading = document.createElement("h3");
    heading.textContent = "Lost in the last hour, and why";
    const list = document.createElement("ul");
    for (const loss of hour.losses) {
      const item = list.appendChild(document.createElement("li"));
      const number = item.appendChild(document.createElement("b"));
      number.className = "number";
      number.textContent = count(loss.count);
      item.append(` ${loss.meaning} `);
      const word = item.appendChild(document.createElement("small"));
      word.className = "mono";
      word.textContent = loss.reason;
    }
    place.replaceChildren(heading, list);
  }
}

/** What MissedAndLate.cs says. */
function missedAndLate(target: { readonly missedRounds: number; readonly lateAnswers: number }): string {
  const parts = [counted(target.missedRounds, "round", "missed"), counted(target.lateAnswers, "answer", "too late")]
    .filter(part => part !== "");
  return parts.length === 0 ? "" : `${parts.join(", ")} in the last hour`;
}

function counted(number: number, one: string, what: string): string {
  return number === 0 ? "" : `${count(number)} ${one}${number === 1 ? "" : "s"} ${what}`;
}

function textOf(window: WindowSummary, figure: string): string {
  const value = window[figure] as number | null;
  return figure === "lossRatio" ? percent(value) : figure.endsWith("Ms") ? ms(value) : count(value ?? 0);
}

customElements.define("target-figures", TargetFigures);
